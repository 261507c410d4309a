/** Deadlines in words: lengths as a clock shows them, names of what is measured. Pure but for the language. */
import type { Locale, PolicyMetric } from '../api/types';
import { sentence } from '../i18n/index.svelte';

/** What a policy can promise; a promise is made by a person. */
export const metrics: PolicyMetric[] = [
  'first_response',
  'next_response',
  'resolution',
  'pick_up',
  'team_time',
];

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** What is left, short: "42 s", "0:42", "23 h", "3 d". Whatever has begun and is not over is left out. */
export function left(ms: number, language: Locale): string {
  if (ms < minute) return sentence(language, 'sla.seconds', { n: Math.floor(ms / second) });
  if (ms < 10 * hour) {
    const minutes = Math.floor(ms / minute);
    return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
  }
  if (ms < 2 * day) return sentence(language, 'time.hours', { n: Math.floor(ms / hour) });
  return sentence(language, 'time.days', { n: Math.floor(ms / day) });
}

/** How long `left` says the same, counting down. */
export function staysFor(ms: number): number {
  const unit = unitOf(ms);
  // What is a whole number of its unit is less of it in a moment.
  return (ms % unit) + 1;
}

/** How long `left` says the same, counting up. */
export function staysUp(ms: number): number {
  const unit = unitOf(ms);
  return unit - (ms % unit);
}

/** What `left` says, in seconds. */
export const whole = (ms: number): number => (ms - (ms % unitOf(ms))) / second;

const unitOf = (ms: number) => (ms < minute ? second : ms < 10 * hour ? minute : ms < 2 * day ? hour : day);

/** A length in words, of at most two units: "2 h 40 min", "3 d". Days of so many hours. */
export function length(seconds: number, language: Locale, dayHours = 24): string {
  const units = [
    ['time.days', dayHours * 3600],
    ['time.hours', 3600],
    ['time.minutes', 60],
    ['sla.seconds', 1],
  ] as const;
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first === -1) return sentence(language, 'sla.seconds', { n: 0 });
  const [key, size] = units[first] ?? units[3];
  const whole = sentence(language, key, { n: Math.floor(seconds / size) });
  const next = units[first + 1];
  const rest = next ? Math.floor((seconds % size) / next[1]) : 0;
  return next && rest > 0
    ? sentence(language, 'sla.two', { first: whole, second: sentence(language, next[0], { n: rest }) })
    : whole;
}
