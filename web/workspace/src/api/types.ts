/**
 * The words the server and the workspace share: the shapes of `/api/v1`.
 * Times are RFC 3339 strings in UTC, ids are integers.
 */
export type Status = 'new' | 'open' | 'waiting' | 'on_hold' | 'solved' | 'closed';
export type Priority = 'low' | 'normal' | 'high' | 'urgent';
export type Locale = 'ru' | 'en';
export type Theme = 'system' | 'light' | 'dark';

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
  total: number;
}
export interface Items<T> {
  items: T[];
}

export interface SetupState {
  needed: boolean;
  demo: boolean;
  version: string;
}
export interface Me {
  id: number;
  email: string;
  name: string;
  public_name: string;
  number: number;
  locale: Locale;
  theme: Theme;
  role: { id: number; key: string; name: string };
  permissions: string[];
  team_ids: number[];
  undo_seconds: number;
  demo: boolean;
}
export interface Session {
  id: number | string;
  created_at: string;
  last_seen_at: string;
  ip: string | null;
  user_agent: string | null;
  current: boolean;
}
export interface Token {
  id: number;
  name: string;
  scopes: string[];
  token?: string;
  created_at?: string;
  last_used_at?: string | null;
}
export interface Agent {
  id: number;
  name: string;
  public_name: string;
  number: number;
  email: string;
  role_id: number;
  team_ids: number[];
  active: boolean;
  /** False until an invited colleague has chosen a password. */
  joined?: boolean;
  online: boolean;
}
export interface Team {
  id: number;
  name: string;
  member_ids: number[];
}
export interface Role {
  id: number;
  key: string;
  name: string;
  permissions: string[];
  preset: boolean;
}
export type Face = 'full_name' | 'first_name' | 'number';
export interface Brand {
  id: number;
  name: string;
  face: Face;
  greeting: Record<Locale, string>;
  closing: Record<Locale, string>;
}
export interface MailServer {
  /** Without the password. */
  url: string;
  has_password: boolean;
}
export interface Inbox {
  id: number;
  name: string;
  address: string;
  aliases: string[];
  brand_id: number;
  team_id: number | null;
  signature_html: string;
  /** The language of its customers, when theirs is not known. */
  locale: Locale;
  smtp: MailServer | null;
  imap: MailServer | null;
  state: ConnectionState;
}
export interface ConnectionState {
  smtp: 'none' | 'ok' | 'failing';
  smtp_detail?: string;
  imap: 'none' | 'ok' | 'failing';
  imap_detail?: string;
}
/** What an inbox is to be. On a change, absent fields stay; an empty URL takes the server away. */
export interface InboxForm {
  name: string;
  address: string;
  aliases: string[];
  brand_id: number | null;
  team_id: number | null;
  signature_html: string;
  locale: Locale;
  smtp_url: string;
  smtp_password?: string;
  imap_url: string;
  imap_password?: string;
}
export interface Invitation {
  id: number;
  email: string;
  link: string;
}

export interface View {
  key: string;
  name_key: string;
  query: string;
  count: number;
  sort: string;
  section: 'own' | 'shared';
}
export interface Organization {
  id: number;
  name: string;
}
export interface TicketRow {
  id: number;
  number: number;
  subject: string;
  status: Status;
  priority: Priority;
  channel: string;
  contact: { id: number; name: string; address: string; organization: Organization | null };
  inbox_id: number;
  brand_id: number;
  team_id: number | null;
  assignee_id: number | null;
  tags: string[];
  preview: string;
  last_author: 'customer' | 'agent';
  message_count: number;
  attachment_count: number;
  unread: boolean;
  waiting_since: string | null;
  created_at: string;
  updated_at: string;
  version: number;
}
export interface Address {
  /** May be empty. */
  name: string;
  address: string;
}
export interface Attachment {
  id: number;
  filename: string;
  content_type: string;
  size: number;
  inline: boolean;
  url: string;
}
export type MessageKind = 'customer' | 'reply' | 'note' | 'bounce' | 'auto';
export interface Message {
  id: number;
  kind: MessageKind;
  author: { type: 'contact' | 'agent' | 'system'; id: number | null; name: string; address: string | null };
  to: Address[];
  cc: Address[];
  bcc: Address[];
  subject: string;
  text: string;
  visible: string;
  quoted_lines: number;
  html: string | null;
  remote_images: number;
  attachments: Attachment[];
  state: 'received' | 'queued' | 'sending' | 'sent' | 'failed';
  state_reason: string | null;
  undo_until: string | null;
  mentions: number[];
  created_at: string;
}
export interface TicketEvent {
  id: number;
  kind: string;
  actor: { type: 'agent' | 'contact' | 'system'; id: number | null; name: string | null };
  at: string;
  data: Record<string, unknown>;
}
export type DraftKind = 'reply' | 'note';
export interface Draft {
  kind: DraftKind;
  body_html: string;
  to: Address[];
  cc: Address[];
  bcc: Address[];
  attachments: Attachment[];
  updated_at?: string;
}
export interface Ticket extends TicketRow {
  cc: Address[];
  follower_ids: number[];
  previous_ticket_id: number | null;
  messages: Message[];
  older: number | null;
  events: TicketEvent[];
  draft: Draft | null;
}
export interface TicketChanges {
  status?: Status;
  assignee_id?: number | null;
  team_id?: number | null;
  priority?: Priority;
  subject?: string;
  tags?: string[];
  follower_ids?: number[];
  cc?: Address[];
  hand_over_note?: string;
}
export interface NewMessage {
  kind: DraftKind;
  body_html: string;
  attachments: number[];
  to?: Address[];
  cc?: Address[];
  bcc?: Address[];
  status?: Status;
  seen_message_id?: number;
  draft_clear: boolean;
}
export interface NewTicket {
  inbox_id: number;
  contact: Address;
  subject: string;
  body_text: string;
  kind: DraftKind;
  assignee_id?: number | null;
  team_id?: number | null;
  tags?: string[];
  priority?: Priority;
  attachments?: number[];
}
export interface ReplyFrame {
  to: Address[];
  cc: Address[];
  greeting_html: string;
  closing_html: string;
  signature_html: string;
}
export interface Contact {
  id: number;
  name: string;
  addresses: { kind: string; address: string }[];
  organization: Organization | null;
  notes: string;
  ticket_count: number;
  flags: { kind: string; at: string; detail: string }[];
  created_at: string;
}
export interface ContactRow {
  id: number;
  name: string;
  address: string;
  organization: Organization | null;
}
export interface SearchHit {
  ticket: TicketRow;
  message_id: number | null;
  snippet_html: string;
}
/** The two piles of mail that became no ticket: not understood, and machines' mail. */
export type Pile = 'quarantined' | 'aside';
export interface Quarantined {
  id: number;
  inbox_id: number | null;
  from: string | null;
  subject: string | null;
  reason: string;
  reason_code: string;
  received_at: string;
  size: number;
}
export interface DemoLogin {
  email: string;
  password: string;
  name: string;
  role: string;
}
export interface DemoMail {
  id: number | string;
  from: Address | string;
  to: Address | Address[] | string;
  subject: string;
  text: string;
  html: string | null;
  at: string;
  direction: 'out' | 'in';
}
export interface DemoMailbox {
  customers: Address[];
  inboxes: Address[];
  items: DemoMail[];
}
