/** The verbs of whoever looks after the department: the audit log, connection checks, the first steps. */
import { http, query } from './client';
import type * as T from './types';

export const audit = {
  list: (filter: { q?: string; cursor?: string | null; limit?: number }, signal?: AbortSignal) =>
    http.get<T.Page<T.AuditEntry>>(`/audit${query(filter)}`, signal ? { signal } : {}),
};

export const checks = {
  /** As it is kept, or as it is about to be; a kept password goes to its own server only. */
  inbox: (id: number, form: Partial<T.InboxForm> = {}) =>
    http.post<T.InboxCheck>(`/inboxes/${id}/test`, form),
  /** Before there is an inbox at all. */
  form: (form: Partial<T.InboxForm>) => http.post<T.InboxCheck>('/inboxes/test', form),
};

export const firstRun = {
  state: () => http.get<T.FirstRun>('/first-run'),
  dismiss: () => http.post<void>('/first-run/dismiss'),
  show: () => http.post<void>('/first-run/show'),
};
