/**
 * The server's verbs by noun, typed: `api.tickets.open(42)`. Nothing else in the workspace knows a path.
 */
import { asOf, cameAlong, http, query, upload } from './client';
import { calendars } from './calendars';
import { contacts, fields, imports, organizations, pastOf } from './contacts';
import { entitlement, onboarding, plans } from './entitlement';
import { filter, listPath, mass, views, type ListAsk } from './lists';
import { audit, checks, firstRun } from './oversight';
import { roster } from './roster';
import { routing } from './routing';
import { clocksPath, sla } from './sla';
import { talks } from './talks';
import type * as T from './types';

export { ApiError } from './error';
export { asOf, newKey, whenSignedOut } from './client';
export * as kept from './kept';
export { firstRows } from './lists';
export { start } from './start';

const framePath = (id: number, locale?: string) => `/tickets/${id}/reply-frame${query({ locale })}`;

export const api = {
  wall: () => http.get<T.Wall>('/wall'),
  setup: {
    state: () => http.get<T.SetupState>('/setup', { quiet: true }),
    run: (body: { department: string; name: string; email: string; password: string; locale: T.Locale }) =>
      http.post<T.Me>('/setup', body, { quiet: true }),
  },
  session: {
    me: () => http.get<T.Me>('/session', { quiet: true }),
    login: (email: string, password: string) =>
      http.post<T.Me>('/session', { email, password }, { quiet: true }),
    logout: () => http.delete('/session'),
    askReset: (email: string) => http.post<void>('/password-resets', { email }, { quiet: true }),
    checkReset: (token: string) =>
      http.get<{ email?: string }>(`/password-resets/${encodeURIComponent(token)}`, { quiet: true }),
    reset: (token: string, password: string) =>
      http.post<T.Me>(`/password-resets/${encodeURIComponent(token)}`, { password }, { quiet: true }),
    invitation: (token: string) =>
      http.get<{ email: string; name: string }>(`/invitations/${encodeURIComponent(token)}`, { quiet: true }),
    accept: (token: string, name: string, password: string) =>
      http.post<T.Me>(`/invitations/${encodeURIComponent(token)}`, { name, password }, { quiet: true }),
  },
  me: {
    change: (
      body: Partial<Pick<T.Me, 'name' | 'locale' | 'theme' | 'preferences'>> & {
        password?: { old: string; new: string };
      },
    ) => http.patch<T.Me>('/me', body),
    sessions: () => http.get<T.Items<T.Session>>('/me/sessions'),
    endSession: (id: number | string) => http.delete(`/me/sessions/${id}`),
    tokens: () => http.get<T.Items<T.Token>>('/me/tokens'),
    newToken: (name: string) => http.post<T.Token>('/me/tokens', { name, scopes: ['all'] }),
    endToken: (id: number) => http.delete(`/me/tokens/${id}`),
  },
  department: {
    agents: () => http.get<T.Items<T.Agent>>('/agents'),
    changeAgent: (id: number, body: Partial<T.Agent>) => http.patch<T.Agent>(`/agents/${id}`, body),
    invite: (body: { email: string; name: string; role_id: number; team_ids: number[] }) =>
      http.post<T.Invitation>('/invitations', body),
    teams: () => http.get<T.Items<T.Team>>('/teams'),
    addTeam: (body: Omit<T.Team, 'id'>) => http.post<T.Team>('/teams', body),
    changeTeam: (id: number, body: Partial<T.Team>) => http.patch<T.Team>(`/teams/${id}`, body),
    roles: () => http.get<T.Items<T.Role>>('/roles'),
    addRole: (body: { name: string; permissions: string[] }) => http.post<T.Role>('/roles', body),
    changeRole: (id: number, body: { name?: string; permissions?: string[] }) =>
      http.patch<T.Role>(`/roles/${id}`, body),
    brands: () => http.get<T.Items<T.Brand>>('/brands'),
    addBrand: (body: Omit<T.Brand, 'id'>) => http.post<T.Brand>('/brands', body),
    changeBrand: (id: number, body: Partial<T.Brand>) => http.patch<T.Brand>(`/brands/${id}`, body),
    inboxes: () => http.get<T.Items<T.Inbox>>('/inboxes'),
    addInbox: (body: Partial<T.InboxForm>) => http.post<T.Inbox>('/inboxes', body),
    changeInbox: (id: number, body: Partial<T.InboxForm>) => http.patch<T.Inbox>(`/inboxes/${id}`, body),
    tags: () => http.get<T.Items<{ name: string; count: number }>>('/tags'),
  },
  tickets: {
    list: (ask: ListAsk, signal?: AbortSignal) =>
      http.get<T.Page<T.TicketRow>>(listPath(ask), signal ? { signal } : {}),
    open: (id: number, before?: number, limit?: number) =>
      http.get<T.Ticket>(`/tickets/${id}${query({ before, limit })}`),
    /** To work on it: what stands beside the conversation comes along, and is there when the screen asks for it. */
    enter: async (id: number) => {
      const ticket = await http.get<T.Ticket & { beside?: T.Beside }>(`/tickets/${id}?beside=true`);
      const { beside } = ticket;
      delete ticket.beside;
      if (beside) {
        const since = asOf(ticket);
        cameAlong(framePath(id), beside.frame, since);
        cameAlong(pastOf(ticket.contact.id), beside.past, since);
        if (beside.sla) cameAlong(clocksPath(id), { items: beside.sla }, since);
        if (beside.contact) cameAlong(`/contacts/${ticket.contact.id}`, beside.contact, since);
      }
      return ticket as T.Ticket;
    },
    /** The most urgent one I may take, mine from now on; nothing when there is none. */
    next: async (besides: number[]) =>
      (await http.post<T.NextTicket | undefined>('/tickets/next', { besides })) ?? null,
    free: () => http.get<{ count: number }>('/tickets/free', { quiet: true }),
    create: (body: T.NewTicket, key: string) => http.post<T.Ticket>('/tickets', body, { key }),
    split: (id: number, body: { message_id: number; subject: string }, key: string) =>
      http.post<T.Ticket>(`/tickets/${id}/split`, body, { key }),
    change: (id: number, changes: T.TicketChanges, version?: number) =>
      http.patch<T.Ticket>(`/tickets/${id}`, { ...changes, version }),
    read: (id: number, message_id: number) => http.put<void>(`/tickets/${id}/read`, { message_id }),
    send: (id: number, body: T.NewMessage, key: string) =>
      http.post<{ message: T.Message; ticket: T.Ticket }>(`/tickets/${id}/messages`, body, { key }),
    frame: (id: number, locale?: string) => http.get<T.ReplyFrame>(framePath(id, locale)),
    saveDraft: (id: number, draft: T.DraftForm) => http.put<T.KeptDraft>(`/tickets/${id}/draft`, draft),
    dropDraft: (id: number, kind: T.DraftKind, over?: string) =>
      http.delete(`/tickets/${id}/draft${query({ kind, over })}`),
    /** I answer; without `take_over` only when nobody else does. */
    answer: (id: number, take_over: boolean) =>
      http.post<{ answering: T.Answering }>(`/tickets/${id}/answering`, { take_over }),
    search: (q: string, limit = 50, signal?: AbortSignal) =>
      http.get<T.Page<T.SearchHit>>(`/search${query({ q, limit })}`, signal ? { signal } : {}),
  },
  filter,
  views,
  mass,
  messages: {
    undo: (id: number) => http.post<T.Draft>(`/messages/${id}/undo`),
    retry: (id: number) => http.post<T.Message>(`/messages/${id}/retry`),
    raw: (id: number) => http.text(`/messages/${id}/raw`),
  },
  upload: (file: File, options: { signal?: AbortSignal; onProgress?: (part: number) => void } = {}) => {
    const form = new FormData();
    form.append('file', file, file.name || 'image.png');
    return upload<T.Attachment>('/attachments', form, options);
  },
  templates: {
    list: (filter: { q?: string; ticket?: number } = {}, signal?: AbortSignal) =>
      http.get<T.Items<T.Template>>(`/templates${query(filter)}`, signal ? { signal } : {}),
    filled: (id: number, ticket: number, time_zone: string) =>
      http.get<T.FilledTemplate>(`/templates/${id}/filled${query({ ticket, time_zone })}`),
    used: (id: number) => http.post<void>(`/templates/${id}/uses`),
    add: (body: T.TemplateForm) => http.post<T.Template>('/templates', body),
    change: (id: number, body: Partial<T.TemplateForm> & { version: number }) =>
      http.patch<T.Template>(`/templates/${id}`, body),
    drop: (id: number) => http.delete(`/templates/${id}`),
  },
  notifications: {
    list: (cursor?: string | null) => http.get<T.NotificationPage>(`/notifications${query({ cursor })}`),
    read: (body: { ids: number[] } | { ticket_id: number } | { all: true }) =>
      http.post<void>('/notifications/read', body),
    settings: () => http.get<T.NotificationSettings>('/me/notification-settings'),
    change: (body: T.NotificationSettings) =>
      http.put<T.NotificationSettings>('/me/notification-settings', body),
  },
  push: {
    state: () => http.get<T.PushDevices>('/me/push'),
    add: (body: { endpoint: string; keys: { p256dh: string; auth: string }; name: string }) =>
      http.post<{ id: number }>('/me/push', body),
    drop: (id: number) => http.delete(`/me/push/${id}`),
    trial: (id: number) => http.post<void>(`/me/push/${id}/test`),
  },
  talks,
  roster,
  routing,
  sla,
  contacts,
  organizations,
  plans,
  onboarding,
  entitlement,
  fields,
  imports,
  audit,
  calendars,
  checks,
  firstRun,
  quarantine: {
    list: (pile: T.Pile, limit: number) =>
      http.get<T.Page<T.Quarantined>>(`/quarantine${query({ pile, limit })}`),
    raw: (id: number) => http.text(`/quarantine/${id}/raw`),
    retry: (id: number) => http.post<{ ticket_id?: number | null } | undefined>(`/quarantine/${id}/retry`),
    ticket: (id: number) => http.post<{ ticket_id: number }>(`/quarantine/${id}/ticket`),
    drop: (id: number) => http.delete(`/quarantine/${id}`),
  },
  demo: {
    logins: () => http.get<T.Items<T.DemoLogin>>('/demo/logins', { quiet: true }),
    mailbox: (customer?: string) => http.get<T.DemoMailbox>(`/demo/mailbox${query({ customer })}`),
    write: (body: {
      from: T.Address;
      to: string;
      subject: string;
      text: string;
      in_reply_to?: number | string;
    }) => http.post<unknown>('/demo/mailbox', body),
  },
};
