/** The verbs of deadlines: the policies that promise, and the clocks of a ticket. */
import { http } from './client';
import { ApiError } from './error';
import type * as T from './types';

export const clocksPath = (ticket: number) => `/tickets/${ticket}/sla`;

export const sla = {
  clocks: (ticket: number) => http.get<T.Items<T.TicketClock>>(clocksPath(ticket)),
  promise: (ticket: number, due_at: string) => http.put<void>(`/tickets/${ticket}/promise`, { due_at }),
  withdraw: (ticket: number) => http.delete(`/tickets/${ticket}/promise`),
  policies: () => http.get<T.Items<T.SlaPolicy>>('/sla/policies'),
  add: (body: T.SlaPolicyForm) => http.post<T.SlaPolicy>('/sla/policies', body),
  change: (id: number, body: T.SlaPolicyForm) => http.put<T.SlaPolicy>(`/sla/policies/${id}`, body),
  drop: (id: number) => http.delete(`/sla/policies/${id}`),
  order: (ids: number[]) => http.put<T.Items<T.SlaPolicy>>('/sla/policies/order', { ids }),
  /** Nothing where the server keeps no calendars. */
  calendars: async (): Promise<T.SlaCalendar[]> => {
    try {
      return (await http.get<T.Items<T.SlaCalendar>>('/calendars')).items;
    } catch (error) {
      if (error instanceof ApiError && (error.status === 404 || error.status === 403)) return [];
      throw error;
    }
  },
};
