/** Wall-clock time in a named time zone and back. Pure; knows summer time through the browser's own zone tables. */
export interface Wall {
  year: number;
  /** From 1. */
  month: number;
  day: number;
  hour: number;
  minute: number;
}

const minute = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string): Intl.DateTimeFormat {
  let found = formats.get(zone);
  if (!found) {
    found = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
    formats.set(zone, found);
  }
  return found;
}

/** What the clock on the wall shows there. */
export function wallTime(instant: number, zone: string): Wall {
  const parts = new Map(
    format(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
  };
}

/**
 * The instant at which the wall there shows this time. Days and hours may run over (`day: 32`). Of a time that comes
 * twice in autumn the first is meant; one that is skipped in spring becomes the hour after it.
 */
export function instantOf({ year, month, day, hour, minute: minutes }: Wall, zone: string): number {
  const wanted = Date.UTC(year, month - 1, day, hour, minutes);
  const before = wanted - offset(wanted - 24 * 60 * minute, zone);
  if (asUtc(before, zone) === wanted) return before;
  const after = wanted - offset(wanted + 24 * 60 * minute, zone);
  return asUtc(after, zone) === wanted ? after : Math.max(before, after);
}

function asUtc(instant: number, zone: string): number {
  const wall = wallTime(instant, zone);
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);
}

function offset(instant: number, zone: string): number {
  return asUtc(instant, zone) - Math.floor(instant / minute) * minute;
}

/** 0 is Sunday. */
export function weekday(instant: number, zone: string): number {
  const { year, month, day } = wallTime(instant, zone);
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay();
}

/** For `<input type="datetime-local">`: 2026-11-23T09:00. */
export function fieldValue(instant: number, zone: string): string {
  const { year, month, day, hour, minute: minutes } = wallTime(instant, zone);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minutes)}`;
}

/** What was typed into such a field, or null when it is no time. */
export function fieldInstant(value: string, zone: string): number | null {
  const found = /^(\d{4,6})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(value);
  if (!found) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minutes = 0] = found.slice(1).map(Number);
  return instantOf({ year, month, day, hour, minute: minutes }, zone);
}

export function knownZone(zone: string): boolean {
  try {
    format(zone);
    return true;
  } catch {
    return false;
  }
}
