/** Days, weeks and places on a time axis, by the clock of a named zone. Pure. */
import { instantOf, wallTime } from '../later/zoned';

export interface Day {
  /** "2026-11-23" */
  date: string;
  from: number;
  until: number;
  weekend: boolean;
}

const two = (value: number) => String(value).padStart(2, '0');

function parts(date: string): { year: number; month: number; day: number } {
  const [year = 1970, month = 1, day = 1] = date.split('-').map(Number);
  return { year, month, day };
}

/** The calendar day of a moment there. */
export function dateOf(instant: number, zone: string): string {
  const { year, month, day } = wallTime(instant, zone);
  return `${year}-${two(month)}-${two(day)}`;
}

export function clockOf(instant: number, zone: string): string {
  const { hour, minute } = wallTime(instant, zone);
  return `${two(hour)}:${two(minute)}`;
}

/** So many days later. */
export function later(date: string, days: number): string {
  const { year, month, day } = parts(date);
  const moved = new Date(Date.UTC(year, month - 1, day + days));
  return `${moved.getUTCFullYear()}-${two(moved.getUTCMonth() + 1)}-${two(moved.getUTCDate())}`;
}

/** How many days from one day to another. */
export function daysBetween(from: string, to: string): number {
  const time = ({ year, month, day }: ReturnType<typeof parts>) => Date.UTC(year, month - 1, day);
  return Math.round((time(parts(to)) - time(parts(from))) / 86_400_000);
}

export function mondayOf(date: string): string {
  const { year, month, day } = parts(date);
  return later(date, -((new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7));
}

/** When a day begins there. */
export function beginning(date: string, zone: string): number {
  return instantOf({ ...parts(date), hour: 0, minute: 0 }, zone);
}

export function daysFrom(date: string, count: number, zone: string): Day[] {
  return Array.from({ length: count }, (_, i) => {
    const one = later(date, i);
    const weekday = new Date(Date.UTC(parts(one).year, parts(one).month - 1, parts(one).day)).getUTCDay();
    return {
      date: one,
      from: beginning(one, zone),
      until: beginning(later(one, 1), zone),
      weekend: weekday === 0 || weekday === 6,
    };
  });
}

/** Where a moment is among days of equal width, from 0 to their number. A day with a change of clocks is as wide as others. */
export function placeOf(instant: number, days: readonly Day[]): number {
  const at = days.findIndex((day) => instant < day.until);
  const day = days[at];
  if (!day) return days.length;
  return at + Math.max(0, (instant - day.from) / (day.until - day.from));
}

/** And back: the moment at a place, at a full hour. */
export function momentAt(place: number, days: readonly Day[]): number {
  const day = days[Math.min(days.length - 1, Math.max(0, Math.floor(place)))];
  if (!day) return 0;
  const hours = (day.until - day.from) / 3_600_000;
  const within = Math.round((place - days.indexOf(day)) * hours);
  return day.from + Math.min(hours, Math.max(0, within)) * 3_600_000;
}

export interface Placed<T> {
  item: T;
  /** In parts of the whole width. */
  left: number;
  width: number;
  lane: number;
}

/** Bars beside each other where there is room, below each other where they meet. What is outside is left out. */
export function laid<T extends { starts_at: string; ends_at: string }>(
  items: readonly T[],
  days: readonly Day[],
): Placed<T>[] {
  const ends: number[] = [];
  const placed: Placed<T>[] = [];
  const sorted = [...items].sort((a, b) => a.starts_at.localeCompare(b.starts_at));
  for (const item of sorted) {
    const from = placeOf(Date.parse(item.starts_at), days);
    const until = placeOf(Date.parse(item.ends_at), days);
    if (until <= 0 || from >= days.length || until <= from) continue;
    let lane = ends.findIndex((end) => end <= from + 1e-9);
    if (lane < 0) lane = ends.push(0) - 1;
    ends[lane] = until;
    placed.push({ item, left: from / days.length, width: (until - from) / days.length, lane });
  }
  return placed;
}

export const laneCount = (placed: readonly Placed<unknown>[]) =>
  placed.reduce((most, { lane }) => Math.max(most, lane + 1), 0);

/** What a form says of a span: the day and hour it begins, the hour it ends, and how many days later. */
export function localOf(
  from: number,
  until: number,
  zone: string,
): { date: string; from: string; to: string; days: number } {
  const date = dateOf(from, zone);
  const end = clockOf(until, zone);
  const clock = clockOf(from, zone);
  // Midnight belongs to the day before: "until 24:00". Hours over midnight end the next day by themselves.
  const last = dateOf(end === '00:00' ? until - 1 : until, zone);
  const to = end === '00:00' ? '24:00' : end;
  const days = daysBetween(date, last) - (to !== '24:00' && to <= clock ? 1 : 0);
  return { date, from: clock, to, days: Math.max(0, days) };
}
