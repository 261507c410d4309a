/** What the screen shows of a mass action, and for how long. */
import type { MassAction } from '../api/types';

export const isBusy = ({ state }: MassAction) => state === 'running' || state === 'undoing';

/** From 0 to 1. Taking back runs the other way. */
export function part(job: MassAction): number {
  if (job.total === 0) return 1;
  const through = job.done + job.failed + job.skipped;
  return Math.min(1, (job.state === 'undoing' ? job.total - job.done : through) / job.total);
}

/** Whole seconds in which it can still be taken back. */
export function undoLeft(job: MassAction, now: number): number {
  if (!job.undo_until || (job.state !== 'done' && job.state !== 'cancelled')) return 0;
  return Math.max(0, Math.ceil((Date.parse(job.undo_until) - now) / 1000));
}

/** News about a job may come twice or late, by the socket and by asking: the one that has come further counts. */
const order: MassAction['state'][] = ['running', 'done', 'cancelled', 'failed', 'undoing', 'undone'];
export function newer(known: MassAction | undefined, news: MassAction): MassAction {
  if (!known) return news;
  const rank = (job: MassAction) => order.indexOf(job.state);
  if (rank(news) !== rank(known)) return rank(news) > rank(known) ? news : known;
  return part(news) >= part(known) ? news : known;
}
