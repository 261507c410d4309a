/** Calendars: when the department works. */

/** From and until on the wall, "09:00" and "18:00"; an end at or before its start is on the next day. */
export type Hours = [string, string][];

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';
export type SpecialDay = Hours | { name?: string; hours?: Hours };

export interface CalendarSpec {
  time_zone: string;
  week: Record<Weekday, Hours>;
  days: Record<string, SpecialDay>;
}
export interface Calendar {
  id: number;
  name: string;
  spec: CalendarSpec;
  used_by: { kind: string; name: string }[];
  default: boolean;
  version: number;
  created_at: string;
}
export interface CalendarPreview {
  days: { date: string; name: string; hours: Hours; minutes: number }[];
  open: boolean;
  opens_at: string | null;
  minutes: number;
  done_at: string | null;
}
export interface LoadedDays {
  spec: CalendarSpec;
  changes: { date: string; before: SpecialDay | null; after: SpecialDay }[];
}
export interface CalendarPreset {
  name: string;
  years: { year: number; source: string }[];
}
