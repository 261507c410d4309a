/** The verbs of side conversations. */
import { http, query } from './client';
import type * as T from './types';

export const talks = {
  of: (ticket: number) => http.get<T.Items<T.Talk>>(`/tickets/${ticket}/talks`),
  begin: (ticket: number, body: T.NewTalk, key: string) =>
    http.post<T.TalkPage>(`/tickets/${ticket}/talks`, body, { key }),
  /** Marks it read for me. */
  open: (id: number, cursor?: string | null) => http.get<T.TalkPage>(`/talks/${id}${query({ cursor })}`),
  write: (id: number, body: { body_html: string; attachments: number[] }, key: string) =>
    http.post<T.TalkMessage>(`/talks/${id}/messages`, body, { key }),
  change: (id: number, changes: T.TalkChanges) => http.patch<T.Talk>(`/talks/${id}`, changes),
};
