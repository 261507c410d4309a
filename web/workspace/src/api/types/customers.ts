/** Customers and the mail that did not become a ticket of theirs; the demonstration's mailbox. */
import type { Address, Organization } from './base';

export interface Contact {
  id: number;
  name: string;
  addresses: { kind: string; address: string }[];
  organization: Organization | null;
  notes: string;
  ticket_count: number;
  flags: { kind: string; at: string; detail: string }[];
  created_at: string;
  /** IANA name, when it is known. */
  time_zone?: string | null;
}
export interface ContactRow {
  id: number;
  name: string;
  address: string;
  organization: Organization | null;
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
