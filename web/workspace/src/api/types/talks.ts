/** Side conversations among colleagues, inside a ticket. The customer never sees them. */

import type { Attachment } from './tickets';

export interface Member {
  agent_id: number;
  name: string;
}
export interface Talk {
  id: number;
  ticket_id: number;
  subject: string;
  open: boolean;
  members: Member[];
  messages: number;
  /** How many I have not read. */
  unread: number;
  last: { author: Member; text: string; at: string } | null;
  created_by: Member;
  created_at: string;
  version: number;
}
export interface TalkMessage {
  id: number;
  author: Member;
  body_html: string;
  text: string;
  /** Those shown in the text are inline. */
  attachments: Attachment[];
  at: string;
}
/** Oldest first within the page; the latest page first. */
export interface TalkPage {
  talk: Talk;
  items: TalkMessage[];
  next_cursor?: string | null;
}
export interface NewTalk {
  subject: string;
  members: number[];
  body_html: string;
  attachments: number[];
}
export interface TalkChanges {
  subject?: string;
  open?: boolean;
  add_members?: number[];
  remove_members?: number[];
  version?: number;
}
