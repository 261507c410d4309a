import { describe, expect, it } from 'vitest';
import type { Page, TicketRow } from '../api/types';
import { placed } from './asking';
import { firstPage, isComplete, neighbour, patchRow, prefixOf, refreshed, type Slot } from './paging';

const row = (id: number, more: Partial<TicketRow> = {}) =>
  ({ id, subject: `t${id}`, version: 1, ...more }) as TicketRow;
const page = (ids: number[], next: string | null = null, total = ids.length): Page<TicketRow> => ({
  items: ids.map((id) => row(id)),
  next_cursor: next,
  total,
});
const ids = (slots: readonly Slot[]) => slots.map((slot) => slot?.id ?? 0);

describe('the list', () => {
  it('has a place for every ticket, and joins pages without showing a ticket twice', () => {
    const first = firstPage(page([1, 2, 3], 'c', 5));
    expect(ids(first.slots)).toEqual([1, 2, 3, 0, 0]);
    expect(prefixOf(first)).toBe(3);
    const model = placed(first, { at: 3, cursor: 'c', limit: 50 }, page([4, 5], null, 5));
    expect(ids(model.slots)).toEqual([1, 2, 3, 4, 5]);
    expect(isComplete(model)).toBe(true);
  });

  it('takes news at once while nobody aims at it', () => {
    const model = refreshed(firstPage(page([1, 2])), {
      fresh: page([9, 1, 2]),
      asked: 50,
      aiming: false,
      openId: null,
    });
    expect(ids(model.slots)).toEqual([9, 1, 2]);
    expect(model.held).toEqual([]);
  });

  it('does not put back what was changed here while it was read', () => {
    const before = patchRow(firstPage(page([1, 2])), 1, { subject: 'mine', version: 2 });
    const after = refreshed(before, { fresh: page([1, 2]), asked: 50, aiming: false, openId: null });
    expect(after.slots[0]).toMatchObject({ subject: 'mine', version: 2 });
    expect(patchRow(after, 1, { subject: 'old', version: 1 })).toBe(after);
  });

  it('holds new tickets behind the pill while somebody aims, and counts them', () => {
    const before = firstPage(page([1, 2, 3]));
    const model = refreshed(before, {
      fresh: page([8, 9, 1, 2, 3], null, 5),
      asked: 50,
      aiming: true,
      openId: null,
    });
    expect(ids(model.slots)).toEqual([1, 2, 3]);
    expect(model.held).toEqual([8, 9]);
    expect(model.total).toBe(5);
  });

  it('keeps the places of known rows while somebody aims, but shows their new content', () => {
    const fresh = page([3, 1, 2]);
    fresh.items[0] = row(3, { subject: 'changed' });
    const model = refreshed(firstPage(page([1, 2, 3])), { fresh, asked: 50, aiming: true, openId: null });
    expect(ids(model.slots)).toEqual([1, 2, 3]);
    expect(model.slots[2]?.subject).toBe('changed');
  });

  it('drops a ticket that left the view', () => {
    const change = { fresh: page([1, 3]), asked: 50, aiming: false, openId: null };
    expect(ids(refreshed(firstPage(page([1, 2, 3])), change).slots)).toEqual([1, 3]);
  });

  it('leaves a ticket that left the view in its place while somebody aims, and takes it away afterwards', () => {
    const change = { fresh: page([1, 3]), asked: 50, openId: null };
    const model = refreshed(firstPage(page([1, 2, 3])), { ...change, aiming: true });
    expect(ids(model.slots)).toEqual([1, 2, 3]);
    expect([...model.gone]).toEqual([2]);
    const after = refreshed(model, { ...change, aiming: false });
    expect(ids(after.slots)).toEqual([1, 3]);
    expect(after.gone.size).toBe(0);
  });

  it('does not take for news what moves up from the next page', () => {
    const before = firstPage(page([1, 2, 3], 'c', 9));
    const model = refreshed(before, { fresh: page([1, 3, 4], 'd', 8), asked: 3, aiming: true, openId: null });
    expect(model.held).toEqual([]);
    expect([...model.gone]).toEqual([2]);
  });

  it('does not take for gone what news has only pushed down', () => {
    const before = firstPage(page([1, 2, 3], 'c', 9));
    for (const aiming of [true, false]) {
      const model = refreshed(before, { fresh: page([8, 9, 1], 'd', 11), asked: 3, aiming, openId: null });
      expect(ids(model.slots.slice(0, prefixOf(model)))).toEqual(aiming ? [1, 2, 3] : [8, 9, 1, 2, 3]);
      expect(model.gone.size).toBe(0);
    }
  });

  it('keeps the open ticket at its place even when it left the view', () => {
    for (const aiming of [true, false]) {
      const model = refreshed(firstPage(page([1, 2, 3])), {
        fresh: page([1, 3]),
        asked: 50,
        aiming,
        openId: 2,
      });
      expect(ids(model.slots)).toEqual([1, 2, 3]);
    }
  });

  it('keeps what was loaded beyond the refreshed part', () => {
    const before = placed(
      firstPage(page([1, 2], 'a', 9)),
      { at: 2, cursor: 'a', limit: 2 },
      page([3, 4], 'b', 9),
    );
    const model = refreshed(before, { fresh: page([2, 1], 'x', 9), asked: 2, aiming: false, openId: null });
    expect(ids(model.slots)).toEqual([2, 1, 3, 4, 0, 0, 0, 0, 0]);
    expect([...model.cursors]).toEqual([[4, 'b']]);
  });

  it('patches one row and leaves the model alone for a stranger', () => {
    const model = firstPage(page([1, 2]));
    expect(patchRow(model, 2, { unread: true }).slots[1]?.unread).toBe(true);
    expect(patchRow(model, 7, { unread: true })).toBe(model);
  });

  it('walks to neighbours and stops at the ends', () => {
    const { slots } = firstPage(page([1, 2, 3]));
    expect(neighbour(slots, 1, 1)?.id).toBe(2);
    expect(neighbour(slots, 3, 1)).toBeUndefined();
    expect(neighbour(slots, null, 1)?.id).toBe(1);
    expect(neighbour(slots, null, -1)?.id).toBe(3);
  });
});
