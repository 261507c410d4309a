import { expect, test } from 'vitest';
import type { OnDuty, WallQueue, Worker } from '../api/types';
import { colleagues, sumsBy, total } from './sums';

const queue = (team_id: number | null, class_id: number | null, rest: Partial<WallQueue>): WallQueue => ({
  team_id,
  class_id,
  open: 1,
  waiting: 1,
  unassigned: 0,
  oldest: null,
  ...rest,
});
const queues = [
  queue(1, 7, { open: 3, waiting: 2, oldest: '2026-11-23T10:00:00Z' }),
  queue(1, null, { open: 2, waiting: 0, unassigned: 1 }),
  queue(null, 7, { oldest: '2026-11-23T08:00:00Z' }),
  queue(2, 8, { oldest: '2026-11-23T09:00:00.5Z' }),
];

test('all of it is the sum of its parts and the oldest of them', () => {
  expect(total(queues)).toEqual({
    id: null,
    open: 7,
    waiting: 4,
    unassigned: 1,
    oldest: '2026-11-23T08:00:00Z',
  });
  expect(total([])).toEqual({ id: null, open: 0, waiting: 0, unassigned: 0, oldest: null });
});

test('queues stand by who waits longest, and what is in none comes last', () => {
  expect(sumsBy(queues, 'team_id').map((sum) => [sum.id, sum.open])).toEqual([
    [2, 1],
    [1, 5],
    [null, 1],
  ]);
  expect(sumsBy(queues, 'class_id').map((sum) => sum.id)).toEqual([7, 8, null]);
});

const worker = (agent_id: number, rest: Partial<Worker> = {}): Worker => ({
  agent_id,
  away: false,
  connected: false,
  load: {},
  limits: {},
  raised: {},
  raised_until: null,
  skills: [],
  ...rest,
});
const duty = (agent_id: number): OnDuty => ({
  at: '',
  changes_at: null,
  left_out: [],
  classes: [
    {
      class_id: 7,
      name: 'Счета',
      colour: 'teal',
      needed: true,
      stand_ins: [],
      next: null,
      people: [
        { agent_id, name: '', kind: 'duty', shift_id: 1, starts_at: '', ends_at: '2026-11-23T18:00:00Z' },
      ],
    },
  ],
});

test('whoever is on duty comes first, whoever neither is there nor has anything is left out', () => {
  const people = [
    worker(1),
    worker(2, { load: { email: 2, chat: 1 }, limits: { '*': 3 }, raised: { '*': 5 } }),
    worker(3, { connected: true, away: true }),
    worker(4),
  ];
  const found = colleagues({ people, duty: duty(4) });
  expect(found.map((one) => [one.id, one.load, one.most, one.state])).toEqual([
    [4, 0, null, 'gone'],
    [2, 3, 5, 'gone'],
    [3, 0, null, 'away'],
  ]);
  expect(found[0]?.duties.map((one) => one.until)).toEqual(['2026-11-23T18:00:00Z']);
});
