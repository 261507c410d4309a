/** Days and lengths as agreements say them. */
import { locale, t } from '../i18n/index.svelte';

/** A day of the calendar, the same wherever its reader is. */
export function dayOf(day: string): string {
  const date = new Date(`${day}T12:00:00`);
  if (Number.isNaN(date.getTime())) return day;
  return date.toLocaleDateString(locale.current === 'en' ? 'en-GB' : 'ru', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  });
}

export function minutes(all: number): string {
  const sign = all < 0 ? '−' : '';
  const [hours, rest] = [Math.floor(Math.abs(all) / 60), Math.abs(all) % 60];
  if (hours === 0) return sign + t('training.minutes', { n: rest });
  if (rest === 0) return sign + t('training.hours', { n: hours });
  return sign + t('training.hours_minutes', { hours, n: rest });
}
