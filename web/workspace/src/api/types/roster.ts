/** The roster: who is there when, and who answers for which class of question. */
export type ShiftKind = 'shift' | 'duty';
export type AbsenceKind = 'vacation' | 'sick' | 'other';
export interface DutyHours {
  /** 0 is Monday. */
  day: number;
  from: string;
  to: string;
}
export interface Cover {
  kind: 'none' | 'hours' | 'always';
  zone: string;
  hours: DutyHours[];
}
export interface QuestionClass {
  id: number;
  name: string;
  note: string;
  position: number;
  colour: string;
  cover: Cover;
  active: boolean;
  version: number;
}
export interface RosterRules {
  zone: string;
  rest_hours: number;
  nights_in_row: number;
  hours_a_week: number;
  cover: Cover;
}
export interface Shift {
  id: number;
  class_id: number | null;
  agent_id: number;
  kind: ShiftKind;
  starts_at: string;
  ends_at: string;
  state: 'draft' | 'published';
  note: string;
  rotation_id: number | null;
  version: number;
}
/** A shift as it is typed in: by the clock of a zone. */
export interface ShiftForm {
  version?: number;
  class_id?: number | null;
  agent_id?: number;
  kind?: ShiftKind;
  note?: string;
  local?: { date: string; from: string; to: string; days: number; zone: string };
}
export interface RosterProblem {
  kind: 'gap' | 'overlap' | 'absent' | 'switched_off' | 'rest' | 'long' | 'nights' | 'week_hours' | 'doubled';
  severity: 'bad' | 'caution' | 'info';
  class_id: number | null;
  agent_id: number | null;
  shift_ids: number[];
  from: string;
  until: string;
  /** Minutes, or nights. */
  amount: number | null;
  limit: number | null;
}
export interface Absence {
  id: number;
  agent_id: number;
  kind: AbsenceKind;
  first_day: string;
  last_day: string;
  starts_at: string;
  ends_at: string;
  note: string;
}
export interface RosterPerson {
  id: number;
  name: string;
  time_zone: string;
  active: boolean;
}
export interface RosterRequest {
  id: number;
  kind: 'cover' | 'swap';
  shift_id: number;
  other_shift_id: number | null;
  from_agent_id: number;
  to_agent_id: number | null;
  note: string;
  state: 'asked' | 'accepted' | 'refused' | 'withdrawn' | 'overtaken';
  created_at: string;
  answered_at: string | null;
  answered_by: number | null;
}
export interface Roster {
  from: string;
  until: string;
  rules: RosterRules;
  classes: QuestionClass[];
  people: RosterPerson[];
  shifts: Shift[];
  absences: Absence[];
  requests: RosterRequest[];
  problems: RosterProblem[];
  may_manage: boolean;
}
export interface OnDutyPerson {
  agent_id: number;
  name: string;
  kind: ShiftKind;
  shift_id: number;
  starts_at: string;
  ends_at: string;
}
export interface OnDutyClass {
  class_id: number | null;
  name: string;
  colour: string;
  needed: boolean;
  people: OnDutyPerson[];
  stand_ins: OnDutyPerson[];
  next: OnDutyPerson | null;
}
export interface OnDuty {
  at: string;
  classes: OnDutyClass[];
  left_out: { agent_id: number; name: string; shift_id: number; reason: 'absent' | 'switched_off' }[];
  changes_at: string | null;
}
export interface Rotation {
  id: number;
  name: string;
  class_id: number | null;
  kind: ShiftKind;
  agent_ids: number[];
  days: number;
  starts_on: string;
  zone: string;
  hours: DutyHours[];
  active: boolean;
}
export interface OpenMatter {
  ticket_id: number;
  subject: string;
  status: string;
}
export interface Handover {
  id: number;
  class_id: number | null;
  agent_id: number;
  text: string;
  tickets: OpenMatter[];
  at: string;
  read_by: number[];
}
export interface RoutineCheck {
  id?: number | null;
  class_id: number | null;
  title: string;
  every: 'shift' | 'day';
}
export interface CheckNow extends RoutineCheck {
  id: number;
  occasion: string;
  done_by: number | null;
  done_at: string | null;
}
export interface CalendarFeed {
  active: boolean;
  created_at: string | null;
  read_at: string | null;
  token?: string;
}
