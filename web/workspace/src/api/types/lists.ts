/** What chooses and orders tickets: the filter language, stored views, and actions on many at once. */
import type { Priority, Status, TicketRow } from './tickets';

export type Comparison = '<' | '<=' | '>' | '>=' | '=';
export interface Term {
  /** `text` for words and phrases. */
  key: string;
  values: string[];
  negated: boolean;
  comparison?: Comparison | null;
}
export interface ReadTerm extends Term {
  /** As it was written. */
  text: string;
}
export interface ReadFilter {
  /** The canonical spelling. */
  q: string;
  terms: ReadTerm[];
}
export interface Completions {
  /** The piece that a chosen item replaces, in bytes of UTF-8. */
  from: number;
  to: number;
  items: { insert: string; label: string; detail: string; kind: 'key' | 'value' }[];
}
export type KeyKind =
  | 'choice'
  | 'person'
  | 'team'
  | 'inbox'
  | 'brand'
  | 'organization'
  | 'contact'
  | 'tag'
  | 'when'
  | 'length'
  | 'text';
export interface FilterKey {
  key: string;
  label: string;
  kind: KeyKind;
  values: { value: string; label: string }[];
}

export type Column =
  | 'requester'
  | 'subject'
  | 'preview'
  | 'status'
  | 'priority'
  | 'assignee'
  | 'team'
  | 'inbox'
  | 'organization'
  | 'tags'
  | 'waiting'
  | 'sla'
  | 'updated'
  | 'created'
  | 'number';
export type Group = 'none' | 'status' | 'priority' | 'assignee' | 'team' | 'inbox' | 'organization' | 'day';
export type ViewSection = 'own' | 'team' | 'shared';

/** What a person decides about a view. */
export interface ViewForm {
  name: string;
  query: string;
  sort: string;
  section: ViewSection;
  team_id: number | null;
  /** None: the roomy row. */
  columns: Column[];
  group: Group;
}
export interface View extends Omit<ViewForm, 'name'> {
  key: string;
  /** null for the views the department is born with. */
  id: number | null;
  name_key: string | null;
  name: string | null;
  count: number;
  editable: boolean;
  /** Left out of my navigation. */
  hidden?: boolean;
  version: number;
}

export interface MassChange {
  status?: Status;
  assignee_id?: number | null;
  team_id?: number | null;
  priority?: Priority;
  add_tags?: string[];
  remove_tags?: string[];
  reply?: { body_html: string } | { template_id: number };
  note?: string;
}
/** Chosen one by one, or all that a filter finds. */
export type MassTarget = { ids: number[] } | { q: string };
export interface MassPreview {
  count: number;
  /** How many would really change. */
  touched: number;
  /** Numbers of a few of them. */
  sample: number[];
}
export interface MassAction {
  id: number;
  state: 'running' | 'done' | 'cancelled' | 'undoing' | 'undone' | 'failed';
  total: number;
  done: number;
  failed: number;
  skipped: number;
  undo_until: string | null;
  created_at: string;
  action: MassChange;
}

/** Why a ticket is the most urgent one. */
export type NextReason =
  { code: 'late' | 'due'; due_at: string } | { code: 'waits'; since: string } | { code: 'nobody_waits' };
export interface NextTicket {
  ticket: TicketRow;
  reason: NextReason;
  /** It was mine before. */
  own: boolean;
  /** So many more are free. */
  left: number;
}
