/** Who takes what: routes, and how much each colleague takes. */
export type RouteMode = 'round_robin' | 'least_loaded' | 'manual';
export interface RouteForm {
  name: string;
  active: boolean;
  filter: string;
  class_id: number | null;
  team_id: number | null;
  mode: RouteMode;
  by_roster: boolean;
  skills: string[];
  /** "last": whoever helped this customer last is asked first. */
  prefer: string[];
  return_minutes: number | null;
  version?: number;
}
export interface TicketRoute extends RouteForm {
  id: number;
  position: number;
  /** Why it cannot be used; empty while it can. */
  broken: string;
  version: number;
}
export interface Worker {
  agent_id: number;
  away: boolean;
  connected: boolean;
  /** Tickets in hand, by channel. */
  load: Record<string, number>;
  /** By channel, "*" for all together; what is not named has no limit. */
  limits: Record<string, number>;
  raised: Record<string, number>;
  raised_until: string | null;
  skills: string[];
}
export type WorkerForm = Pick<Worker, 'limits' | 'skills'>;
