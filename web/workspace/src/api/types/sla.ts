/** Deadlines: what is promised to whom, and how much of the time is left. */
import type { Priority, Status } from './tickets';

/** What a policy can promise. */
export type PolicyMetric = 'first_response' | 'next_response' | 'resolution' | 'pick_up' | 'team_time';
export type SlaMetric = PolicyMetric | 'promise';

/** The clock a list shows: the one that ends first, or one that stands still. */
export interface TicketSla {
  metric: SlaMetric;
  /** null while it stands still. */
  due_at: string | null;
  /** From then on it is due soon. */
  warn_at?: string | null;
  /** What is left while it stands still, in seconds of its hours. */
  remaining_seconds?: number | null;
  breached: boolean;
}

/** What was promised to a customer and is still to be kept. */
export interface TicketPromise {
  due_at: string;
  text: string;
  agent_id: number | null;
  made_at: string;
}

/** A clock of a ticket, in full. */
export interface TicketClock {
  metric: SlaMetric;
  state: 'running' | 'paused' | 'over';
  policy_id: number;
  /** Empty when it is gone. */
  policy: string;
  target_seconds: number;
  spent_seconds: number;
  started_at: string;
  due_at: string | null;
  stopped_at: string | null;
  breached_at: string | null;
  /** By a calendar, not by the wall clock. */
  working_hours: boolean;
}

/** In seconds of the policy's hours; null promises nothing. */
export type SlaTarget = Record<Priority, number | null>;

/** What happens when it is too late. */
export interface SlaEscalation {
  tell_leads: boolean;
  priority: Priority | null;
  team_id: number | null;
}

export interface SlaPolicyForm {
  /** The version this person saw. */
  version?: number;
  name: string;
  active: boolean;
  filter: string;
  /** null: by the wall clock. */
  calendar_id: number | null;
  targets: Partial<Record<PolicyMetric, SlaTarget>>;
  /** In these statuses a solution is not waited for. */
  pauses: Status[];
  warn_percent: number;
  escalation: SlaEscalation;
}

export interface SlaPolicy extends SlaPolicyForm {
  id: number;
  /** The first that fits a ticket decides. */
  position: number;
  /** Why it cannot be used at present; empty while it can. */
  broken: string;
  version: number;
}

/** Working hours a deadline can be counted in. */
export interface SlaCalendar {
  id: number;
  name: string;
}
