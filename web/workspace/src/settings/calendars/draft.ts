/**
 * A calendar as it is being edited, and what its days look like beside the week. Pure: the server checks and counts.
 */
import type { CalendarSpec, Hours, SpecialDay, Weekday } from '../../api/types';

export const weekdays: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

export interface NamedDay {
  name: string;
  hours: Hours;
}
export interface Draft {
  name: string;
  time_zone: string;
  week: Record<Weekday, Hours>;
  days: Record<string, NamedDay>;
}
/** How a day stands to its week. */
export type DayKind = 'off' | 'short' | 'moved' | 'other' | 'usual' | 'weekend';

const copy = (hours: Hours): Hours => hours.map(([from, until]) => [from, until]);
export const named = (day: SpecialDay): NamedDay =>
  Array.isArray(day)
    ? { name: '', hours: copy(day) }
    : { name: day.name ?? '', hours: copy(day.hours ?? []) };

export function draftOf(name: string, spec: CalendarSpec): Draft {
  return {
    name,
    time_zone: spec.time_zone,
    week: Object.fromEntries(weekdays.map((day) => [day, copy(spec.week[day] ?? [])])) as Draft['week'],
    days: Object.fromEntries(Object.entries(spec.days ?? {}).map(([date, day]) => [date, named(day)])),
  };
}

export function specOf(draft: Draft): CalendarSpec {
  const days = Object.entries(draft.days).sort(([one], [other]) => one.localeCompare(other));
  return {
    time_zone: draft.time_zone.trim(),
    week: draft.week,
    days: Object.fromEntries(days.map(([date, { name, hours }]) => [date, name ? { name, hours } : hours])),
  };
}

export const officeWeek = (): Draft['week'] => weekOf((at) => (at < 5 ? [['09:00', '18:00']] : []));
export const alwaysWeek = (): Draft['week'] => weekOf(() => [['00:00', '24:00']]);
const weekOf = (hours: (at: number) => Hours) =>
  Object.fromEntries(weekdays.map((day, at) => [day, hours(at)])) as Draft['week'];

/** Minutes since midnight of "09:00" to "24:00"; nothing when it is no time. */
export function minuteOf(text: string): number | undefined {
  const [, hour = '', minute = ''] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? [];
  const at = Number(hour) * 60 + Number(minute);
  return hour !== '' && Number(minute) < 60 && at <= 24 * 60 ? at : undefined;
}

export const timeText = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** What a person types on the way to a time: "9", "930", "9.30", "0930". */
export function readTime(text: string): string {
  const digits = text.trim().replace(/[.,\-\s]/g, ':');
  const plain = /^(\d{1,2})$/.exec(digits);
  const joined = /^(\d{1,2})(\d{2})$/.exec(digits);
  const spelled = plain ? `${plain[1]}:00` : joined ? `${joined[1]}:${joined[2]}` : digits;
  const minute = minuteOf(spelled);
  return minute === undefined ? text : timeText(minute);
}

/** A quarter of an hour on or back, staying within the day. */
export function nudge(text: string, by: 1 | -1, last: number): string {
  const minute = minuteOf(text);
  if (minute === undefined) return text;
  const next = by > 0 ? Math.floor(minute / 15) * 15 + 15 : Math.ceil(minute / 15) * 15 - 15;
  return timeText(Math.min(Math.max(next, 0), last));
}

export const overnight = ([from, until]: [string, string]): boolean => {
  const [begins, ends] = [minuteOf(from), minuteOf(until)];
  return begins !== undefined && ends !== undefined && ends <= begins;
};

function length([from, until]: [string, string]): number {
  const [begins, ends] = [minuteOf(from) ?? 0, minuteOf(until) ?? 0];
  return ends <= begins ? ends - begins + 24 * 60 : ends - begins;
}
const worked = (hours: Hours): number => hours.reduce((sum, one) => sum + length(one), 0);
export const hoursText = (hours: Hours): string =>
  hours.map(([from, until]) => `${from}–${until}`).join(', ');

/** Dates are civil: no zone may move them. */
export const weekdayOf = (date: string): Weekday =>
  weekdays[(new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7] ?? 'mon';
export const shift = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
export const usualHours = (draft: Draft, date: string): Hours => draft.week[weekdayOf(date)];
export const hoursOn = (draft: Draft, date: string): Hours =>
  draft.days[date]?.hours ?? usualHours(draft, date);

export function kindOf(draft: Draft, date: string): DayKind {
  const special = draft.days[date];
  const usual = usualHours(draft, date);
  if (!special) return usual.length === 0 ? 'weekend' : 'usual';
  if (special.hours.length === 0) return 'off';
  if (usual.length === 0) return 'moved';
  if (hoursText(special.hours) === hoursText(usual)) return 'usual';
  return worked(special.hours) < worked(usual) ? 'short' : 'other';
}

/** The months of a year, each with its days and how many places stand empty before the first. */
export function monthsOf(year: number): { month: number; before: number; dates: string[] }[] {
  return Array.from({ length: 12 }, (_, month) => {
    const first = `${String(year).padStart(4, '0')}-${String(month + 1).padStart(2, '0')}-01`;
    const length = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
    return {
      month,
      before: weekdays.indexOf(weekdayOf(first)),
      dates: Array.from({ length }, (__, at) => shift(first, at)),
    };
  });
}

/** "Mon–Fri 09:00–18:00; Sat 10:00–15:00": days in a row with the same hours are said once. */
export function weekText(week: Draft['week'], short: (day: Weekday) => string, closed: string): string {
  const runs: { first: Weekday; last: Weekday; hours: string }[] = [];
  for (const day of weekdays) {
    const hours = hoursText(week[day]);
    const run = runs.at(-1);
    if (run && run.hours === hours) run.last = day;
    else runs.push({ first: day, last: day, hours });
  }
  const open = runs.filter((run) => run.hours !== '');
  if (open.length === 0) return closed;
  return open
    .map(
      ({ first, last, hours }) =>
        `${first === last ? short(first) : `${short(first)}–${short(last)}`} ${hours}`,
    )
    .join('; ');
}
