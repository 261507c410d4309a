/**
 * Which rows to read next, and where what was read belongs. Tickets come and leave while one scrolls, so a page is fitted
 * to the rows already on the screen rather than to its number. Pure.
 */
import type { Page, TicketRow } from '../api/types';
import { farthest, type ListModel, type Slot } from './paging';

export interface Range {
  start: number;
  end: number;
}

export interface Ask {
  /** Where its first row is expected to stand. */
  at: number;
  limit: number;
  cursor?: string;
  skip?: number;
}

/** So many known rows are read once more, to see how a page fits. */
const overlap = 10;

/** What must be read to fill a range; null when nothing is missing there. */
export function wanted({ slots, cursors, held, gone }: ListModel, range: Range, size: number): Ask | null {
  const end = Math.min(range.end, slots.length);
  let from = Math.max(0, range.start);
  while (from < end && slots[from] !== null) from += 1;
  if (from >= end) return null;
  const cursor = cursors.get(from);
  if (cursor) return { at: from, cursor, limit: size };
  // Rows that came or left above, and are not shown so.
  const drift = held.length - gone.size;
  let to = from;
  while (to < slots.length && to < from + size && slots[to] === null) to += 1;
  const known = slots[to] ? to : null;
  const first = known === null ? Math.max(0, from - Math.floor(size / 4)) : Math.max(0, known - size);
  let at = from;
  while (at > first && slots[at - 1] === null) at -= 1;
  const above = at > 0 && slots[at - 1] ? Math.min(overlap, at) : 0;
  at -= above;
  const limit = known === null ? size + above : known - at + overlap;
  return { at, skip: Math.max(0, at + drift), limit };
}

interface Pin {
  /** In the page; -1 just before it. */
  nth: number;
  place: number;
}

/** The list with a page in it: fitted to the rows it has in common with the list, else where it was expected. */
export function placed(model: ListModel, ask: Ask, page: Page<TicketRow>): ListModel {
  const { items } = page;
  const places = new Map<number, number>();
  model.slots.forEach((row, at) => row && places.set(row.id, at));
  const pins = pinsOf(ask, items, places);
  const slots = [...model.slots];
  const pinned = new Set(pins.map(({ nth }) => nth));
  // What is known elsewhere has moved: it stands where it was read last.
  items.forEach((row, nth) => {
    const place = places.get(row.id);
    if (place !== undefined && !pinned.has(nth)) slots[place] = null;
  });
  const { joined, end } = fitted(slots, pins.length > 0 ? pins : [{ nth: -1, place: ask.at - 1 }], items);
  const cursors = new Map([...model.cursors].filter(([at]) => at < ask.at && joined[at] === null));
  if (page.next_cursor && end !== null && joined[end] === null) cursors.set(end, page.next_cursor);
  const over = !page.next_cursor && end !== null && joined.slice(end).every((row) => row === null);
  const whole = over ? joined.slice(0, end) : joined;
  return {
    ...model,
    slots: whole.length > farthest ? whole.slice(0, farthest) : whole,
    cursors,
    total: page.total,
  };
}

/** Rows of the page that stand where one would look for them; a page read on from a row is pinned to it. */
function pinsOf(ask: Ask, items: TicketRow[], places: Map<number, number>): Pin[] {
  const exact = ask.cursor !== undefined || ask.skip === 0;
  const pins: Pin[] = exact ? [{ nth: -1, place: ask.at - 1 }] : [];
  items.forEach((row, nth) => {
    const place = places.get(row.id);
    if (place === undefined || Math.abs(place - ask.at - nth) > ask.limit) return;
    if (place > (pins.at(-1)?.place ?? -1)) pins.push({ nth, place });
  });
  return pins;
}

/** Between two pins stands exactly what the page has there; outside of them it fills what is empty. */
function fitted(slots: Slot[], pins: Pin[], items: TicketRow[]): { joined: Slot[]; end: number | null } {
  const [first] = pins;
  if (!first) return { joined: slots, end: null };
  const joined = slots.slice(0, first.place + 1);
  while (joined.length <= first.place) joined.push(null);
  for (let nth = first.nth, place = first.place; nth >= 0 && place >= 0; nth--, place--) {
    if (nth < first.nth && joined[place] !== null) break;
    joined[place] = items[nth] ?? null;
  }
  for (const [at, pin] of pins.slice(1).entries()) {
    const before = pins[at] ?? first;
    const kept = slots.slice(before.place + 1, pin.place).filter((row) => row !== null);
    joined.push(...kept, ...items.slice(before.nth + 1, pin.nth + 1));
  }
  const last = pins.at(-1) ?? first;
  const tail = slots.slice(last.place + 1);
  const more = items.slice(last.nth + 1);
  const room = tail.findIndex((row) => row !== null);
  const fits = room === -1 ? more : more.slice(0, room);
  const end = fits.length === more.length ? joined.length + more.length : null;
  return { joined: [...joined, ...fits, ...tail.slice(fits.length)], end };
}

/** Lets rows go that are far from all these ranges, when there are more than so many. */
export function trimmed(model: ListModel, keep: readonly Range[], most: number): ListModel {
  let count = 0;
  for (const row of model.slots) if (row) count += 1;
  if (count <= most) return model;
  const slots = model.slots.map((row, at) =>
    row && keep.some(({ start, end }) => at >= start && at < end) ? row : null,
  );
  const cursors = new Map([...model.cursors].filter(([at]) => at > 0 && slots[at - 1] !== null));
  return { ...model, slots, cursors };
}
