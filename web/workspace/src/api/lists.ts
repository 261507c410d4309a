/** The verbs around lists: the filter language, stored views, actions on many tickets. */
import { http, query } from './client';
import type * as T from './types';

const asked = (signal?: AbortSignal) => (signal ? { signal } : {});

/** So many rows a list begins with. */
export const firstRows = 50;

export interface ListAsk {
  q?: string;
  limit?: number;
  cursor?: string | null;
  skip?: number;
  sort?: string;
}
export const listPath = ({ q, sort, limit, cursor, skip }: ListAsk) =>
  `/tickets${query({ q, sort, limit, cursor, skip })}`;

export const filter = {
  read: (q: string, signal?: AbortSignal) => http.get<T.ReadFilter>(`/filter${query({ q })}`, asked(signal)),
  write: (terms: T.Term[]) => http.post<{ q: string }>('/filter', { terms }),
  completions: (q: string, at: number, signal?: AbortSignal) =>
    http.get<T.Completions>(`/filter/completions${query({ q, at })}`, asked(signal)),
  keys: () => http.get<T.Items<T.FilterKey>>('/filter/keys'),
};

export const views = {
  all: () => http.get<T.Items<T.View>>('/views'),
  add: (body: T.ViewForm) => http.post<T.View>('/views', body),
  change: (key: string, body: Partial<T.ViewForm>, version: number) =>
    http.patch<T.View>(`/views/${encodeURIComponent(key)}`, { ...body, version }),
  drop: (key: string) => http.delete(`/views/${encodeURIComponent(key)}`),
  order: (keys: string[], hidden: string[]) => http.put<void>('/views/order', { keys, hidden }),
};

export const mass = {
  preview: (target: T.MassTarget, action: T.MassChange) =>
    http.post<T.MassPreview>('/tickets/mass/preview', { ...target, action }),
  start: (target: T.MassTarget, action: T.MassChange, expected: number, key: string) =>
    http.post<T.MassAction>('/mass-actions', { ...target, action, expected }, { key }),
  mine: () => http.get<T.Items<T.MassAction>>('/mass-actions'),
  one: (id: number) => http.get<T.MassAction>(`/mass-actions/${id}`),
  cancel: (id: number) => http.post<T.MassAction>(`/mass-actions/${id}/cancel`),
  undo: (id: number) => http.post<T.MassAction>(`/mass-actions/${id}/undo`),
};
