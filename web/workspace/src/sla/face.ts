/**
 * How a deadline stands, and until when it stands so: calm, soon, late, or standing still. Pure: the moment is handed in,
 * by the server's clock.
 */
import type { Locale, SlaMetric, TicketSla } from '../api/types';
import { left, staysFor, staysUp, whole } from './words';

export type Standing = 'calm' | 'soon' | 'late' | 'still';
export interface Face {
  standing: Standing;
  metric: SlaMetric;
  /** "0:42", without a sign. */
  span: string;
  /** The same in seconds, cut where the span is. */
  seconds: number;
  /** More than half of the time there was is over. */
  half: boolean;
  /** When it is due, or was; null while it stands still. */
  due: number | null;
  /** From then on it looks different; never while it stands still. */
  changes: number;
}

export function faceOf(sla: TicketSla, now: number, language: Locale): Face {
  const { metric } = sla;
  if (!sla.due_at) {
    const seconds = Math.max(0, sla.remaining_seconds ?? 0);
    const standing = sla.breached ? 'late' : 'still';
    const span = left(seconds * 1000, language);
    return { standing, metric, span, seconds, half: false, due: null, changes: Infinity };
  }
  const due = Date.parse(sla.due_at);
  const rest = due - now;
  // A screen knows by itself when it is too late; the server may still be on its way to say so.
  if (rest <= 0) {
    const over = now - due;
    const said = { span: left(over, language), seconds: whole(over), changes: now + staysUp(over) };
    return { standing: 'late', metric, half: true, due, ...said };
  }
  const warn = sla.warn_at ? Date.parse(sla.warn_at) : due;
  const soon = now >= warn;
  const turn = due - 2 * (due - warn);
  const turns = [warn, turn].filter((moment) => moment > now);
  return {
    standing: soon ? 'soon' : 'calm',
    metric,
    span: left(rest, language),
    seconds: whole(rest),
    half: now >= turn,
    due,
    changes: Math.min(now + staysFor(rest), ...turns),
  };
}
