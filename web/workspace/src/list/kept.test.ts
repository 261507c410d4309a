import { beforeEach, describe, expect, it } from 'vitest';
import type { TicketRow } from '../api/types';
import { forget, keep, kept } from './kept';
import { firstPage, nothing } from './paging';

const page = (count: number, total = count) => ({
  items: Array.from({ length: count }, (_, id) => ({ id }) as TicketRow),
  next_cursor: total > count ? 'c' : null,
  total,
});

describe('lists looked at lately', () => {
  beforeEach(() => forget());

  it('are there again with their top and a place for all the rest', () => {
    keep('a', firstPage(page(50, 1_000)));
    expect(kept('a')?.slots.length).toBe(1_000);
    expect(kept('a')?.slots[49]?.id).toBe(49);
    expect(kept('a')?.slots[50]).toBeNull();
  });

  it('are not remembered when they are empty, nor for ever', () => {
    keep('nothing', nothing);
    expect(kept('nothing')).toBeUndefined();
    for (let nth = 0; nth < 20; nth++) keep(`${nth}`, firstPage(page(3)));
    expect(kept('0')).toBeUndefined();
    expect(kept('19')?.slots.length).toBe(3);
  });
});
