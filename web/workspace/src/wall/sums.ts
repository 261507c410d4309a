/** The wall's figures from what the server tells. Pure. */
import type { OnDuty, OnDutyClass, Wall, WallQueue, Worker } from '../api/types';

export interface Sum {
  id: number | null;
  open: number;
  waiting: number;
  unassigned: number;
  oldest: string | null;
}

const earlier = (a: string | null, b: string | null) =>
  a === null || (b !== null && Date.parse(b) < Date.parse(a)) ? b : a;

const adds = (sum: Sum, queue: WallQueue): Sum => ({
  id: sum.id,
  open: sum.open + queue.open,
  waiting: sum.waiting + queue.waiting,
  unassigned: sum.unassigned + queue.unassigned,
  oldest: earlier(sum.oldest, queue.oldest),
});

const nothing = (id: number | null): Sum => ({ id, open: 0, waiting: 0, unassigned: 0, oldest: null });

/** All of it. */
export const total = (queues: WallQueue[]): Sum => queues.reduce(adds, nothing(null));

/** By team or by class, those whose customers wait longest first; what is in none comes last. */
export function sumsBy(queues: WallQueue[], key: 'team_id' | 'class_id'): Sum[] {
  const sums = new Map<number | null, Sum>();
  for (const queue of queues) sums.set(queue[key], adds(sums.get(queue[key]) ?? nothing(queue[key]), queue));
  const rank = (sum: Sum) => (sum.oldest === null ? Infinity : Date.parse(sum.oldest));
  return [...sums.values()].sort(
    (a, b) => Number(a.id === null) - Number(b.id === null) || rank(a) - rank(b) || b.open - a.open,
  );
}

export interface Colleague {
  id: number;
  duties: { row: OnDutyClass; until: string }[];
  load: number;
  /** The most they take at once; null: without a limit. */
  most: number | null;
  state: 'here' | 'away' | 'gone';
}

/** Whoever is on duty, has something in hand or is there; whoever is on duty first, then by load. */
export function colleagues(wall: Pick<Wall, 'people' | 'duty'>): Colleague[] {
  const all = wall.people.map((worker) => colleague(worker, wall.duty));
  const matters = (one: Colleague) => one.duties.length > 0 || one.load > 0 || one.state !== 'gone';
  const onDuty = (one: Colleague) => Number(one.duties.length > 0);
  return all.filter(matters).sort((a, b) => onDuty(b) - onDuty(a) || b.load - a.load || a.id - b.id);
}

function colleague(worker: Worker, duty: OnDuty): Colleague {
  const duties = duty.classes.flatMap((row) => {
    const mine = row.people.find((person) => person.agent_id === worker.agent_id);
    return mine ? [{ row, until: mine.ends_at }] : [];
  });
  const load = Object.values(worker.load).reduce((sum, n) => sum + n, 0);
  const usual = worker.limits['*'];
  const most = usual === undefined ? null : Math.max(usual, worker.raised['*'] ?? 0);
  const state = worker.away ? 'away' : worker.connected ? 'here' : 'gone';
  return { id: worker.agent_id, duties, load, most, state };
}
