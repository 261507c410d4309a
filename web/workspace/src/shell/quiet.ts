/** Whether a person wants to be disturbed now, about this. Pure: settings and clock are handed in. */
import type { NotificationKind, NotificationSettings, NotificationWay, QuietHours } from '../api/types';
import { wallTime, weekday } from '../later/zoned';

const day = 86_400_000;

/** Letters are for what waits for this person; the rest is told here. */
const byMail = new Set<NotificationKind>([
  'mention',
  'assigned',
  'handed_over',
  'held',
  'failed',
  'talk',
  'roster',
  'roster_asked',
  'roster_answered',
]);

/** A kind that the settings do not know is worth telling. */
export function wanted(
  settings: NotificationSettings | null,
  kind: NotificationKind,
  way: NotificationWay,
): boolean {
  return settings?.kinds[kind]?.[way] ?? (way !== 'mail' || byMail.has(kind));
}

/** Quiet hours that run over midnight belong to the day on which they begin. */
export function isQuiet(quiet: QuietHours | null, zone: string, now: number): boolean {
  if (!quiet) return false;
  const [from, to] = [minutes(quiet.from), minutes(quiet.to)];
  if (from === null || to === null || from === to) return false;
  const { hour, minute } = wallTime(now, zone);
  const at = hour * 60 + minute;
  const fromMonday = (time: number) => (weekday(time, zone) + 6) % 7;
  const today = quiet.days.includes(fromMonday(now));
  const yesterday = quiet.days.includes(fromMonday(now - day));
  if (from < to) return today && at >= from && at < to;
  return (today && at >= from) || (yesterday && at < to);
}

export function mayDisturb(
  settings: NotificationSettings | null,
  kind: NotificationKind,
  now: number,
): boolean {
  if (!settings) return true;
  return wanted(settings, kind, 'push') && !isQuiet(settings.quiet, settings.time_zone || 'UTC', now);
}

function minutes(text: string): number | null {
  const found = /^(\d{1,2}):(\d\d)/.exec(text);
  return found ? Number(found[1]) * 60 + Number(found[2]) : null;
}
