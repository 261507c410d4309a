/** What is sent to the server: drafts, messages, changes of a ticket, new tickets. */
import type { Address } from './base';
import type { Answering, Attachment, Priority, Status } from './tickets';

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
/** `over`: the `updated_at` of the copy it was written over, null when there was none. */
export type DraftForm = Draft & { over: string | null };
/** What the server says when it has kept a draft: also who answers, perhaps somebody else. */
export type KeptDraft = Draft & { answering?: Answering | null };

/** `until` null: until the customer's next answer. */
export interface Snooze {
  until: string | null;
}

export interface TicketChanges {
  status?: Status;
  assignee_id?: number | null;
  team_id?: number | null;
  /** Its class of question. */
  class_id?: number | null;
  priority?: Priority;
  subject?: string;
  tags?: string[];
  follower_ids?: number[];
  cc?: Address[];
  /** About which place of the customer's organization. */
  location_id?: number | null;
  hand_over_note?: string;
  /** null wakes it. */
  snooze?: Snooze | null;
}
export interface NewMessage {
  kind: DraftKind;
  body_html: string;
  attachments: number[];
  to?: Address[];
  cc?: Address[];
  bcc?: Address[];
  status?: Status;
  snooze?: Snooze;
  /** Not now, but then. */
  send_at?: string;
  seen_message_id?: number;
  /** Although a colleague is answering. */
  take_over?: boolean;
  draft_clear: boolean;
}
export interface NewTicket {
  inbox_id: number;
  contact: Address;
  subject: string;
  body_text?: string;
  body_html?: string;
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
