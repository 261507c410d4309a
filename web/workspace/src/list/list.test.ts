import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api } from '../api';
import type { Page, TicketRow } from '../api/types';
import { list } from './list.svelte';

const page = (...ids: number[]): Page<TicketRow> => ({
  items: ids.map((id) => ({ id, version: 1 }) as TicketRow),
  next_cursor: null,
  total: ids.length,
});
/** Answers that come when the test says so, in the order of the questions. */
function answers() {
  const waiting: ((page: Page<TicketRow>) => void)[] = [];
  asking.mockImplementation(() => new Promise((done) => waiting.push(done)));
  return waiting;
}
const asking = vi.spyOn(api.tickets, 'list');
const shown = () => list.rows.map((row) => row?.id);
const settled = () => new Promise((done) => setTimeout(done));

beforeEach(async () => {
  asking.mockResolvedValue(page(1, 2));
  await list.show('is:open', 'updated');
});
afterEach(() => list.reset());

describe('reading the list again', () => {
  it('keeps the younger answer when an older one comes last', async () => {
    const waiting = answers();
    void list.showHeld();
    void list.showHeld();
    waiting[1]?.(page(3));
    await settled();
    waiting[0]?.(page(1, 2));
    await settled();
    expect(shown()).toEqual([3]);
  });

  it('does not put rows of one order into another', async () => {
    const waiting = answers();
    void list.showHeld();
    void list.show('is:open', '-priority');
    waiting[1]?.(page(2, 1));
    await settled();
    waiting[0]?.(page(1, 2));
    await settled();
    expect(shown()).toEqual([2, 1]);
  });
});
