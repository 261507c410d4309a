/** The department's order: teams, brands, inboxes with their mail servers. */
import type { Locale } from './base';

export interface Team {
  id: number;
  name: string;
  member_ids: number[];
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
