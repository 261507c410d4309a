/** Whether things work and who changed what: connection checks, the audit log, the first steps. */
export interface CheckStep {
  step: 'address' | 'connect' | 'tls' | 'login' | 'ready';
  ok: boolean;
  /** A sentence in the reader's language. */
  detail: string;
}
export interface Check {
  ok: boolean;
  steps: CheckStep[];
}
/** Null for a server that is not set. */
export interface InboxCheck {
  smtp: Check | null;
  imap: Check | null;
}

export interface AuditEntry {
  id: number;
  at: string;
  actor: { type: string; id: number | null; name: string } | null;
  /** `inbox.changed`: the noun and what happened to it. */
  kind: string;
  object: { kind: string; id: number | null; name: string } | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

export type FirstStepKey = 'mailbox' | 'colleagues' | 'first_ticket';
export interface FirstRun {
  dismissed: boolean;
  steps: { key: FirstStepKey; done: boolean }[];
}
