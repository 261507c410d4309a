/**
 * Lengths of time as people type them: "8 ч", "15 мин", "2:40", "1 д", "1h 30m", "1,5 ч", in either language and any
 * spelling that can only mean one thing. A bare number is hours; "2:40" is hours and minutes, "0:02:40" has seconds too.
 * A day of a calendar is as many hours as people work on it, of the wall clock 24. Pure.
 */
import type { Locale } from '../../api/types';
import { sentence } from '../../i18n/index.svelte';

/** A target is at most a year. */
export const longest = 366 * 86_400;
/** What a day is where only working hours count. */
export const workingDay = 8;
const workingWeek = 5;

const spellings: [RegExp, (dayHours: number) => number][] = [
  [/^(с|сек|секунд[аыу]?|s|secs?|seconds?)$/, () => 1],
  [/^(м|мин|минут[аыу]?|m|mins?|minutes?)$/, () => 60],
  [/^(ч|час|часа|часов|h|hrs?|hours?)$/, () => 3600],
  [/^(д|дн|день|дня|дней|d|days?)$/, (dayHours) => dayHours * 3600],
  [/^(н|нед|недел[яиюь]|w|wks?|weeks?)$/, (dayHours) => dayHours * 3600 * (dayHours < 24 ? workingWeek : 7)],
];

const sizeOf = (unit: string, dayHours: number) =>
  spellings.find(([pattern]) => pattern.test(unit))?.[1](dayHours);

/** In whole seconds; null when nothing is promised, nothing at all when it cannot be understood. */
export function readLength(typed: string, dayHours = 24): number | null | undefined {
  const text = typed.trim().toLowerCase().replace(/[  ]/g, ' ');
  if (text === '' || /^[-–—]$/.test(text)) return null;
  const seconds = clockFace(text) ?? pieces(text, dayHours);
  if (seconds === undefined || !Number.isFinite(seconds)) return undefined;
  const whole = Math.round(seconds);
  return whole >= 1 && whole <= longest ? whole : undefined;
}

function clockFace(text: string): number | undefined {
  const found = /^(\d{1,4}):(\d{1,2})(?::(\d{1,2}))?$/.exec(text);
  if (!found) return undefined;
  const [hours, minutes, seconds] = found.slice(1).map((part) => Number(part ?? 0));
  if ((minutes ?? 0) > 59 || (seconds ?? 0) > 59) return undefined;
  return (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
}

function pieces(text: string, dayHours: number): number | undefined {
  if (/^\d+([.,]\d+)?$/.test(text)) return Number(text.replace(',', '.')) * 3600;
  const piece = /(\d+(?:[.,]\d+)?)\s*([a-zа-яё]+)\.?\s*(?:,|и\s|and\s)?\s*/y;
  let sum = 0;
  while (piece.lastIndex < text.length) {
    const found = piece.exec(text);
    const size = found && sizeOf(found[2] ?? '', dayHours);
    if (!found || size === undefined || size === null) return undefined;
    sum += Number((found[1] ?? '').replace(',', '.')) * size;
  }
  return sum;
}

/** As it would be typed, without loss: "2 мин 40 с". Empty when nothing is promised. */
export function writeLength(seconds: number | null | undefined, language: Locale, dayHours = 24): string {
  if (seconds === null || seconds === undefined) return '';
  const units = [
    ['time.days', dayHours * 3600],
    ['time.hours', 3600],
    ['time.minutes', 60],
    ['sla.seconds', 1],
  ] as const;
  const parts: string[] = [];
  let rest = seconds;
  for (const [key, size] of units) {
    const n = Math.floor(rest / size);
    if (n > 0) parts.push(sentence(language, key, { n: String(n) }));
    rest -= n * size;
  }
  return parts.join(' ');
}
