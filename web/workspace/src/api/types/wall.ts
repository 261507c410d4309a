/** What a lead keeps an eye on, in one look. */
import type { OnDuty, RosterProblem } from './roster';
import type { Worker } from './routing';
import type { TicketRow } from './tickets';

export interface WallQueue {
  team_id: number | null;
  class_id: number | null;
  open: number;
  waiting: number;
  unassigned: number;
  /** Since when the first of them waits. */
  oldest: string | null;
}
export interface Wall {
  at: string;
  queues: WallQueue[];
  /** Their customers wait longest. */
  oldest: TicketRow[];
  /** Passed ones first. */
  deadlines: { late: number; soon: number; first: TicketRow[] };
  duty: OnDuty;
  people: Worker[];
  /** Until the day ends. */
  gaps: RosterProblem[];
}
