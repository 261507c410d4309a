/** Problems and shifts as sentences. */
import '../i18n/roster';
import type { RosterProblem, Shift } from '../api/types';
import { locale, t } from '../i18n/index.svelte';
import { room } from './roster.svelte';
import { clockOf, dateOf } from './week';

const formats = new Map<string, Intl.DateTimeFormat>();
function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale.current + JSON.stringify(options);
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(locale.current === 'en' ? 'en-GB' : 'ru', options);
    formats.set(key, found);
  }
  return found;
}

/** "Mon 23 Nov" of a day there. */
export function dayWords(instant: number, zone: string): string {
  return format({ weekday: 'short', day: 'numeric', month: 'short', timeZone: zone })
    .format(instant)
    .replace('.', '');
}
export const weekdayWord = (instant: number, zone: string) =>
  format({ weekday: 'short', timeZone: zone }).format(instant);
export const dayNumber = (instant: number, zone: string) =>
  format({ day: 'numeric', timeZone: zone }).format(instant);
export const longDay = (instant: number, zone: string) =>
  format({ weekday: 'long', day: 'numeric', month: 'long', timeZone: zone }).format(instant);
export const monthWord = (instant: number, zone: string) =>
  format({ month: 'long', year: 'numeric', timeZone: zone })
    .format(instant)
    .replace(/\s+г\.$/, '');
export const rangeWords = (from: number, until: number, zone: string) =>
  format({ day: 'numeric', month: 'long', timeZone: zone }).formatRange(from, until - 1);

/** "Mon 23 Nov, 10:00–19:00", "Mon 23 Nov – Sun 29 Nov" for whole days. */
export function spanWords(from: number, until: number, zone: string): string {
  const [a, b] = [clockOf(from, zone), clockOf(until, zone)];
  const last = b === '00:00' ? until - 1 : until;
  const oneDay = dateOf(from, zone) === dateOf(last, zone);
  if (a === '00:00' && b === '00:00') {
    return oneDay ? dayWords(from, zone) : `${dayWords(from, zone)} – ${dayWords(last, zone)}`;
  }
  const end = b === '00:00' ? '24:00' : b;
  if (oneDay || (b <= a && until - from < 86_400_000)) return `${dayWords(from, zone)}, ${a}–${end}`;
  return `${dayWords(from, zone)}, ${a} – ${dayWords(last, zone)}, ${end}`;
}

export const shiftSpan = (shift: Pick<Shift, 'starts_at' | 'ends_at'>, zone: string) =>
  spanWords(Date.parse(shift.starts_at), Date.parse(shift.ends_at), zone);

/** Hours alone, for a bar: "10–19", "10:30–19"; nothing for a day or more. */
export function shiftHours(shift: Pick<Shift, 'starts_at' | 'ends_at'>, zone: string): string {
  const [from, until] = [Date.parse(shift.starts_at), Date.parse(shift.ends_at)];
  if (until - from >= 86_400_000) return '';
  const short = (clock: string) => clock.replace(/:00$/, '');
  const end = clockOf(until, zone);
  return `${short(clockOf(from, zone))}–${end === '00:00' ? '24' : short(end)}`;
}

export const classWord = (id: number | null) => (id === null ? t('duty.general') : room.className(id));

const hours = (minutes: number | null) => {
  const all = Math.round((minutes ?? 0) / 6) / 10;
  return all.toLocaleString(locale.current);
};

/** What is wrong, in a line. */
export function problemWords(problem: RosterProblem): string {
  const who = room.name(problem.agent_id);
  const limit = hours(problem.limit);
  switch (problem.kind) {
    case 'gap':
      return t('roster.problem.gap', { name: classWord(problem.class_id) });
    case 'doubled':
      return t('roster.problem.doubled', { name: classWord(problem.class_id) });
    case 'rest':
      return t('roster.problem.rest', { who, hours: hours(problem.amount), limit });
    case 'long':
      return t('roster.problem.long', { who, hours: hours(problem.amount) });
    case 'nights':
      return t('roster.problem.nights', { who, n: problem.amount ?? 0, limit: problem.limit ?? 0 });
    case 'week_hours':
      return t('roster.problem.week_hours', { who, hours: hours(problem.amount), limit });
    default:
      return t(`roster.problem.${problem.kind}`, { who });
  }
}
