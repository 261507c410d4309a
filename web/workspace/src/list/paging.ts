/**
 * The list as data: a place for every ticket, filled where somebody has looked, and news woven in without moving what a
 * person is aiming at. Pure functions; the store in `list.svelte.ts` does the fetching, `asking.ts` decides what.
 */
import type { Page, TicketRow } from '../api/types';

export type Slot = TicketRow | null;

export interface ListModel {
  /** A place for every ticket; null where nothing was read yet, or was let go again. */
  slots: readonly Slot[];
  /** Where the list can be read on from exactly, whatever has changed above. */
  cursors: ReadonlyMap<number, string>;
  total: number;
  /** Tickets that belong to the list but are held back behind the "3 new" pill. */
  held: number[];
  /** Tickets that have left the list but keep their places while somebody aims. */
  gone: ReadonlySet<number>;
}

/** Browsers cannot draw higher than this many rows; who has more narrows the filter. */
export const farthest = 200_000;

const nobody: ReadonlySet<number> = new Set();
export const nothing: ListModel = { slots: [], cursors: new Map(), total: 0, held: [], gone: nobody };

/** Rows and behind them places for what is not read yet, as many as there are. */
export function padded(rows: readonly Slot[], count: number): Slot[] {
  const length = Math.min(farthest, Math.max(rows.length, count));
  const slots: Slot[] = new Array<Slot>(length).fill(null);
  for (let at = 0; at < rows.length && at < length; at++) slots[at] = rows[at] ?? null;
  return slots;
}

export function firstPage(page: Page<TicketRow>): ListModel {
  return {
    slots: padded(page.items, page.next_cursor ? page.total : 0),
    cursors: page.next_cursor ? new Map([[page.items.length, page.next_cursor]]) : new Map(),
    total: page.total,
    held: [],
    gone: nobody,
  };
}

/** How many rows are there from the top on without a gap. */
export function prefixOf({ slots }: Pick<ListModel, 'slots'>): number {
  const gap = slots.indexOf(null);
  return gap === -1 ? slots.length : gap;
}

export const isComplete = (model: ListModel) => prefixOf(model) === model.slots.length;

export interface Refresh {
  /** A fresh read from the top of the list, as many rows as were asked for. */
  fresh: Page<TicketRow>;
  /** How many rows were asked for. */
  asked: number;
  /** The person is aiming at the list: known rows keep their places, new ones wait behind the pill. */
  aiming: boolean;
  /** The open ticket stays in sight even if it no longer belongs to the list. */
  openId: number | null;
}

export function refreshed(model: ListModel, { fresh: read, asked, aiming, openId }: Refresh): ListModel {
  const top = model.slots.slice(0, prefixOf(model)) as TicketRow[];
  const fresh = { ...read, items: youngest(read.items, top) };
  const freshById = new Map(fresh.items.map((row) => [row.id, row]));
  const complete = !fresh.next_cursor || fresh.items.length < asked;
  const beyond = complete ? [] : unread(top, asked, freshById);
  const end = fresh.next_cursor ?? null;
  if (!aiming) {
    // Nobody looks farther down: what was read there may stand elsewhere by now.
    const rows = withOpen([...fresh.items, ...beyond], top, openId);
    const known = beyond.length > 0 ? model.cursors.get(top.length) : end;
    return {
      slots: complete ? rows : padded(rows, fresh.total),
      cursors: known ? new Map([[rows.length, known]]) : new Map(),
      total: fresh.total,
      held: [],
      gone: nobody,
    };
  }
  const beyondIds = new Set(beyond.map((row) => row.id));
  const items = top.map((row) => freshById.get(row.id) ?? row);
  const shown = new Set(items.map((row) => row.id));
  // Behind the last known row stands what the next page would bring: that is no news.
  const known = fresh.items.findLastIndex((row) => shown.has(row.id));
  const fits = complete ? [] : fresh.items.slice(known === -1 ? top.length : known + 1);
  const late = new Set(fits.map((row) => row.id));
  const held = fresh.items.filter((row) => !shown.has(row.id) && !late.has(row.id)).map((row) => row.id);
  const left = items.filter((row) => !freshById.has(row.id) && !beyondIds.has(row.id) && row.id !== openId);
  const gone = new Set(left.map((row) => row.id));
  const slots = [...items, ...model.slots.slice(items.length)];
  const cursors = new Map(model.cursors);
  if (held.length === 0 && beyond.length === 0 && end) cursors.set(items.length, end);
  return {
    slots: complete ? slots : padded(slots, fresh.total - held.length + gone.size),
    cursors,
    total: fresh.total,
    held,
    gone,
  };
}

/** A row that has changed here while the list was read stays as it is. */
function youngest(items: TicketRow[], shown: TicketRow[]): TicketRow[] {
  const known = new Map(shown.map((row) => [row.id, row]));
  return items.map((row) => {
    const before = known.get(row.id);
    return before && before.version > row.version ? before : row;
  });
}

/** What the fresh read did not reach: the rows after it, and those that news has pushed out of it. */
function unread(items: TicketRow[], asked: number, freshById: Map<number, TicketRow>): TicketRow[] {
  const reached = items.slice(0, asked).findLastIndex((row) => freshById.has(row.id));
  const from = reached === -1 ? asked : reached + 1;
  return items.slice(from).filter((row) => !freshById.has(row.id));
}

/** The open ticket keeps its place among its old neighbours. */
function withOpen(items: TicketRow[], before: TicketRow[], openId: number | null): TicketRow[] {
  if (openId === null || items.some((row) => row.id === openId)) return items;
  const at = before.findIndex((row) => row.id === openId);
  const open = before[at];
  if (!open) return items;
  return [...items.slice(0, at), open, ...items.slice(at)];
}

export function placeOf(slots: readonly Slot[], id: number | null): number {
  return id === null ? -1 : slots.findIndex((row) => row?.id === id);
}

/** What is older than the row does not touch it. */
export function patchRow(model: ListModel, id: number, changes: Partial<TicketRow>): ListModel {
  const at = placeOf(model.slots, id);
  const row = model.slots[at];
  if (!row || isAlready(row, changes) || (changes.version ?? row.version) < row.version) return model;
  return { ...model, slots: model.slots.with(at, { ...row, ...changes }) };
}

/** Most tickets are opened as the list knows them: then nothing is drawn anew. */
const isAlready = (row: TicketRow, changes: Partial<TicketRow>): boolean =>
  Object.entries(changes).every(([name, value]) => {
    const known = row[name as keyof TicketRow];
    return known === value || JSON.stringify(known) === JSON.stringify(value);
  });

/** The row after (or before) a ticket, as far as rows are known; from nowhere, the first. */
export function neighbour(slots: readonly Slot[], id: number | null, step: 1 | -1): TicketRow | undefined {
  const at = placeOf(slots, id);
  return slots[at === -1 ? (step === 1 ? 0 : slots.length - 1) : at + step] ?? undefined;
}
