/** The verbs of whoever looks after the department: the audit log, connection checks, the first steps. */
import { http, query } from './client';
import type * as T from './types';

export const audit = {
  list: (filter: { q?: string; cursor?: string | null; limit?: number }, signal?: AbortSignal) =>
    http.get<T.Page<T.AuditEntry>>(`/audit${query(filter)}`, signal ? { signal } : {}),
};

export const checks = {
  inbox: (id: number) => http.post<T.InboxCheck>(`/inboxes/${id}/test`),
  /** Before it is saved; with the id of a kept inbox its kept passwords are used where the form has none. */
  form: (form: Partial<T.InboxForm>, id?: number) =>
    http.post<T.InboxCheck>('/inboxes/test', { ...form, ...(id !== undefined && { id }) }),
};

export const firstRun = {
  state: () => http.get<T.FirstRun>('/first-run'),
  dismiss: () => http.post<void>('/first-run/dismiss'),
};
