import { describe, expect, it } from 'vitest';
import type { TicketRow } from '../api/types';
import { groupKey, grouped } from './grouping';
import { blocksIn, heldStill, indexAt, inSight, layOut, topOf } from './layout';
import { nothingChosen, ranged, toggled } from './selection';

const row = (id: number, more: Partial<TicketRow> = {}) => ({ id, ...more }) as TicketRow;
const rows = (count: number) => Array.from({ length: count }, (_, at) => row(at));
const sizes = { rowHeight: 76, headHeight: 32 };

describe('the window on the list', () => {
  it('draws a screenful of a hundred thousand rows, wherever it stands', () => {
    const layout = layOut(rows(100_000), [], sizes);
    expect(layout.height).toBe(7_600_000);
    for (const at of [0, 1, 49_999, 99_990]) {
      const { start, end } = inSight(layout, topOf(layout, at), 900);
      expect(start).toBeLessThanOrEqual(at);
      expect(end).toBeGreaterThan(at);
      expect(end - start).toBeLessThanOrEqual(Math.ceil(900 / 76) + 14);
    }
    expect(inSight(layout, layout.height, 900).end).toBe(100_000);
  });

  it('finds the row at a height and the height of a row, whichever way one asks', () => {
    const layout = layOut(rows(100_000), [], sizes);
    for (const at of [0, 7, 31_415, 99_999]) expect(indexAt(layout, topOf(layout, at))).toBe(at);
    expect(indexAt(layout, -50)).toBe(0);
    expect(indexAt(layout, 1e9)).toBe(99_999);
  });

  it('counts headings in, and draws only the groups that are in sight', () => {
    const groups = [
      { key: 'a', count: 10 },
      { key: 'b', count: 99_000 },
      { key: 'c', count: 990 },
    ];
    const layout = layOut(rows(100_000), groups, sizes);
    expect(layout.height).toBe(100_000 * 76 + 3 * 32);
    expect(topOf(layout, 10)).toBe(10 * 76 + 32 + 32);
    const range = inSight(layout, topOf(layout, 50_000), 900);
    expect(blocksIn(layout, range).map((block) => block.key)).toEqual(['b']);
    for (const at of [0, 9, 10, 50_000, 99_009, 99_010, 99_999]) {
      expect(indexAt(layout, topOf(layout, at))).toBe(at);
    }
  });

  it('is empty for an empty list', () => {
    expect(inSight(layOut([], [], sizes), 0, 900)).toEqual({ start: 0, end: 0 });
  });

  it('stays on a row when others come above it, and when rows become lower', () => {
    const before = layOut(rows(50), [], sizes);
    const after = layOut([row(900), row(901), ...rows(50)], [], sizes);
    expect(heldStill(before, after, 20, 1000)).toBe(1000 + 2 * 76);
    expect(heldStill(before, layOut(rows(50), [], { ...sizes, rowHeight: 48 }), 20, 1520)).toBe(
      1520 - 20 * 28,
    );
    expect(heldStill(before, after, 12345, 1000)).toBeNull();
  });
});

describe('groups', () => {
  const some = [
    row(1, { status: 'solved', priority: 'low', assignee_id: null }),
    row(2, { status: 'new', priority: 'urgent', assignee_id: 7 }),
    row(3, { status: 'solved', priority: 'low', assignee_id: 5 }),
  ];
  const ids = (list: TicketRow[]) => list.map((one) => one.id);

  it('stand in the order of what they mean, and their rows keep the order of the list', () => {
    const byStatus = grouped(some, 'status', 'updated', String);
    expect(byStatus.groups).toEqual([
      { key: 'new', count: 1 },
      { key: 'solved', count: 2 },
    ]);
    expect(ids(byStatus.rows)).toEqual([2, 1, 3]);
    expect(grouped(some, 'priority', 'updated', String).groups[0]?.key).toBe('urgent');
  });

  it('of people go by name, and nobody comes last', () => {
    const names: Record<string, string> = { 5: 'Борис', 7: 'Анна' };
    expect(ids(grouped(some, 'assignee', 'updated', (key) => names[key] ?? '').rows)).toEqual([2, 3, 1]);
  });

  it('of days look at the time the list is ordered by', () => {
    const one = row(1, {
      created_at: new Date(2026, 0, 5, 12).toISOString(),
      updated_at: new Date(2026, 1, 6, 12).toISOString(),
    });
    expect(groupKey(one, 'day', '-created')).toBe('2026-01-05');
    expect(groupKey(one, 'day', 'updated')).toBe('2026-02-06');
  });

  it('that are not asked for change nothing', () => {
    expect(grouped(some, 'none', 'updated', String)).toEqual({ rows: some, groups: [] });
  });
});

describe('a selection', () => {
  const list = rows(10);
  const chosen = (selection: typeof nothingChosen) => [...selection.ids].sort((a, b) => a - b);

  it('goes from the last choice to the click, in either direction', () => {
    const down = ranged(toggled(nothingChosen, list, 3), list, 6);
    expect(chosen(down)).toEqual([3, 4, 5, 6]);
    expect(chosen(ranged(down, list, 1))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('survives that its beginning was not loaded or has left', () => {
    expect(chosen(ranged(toggled(nothingChosen, list, 99), list, 4))).toEqual([4, 99]);
  });

  it('of everything becomes one of the loaded rows when one of them is taken out', () => {
    const rest = toggled({ ...nothingChosen, all: true }, list, 0);
    expect(rest.all).toBe(false);
    expect(rest.ids.size).toBe(9);
    expect(rest.ids.has(0)).toBe(false);
  });
});
