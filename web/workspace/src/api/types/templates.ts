/** Ready-made answers with variables, and what they become in a ticket. */
import type { Locale } from './base';
import type { Status } from './tickets';

export type Section = 'own' | 'team' | 'shared';
export interface TemplateForm {
  name: string;
  /** What is typed after "/"; may be empty. */
  shortcut: string;
  body_html: string;
  section: Section;
  team_id: number | null;
  /** The language it is written in; null when it does not matter. */
  locale: Locale | null;
  /** What the ticket becomes when it is sent, unless the writer chose otherwise. */
  status: Status | null;
  tags: string[];
}
export interface Template extends TemplateForm {
  id: number;
  uses: number;
  version: number;
  editable: boolean;
}
/** Variables that could not be filled stay in the text as `<span data-variable="…">` and are named here. */
export interface FilledTemplate {
  body_html: string;
  missing: string[];
}
