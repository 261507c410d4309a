/**
 * Times and sizes as people read them. All functions take the language and "now", so they can be tested without a clock;
 * a time zone by its name, or none for the one of this device.
 */
import type { Locale } from '../api/types';
import { sentence } from '../i18n/index.svelte';
import { instantOf, wallTime } from '../later/zoned';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

function startOfDay(time: number, zone: string | undefined): number {
  if (zone === undefined) return new Date(time).setHours(0, 0, 0, 0);
  return instantOf({ ...wallTime(time, zone), hour: 0, minute: 0 }, zone);
}

const formats = new Map<string, Intl.DateTimeFormat>();
function format(language: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  let found = formats.get(key);
  if (!found)
    formats.set(key, (found = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'ru', options)));
  return found;
}

/** How long ago, for a list row: "now", "6 min", "3 h", "yesterday", "12 Nov", "12 Nov 2024". */
export function ago(iso: string, now: number, language: Locale, zone?: string): string {
  const time = Date.parse(iso);
  const passed = now - time;
  if (passed < minute) return sentence(language, 'time.now');
  if (passed < hour) return sentence(language, 'time.minutes', { n: Math.floor(passed / minute) });
  if (startOfDay(time, zone) === startOfDay(now, zone)) {
    return sentence(language, 'time.hours', { n: Math.floor(passed / hour) });
  }
  if (startOfDay(time, zone) === startOfDay(startOfDay(now, zone) - 1, zone)) {
    return sentence(language, 'time.yesterday');
  }
  return calendarDay(iso, now, language, zone);
}

/** A length of time in its largest unit: "6 min", "3 h", "2 d". */
export function span(ms: number, language: Locale): string {
  if (ms < hour) return sentence(language, 'time.minutes', { n: Math.max(1, Math.floor(ms / minute)) });
  if (ms < 2 * day) return sentence(language, 'time.hours', { n: Math.floor(ms / hour) });
  return sentence(language, 'time.days', { n: Math.floor(ms / day) });
}

/** "12 Nov", with the year when it is not this one. */
export function calendarDay(iso: string, now: number, language: Locale, zone?: string): string {
  const date = new Date(iso);
  const year = (time: number) => (zone ? wallTime(time, zone).year : new Date(time).getFullYear());
  const sameYear = year(date.getTime()) === year(now);
  const options: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', timeZone: zone };
  return format(language, sameYear ? options : { ...options, year: 'numeric' })
    .format(date)
    .replace(/\s+г\.$/, '')
    .replace('.', '');
}

export function clockTime(iso: string, language: Locale, zone?: string): string {
  return format(language, { hour: '2-digit', minute: '2-digit', timeZone: zone }).format(new Date(iso));
}

/** A message's time: the hour today, the day and hour otherwise. */
export function moment(iso: string, now: number, language: Locale, zone?: string): string {
  const time = clockTime(iso, language, zone);
  if (startOfDay(Date.parse(iso), zone) === startOfDay(now, zone)) return time;
  return `${calendarDay(iso, now, language, zone)}, ${time}`;
}

/** Of a message: how long ago while it is fresh ("6 min ago"), its moment afterwards. */
export function relative(iso: string, now: number, language: Locale, zone?: string): string {
  const passed = now - Date.parse(iso);
  const format = new Intl.RelativeTimeFormat(language, { style: 'short', numeric: 'auto' });
  if (passed >= 0 && passed < minute) return sentence(language, 'time.just_now');
  if (passed >= minute && passed < hour) return format.format(-Math.floor(passed / minute), 'minute');
  if (passed >= hour && passed < 6 * hour) return format.format(-Math.floor(passed / hour), 'hour');
  return moment(iso, now, language, zone);
}

/** The whole date, for tooltips. */
export function fullTime(iso: string, language: Locale, zone?: string): string {
  return format(language, { dateStyle: 'full', timeStyle: 'short', timeZone: zone }).format(new Date(iso));
}

/** What lies ahead, short: "Mon 23 Nov, 09:00". */
export function ahead(iso: string, language: Locale, zone?: string): string {
  const options: Intl.DateTimeFormatOptions = { weekday: 'short', day: 'numeric', month: 'short' };
  return format(language, { ...options, hour: '2-digit', minute: '2-digit', timeZone: zone }).format(
    new Date(iso),
  );
}

export function fileSize(bytes: number, language: Locale): string {
  const write = (value: number, digits: number) =>
    value.toLocaleString(language, { maximumFractionDigits: digits });
  if (bytes < 1024) return sentence(language, 'size.b', { n: bytes });
  if (bytes < 1024 * 1024) return sentence(language, 'size.kb', { n: write(bytes / 1024, 0) });
  return sentence(language, 'size.mb', { n: write(bytes / 1024 / 1024, 1) });
}
