/** Tickets, their rows in a list, their messages and events. */
import type { Address, Organization, Page } from './base';
import type { Contact } from './contacts';
import type { TicketClock, TicketPromise, TicketSla } from './sla';
import type { Entitlement } from './entitlement';
import type { Draft, ReplyFrame } from './writing';

export type Status = 'new' | 'open' | 'waiting' | 'on_hold' | 'solved' | 'closed';
export type Priority = 'low' | 'normal' | 'high' | 'urgent';

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
  /** Its class of question. */
  class_id?: number | null;
  tags: string[];
  preview: string;
  last_author: 'customer' | 'agent';
  message_count: number;
  attachment_count: number;
  unread: boolean;
  waiting_since: string | null;
  /** Its next deadline; null when there is none. */
  sla?: TicketSla | null;
  snoozed?: boolean;
  /** null while it sleeps until the customer's next answer. */
  snoozed_until?: string | null;
  /** Whether those who write may ask; null when nobody can say. */
  entitlement?: Entitlement | null;
  /** The customer's organization comes first. */
  vip?: boolean;
  created_at: string;
  updated_at: string;
  version: number;
}

export interface Attachment {
  id: number;
  filename: string;
  content_type: string;
  size: number;
  inline: boolean;
  url: string;
}
export type MessageState = 'received' | 'scheduled' | 'held' | 'queued' | 'sending' | 'sent' | 'failed';
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
  state: MessageState;
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

/** Somebody holds the answer to a ticket. */
export interface Answering {
  agent_id: number;
  name: string;
  since: string;
}

export interface Ticket extends TicketRow {
  cc: Address[];
  follower_ids: number[];
  previous_ticket_id: number | null;
  /** About which place of the customer's organization. */
  location_id?: number | null;
  /** The last message I have seen; 0 when I have never been here. */
  read_message_id: number;
  messages: Message[];
  older: number | null;
  events: TicketEvent[];
  /** What I have begun to write: an answer, a note or both. */
  drafts: Draft[];
  answering?: Answering | null;
  /** Side conversations in it: how many are open, and how many messages in them I have not read. */
  talks?: { open: number; unread: number };
  promise?: TicketPromise | null;
}

/** What stands beside the conversation of an open ticket. */
export interface Beside {
  frame: ReplyFrame;
  contact: Contact | null;
  past: Page<TicketRow>;
  sla?: TicketClock[];
}

export interface SearchHit {
  ticket: TicketRow;
  message_id: number | null;
  /** Colleagues said it among themselves. */
  talk?: { id: number; subject: string } | null;
  snippet_html: string;
}
