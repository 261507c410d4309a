/** The times a person most often means by "later", in their own time zone. Pure: now and zone are handed in. */
import { instantOf, wallTime, weekday } from './zoned';

export type PresetKey = 'in_2_hours' | 'this_evening' | 'tomorrow' | 'monday' | 'next_week';
export interface Preset {
  key: PresetKey;
  at: number;
}
export type Purpose = 'send' | 'snooze' | 'promise';

const hour = 3_600_000;
const quarter = hour / 4;
const morning = 9;
const evening = 18;

/** In the order in which they come; none of them twice and none in the past. */
export function presets(now: number, zone: string, purpose: Purpose): Preset[] {
  const today = wallTime(now, zone);
  const at = (days: number, hours: number) =>
    instantOf({ ...today, day: today.day + days, hour: hours, minute: 0 }, zone);
  const toMonday = (8 - weekday(now, zone)) % 7 || 7;
  const found: Preset[] = [
    { key: 'in_2_hours', at: Math.ceil((now + 2 * hour) / quarter) * quarter },
    { key: 'tomorrow', at: at(1, morning) },
    { key: 'monday', at: at(toMonday, morning) },
  ];
  if (purpose !== 'send') {
    if (at(0, evening) > now + 3 * hour) found.push({ key: 'this_evening', at: at(0, evening) });
    found.push({ key: 'next_week', at: at(7, morning) });
  }
  const times = new Set<number>();
  return found
    .sort((a, b) => a.at - b.at)
    .filter(({ at: time }) => time > now && !times.has(time) && times.add(time));
}

/** The soonest a message may be planned for: below that it is simply sent. */
export const soonest = (now: number) => now + 60_000;
/** Not quite a year from now: what lies further is a slip of the finger. */
export const furthest = (now: number) => now + 364 * 24 * hour;
