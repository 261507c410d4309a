import { describe, expect, it } from 'vitest';
import type { Page, TicketRow } from '../api/types';
import { placed, trimmed, wanted, type Ask } from './asking';
import { firstPage, refreshed, type ListModel, type Slot } from './paging';

const row = (id: number) => ({ id, version: 1 }) as TicketRow;
const ids = (slots: readonly Slot[]) => slots.map((slot) => slot?.id ?? 0);

/** A server whose list changes: its cursors are exact, its numbers are of the moment. */
class Server {
  constructor(public list: number[]) {}

  page(from: number, limit: number): Page<TicketRow> {
    const items = this.list.slice(from, from + limit).map(row);
    const last = this.list[from + limit - 1];
    const more = from + limit < this.list.length;
    return { items, next_cursor: more ? String(last) : null, total: this.list.length };
  }

  answer(ask: Ask): Page<TicketRow> {
    const from = ask.cursor ? this.list.indexOf(Number(ask.cursor)) + 1 : (ask.skip ?? 0);
    return this.page(from, ask.limit);
  }
}

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

/** Looks at a range until nothing is missing; how many questions it took. */
function look(model: ListModel, server: Server, start: number, end: number): [ListModel, number] {
  let asked = 0;
  for (; asked < 8; asked++) {
    const ask = wanted(model, { start, end }, 100);
    if (!ask) break;
    model = placed(model, ask, server.answer(ask));
  }
  return [model, asked];
}

describe('the rows in sight', () => {
  it('of a hundred thousand are there after one question, wherever one jumps', () => {
    const server = new Server(upTo(100_000));
    let model = firstPage(server.page(0, 50));
    expect(model.slots.length).toBe(100_000);
    for (const at of [99_975, 50_000, 7, 31_415]) {
      let asked;
      [model, asked] = look(model, server, at, at + 25);
      expect(asked).toBeLessThanOrEqual(1);
      expect(ids(model.slots.slice(at, at + 25))).toEqual(upTo(25).map((nth) => at + nth));
    }
  });

  it('come without a gap and without doubles when one scrolls on, though tickets leave above', () => {
    const server = new Server(upTo(1_000));
    let model = firstPage(server.page(0, 50));
    [model] = look(model, server, 500, 520);
    server.list = server.list.filter((id) => id > 3);
    let asked;
    [model, asked] = look(model, server, 590, 610);
    expect(asked).toBe(1);
    const seen = ids(model.slots).slice(500, 610);
    expect(seen).toEqual(upTo(110).map((nth) => 500 + nth));
  });

  it('fit to those below when one scrolls up, whatever came or left meanwhile', () => {
    for (const change of [(list: number[]) => [-1, -2, -3, ...list], (list: number[]) => list.slice(5)]) {
      const server = new Server(upTo(1_000));
      let model = firstPage(server.page(0, 50));
      [model] = look(model, server, 500, 520);
      const top = model.slots.findIndex((slot, at) => slot !== null && at >= 50);
      server.list = change(server.list);
      [model] = look(model, server, top - 20, top + 5);
      const seen = ids(model.slots).slice(top - 20, top + 5);
      expect(seen).toEqual(seen.map((_, nth) => (seen[0] ?? 0) + nth));
      expect(ids(model.slots)[top]).toBe(top + 1);
    }
  });

  it('close up with the top of the list where they meet it', () => {
    const server = new Server(upTo(300));
    let model = firstPage(server.page(0, 50));
    [model] = look(model, server, 150, 170);
    server.list = server.list.filter((id) => id !== 10 && id !== 60);
    for (const at of [100, 60, 45]) [model] = look(model, server, at, at + 25);
    const known = ids(model.slots.slice(0, 170)).filter((id) => id !== 10);
    expect(known.slice(0, 150)).toEqual(server.list.slice(0, 150));
  });

  it('know drift from what is held back above', () => {
    const server = new Server(upTo(1_000));
    let model = firstPage(server.page(0, 50));
    server.list = [-1, -2, ...server.list];
    model = refreshed(model, { fresh: server.page(0, 50), asked: 50, aiming: true, openId: null });
    expect(model.held).toEqual([-1, -2]);
    [model] = look(model, server, 700, 720);
    expect(ids(model.slots.slice(700, 703))).toEqual([701, 702, 703]);
  });

  it('end where the list ends, also when it became shorter', () => {
    const server = new Server(upTo(400));
    let model = firstPage(server.page(0, 50));
    server.list = upTo(380);
    [model] = look(model, server, 375, 400);
    expect(ids(model.slots).at(-1)).toBe(380);
    server.list = [];
    [model] = look(model, server, 200, 220);
    expect(model.slots.length).toBeLessThanOrEqual(380);
  });

  it('are let go when they are far from everything one looks at', () => {
    const server = new Server(upTo(20_000));
    let model = firstPage(server.page(0, 50));
    for (let at = 0; at < 10_000; at += 90) {
      [model] = look(model, server, at, at + 25);
      const keep = [
        { start: 0, end: 200 },
        { start: at - 500, end: at + 525 },
      ];
      model = trimmed(model, keep, 2_400);
      expect(model.slots.filter(Boolean).length).toBeLessThanOrEqual(2_500);
    }
    expect(ids(model.slots.slice(0, 50))).toEqual(upTo(50));
    expect(model.slots[3_000]).toBeNull();
    [model] = look(model, server, 3_000, 3_025);
    expect(model.slots[3_000]?.id).toBe(3_001);
  });

  it('hold every ticket once and in order after a long walk through a restless list', () => {
    let seed = 7;
    const chance = (n: number) => (seed = (seed * 48_271) % 2_147_483_647) % n;
    const server = new Server(upTo(2_000));
    let model = firstPage(server.page(0, 50));
    let fresh = -1;
    for (let turn = 0; turn < 200; turn++) {
      const at = chance(1_950);
      let asked;
      [model, asked] = look(model, server, at, at + 25);
      expect(asked, `turn ${turn}`).toBeLessThan(8);
      const seen = ids(model.slots.slice(at, at + 25)).filter((id) => id !== 0);
      expect(new Set(seen).size, `turn ${turn}`).toBe(seen.length);
      if (turn % 3 === 0) server.list.splice(chance(server.list.length), 1);
      if (turn % 4 === 0) server.list.unshift(fresh--);
    }
    const all = ids(model.slots).filter((id) => id !== 0);
    expect(new Set(all).size).toBe(all.length);
  });
});
