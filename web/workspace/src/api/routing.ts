/** The verbs of routing: which ticket goes where, and who takes how much. */
import { http } from './client';
import type * as T from './types';

export const routing = {
  routes: () => http.get<T.Items<T.TicketRoute>>('/routes'),
  add: (body: T.RouteForm) => http.post<T.TicketRoute>('/routes', body),
  change: (id: number, body: T.RouteForm) => http.put<T.TicketRoute>(`/routes/${id}`, body),
  drop: (id: number) => http.delete(`/routes/${id}`),
  order: (ids: number[]) => http.put<T.Items<T.TicketRoute>>('/routes/order', { ids }),
  classes: () => http.get<T.Items<T.QuestionClass>>('/question-classes'),
  people: () => http.get<T.Items<T.Worker>>('/routing/people'),
  changePerson: (agent: number, body: T.WorkerForm) => http.put<void>(`/routing/people/${agent}`, body),
  away: (away: boolean) => http.put<void>('/me/away', { away }),
};
