/** Mail that did not become a ticket; the demonstration's mailbox. */
import type { Address } from './base';

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
