/** The verbs around customers: contacts, organizations, the fields of both, files in and out. */
import { fileUrl, http, query, upload } from './client';
import type * as T from './types';

const asked = (signal?: AbortSignal) => (signal ? { signal } : {});
type Paging = { q?: string; cursor?: string | null; limit?: number };

/** Where a customer's tickets are to be had, the newest first: a screenful. */
export const pastOf = (id: number) => `/tickets${query({ q: `contact:${id}`, sort: 'created', limit: 8 })}`;

export const contacts = {
  find: (q: string) => http.get<T.Page<T.ContactRow>>(`/contacts${query({ q })}`),
  list: (filter: Paging & { organization?: number; sort?: string }, signal?: AbortSignal) =>
    http.get<T.Page<T.ContactRow>>(`/contacts${query(filter)}`, asked(signal)),
  open: (id: number) => http.get<T.Contact>(`/contacts/${id}`),
  tickets: (id: number) => http.get<T.Page<T.TicketRow>>(pastOf(id)),
  add: (body: Partial<T.ContactForm>) => http.post<T.Contact>('/contacts', body),
  change: (id: number, body: Partial<T.ContactForm>, version?: number) =>
    http.patch<T.Contact>(`/contacts/${id}`, { ...body, version }),
  mergePreview: (keep: number, merge: number) =>
    http.post<T.MergePreview>('/contacts/merge/preview', { keep, merge }),
  merge: (keep: number, merge: number) => http.post<T.Merge>('/contacts/merge', { keep, merge }),
  undoMerge: (id: number) => http.post<{ contact: T.Contact }>(`/contacts/merges/${id}/undo`),
  fileUrl: () => fileUrl('/contacts/export'),
};

export const organizations = {
  list: (filter: Paging, signal?: AbortSignal) =>
    http.get<T.Page<T.OrganizationRow>>(`/organizations${query(filter)}`, asked(signal)),
  open: (id: number) => http.get<T.OrganizationCard>(`/organizations/${id}`),
  add: (body: Partial<T.OrganizationForm>) => http.post<T.OrganizationCard>('/organizations', body),
  change: (id: number, body: Partial<T.OrganizationForm>, version?: number) =>
    http.patch<T.OrganizationCard>(`/organizations/${id}`, { ...body, version }),
};

export const fields = {
  of: (whose: T.FieldsOf) => http.get<T.Items<T.Field>>(`/fields${query({ of: whose })}`),
  change: (whose: T.FieldsOf, items: T.Field[]) =>
    http.put<T.Items<T.Field> | undefined>(`/fields${query({ of: whose })}`, { items }),
};

export const imports = {
  preview: (file: File, options: { signal?: AbortSignal; onProgress?: (part: number) => void } = {}) => {
    const form = new FormData();
    form.append('file', file, file.name || 'contacts.csv');
    return upload<T.ImportPreview>('/contacts/import/preview', form, options);
  },
  start: (body: { upload: T.ImportPreview['upload']; mapping: T.Mapping; existing: 'update' | 'skip' }) =>
    http.post<T.Import>('/contacts/import', body),
  one: (id: number) => http.get<T.Import>(`/contacts/imports/${id}`),
  cancel: (id: number) => http.post<T.Import>(`/contacts/imports/${id}/cancel`),
  badUrl: (id: number) => fileUrl(`/contacts/imports/${id}/bad`),
};
