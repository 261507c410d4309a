/**
 * The list as data: pages joined without doubles, and news woven in without moving what a person is aiming at.
 * Pure functions; the store in `list.svelte.ts` does the fetching.
 */
import type { Page, TicketRow } from '../api/types';

export interface ListModel {
  items: TicketRow[];
  cursor: string | null;
  total: number;
  /** Tickets that belong to the list but are held back behind the "3 new" pill. */
  held: number[];
  /** Tickets that have left the list but keep their places while somebody aims. */
  gone: ReadonlySet<number>;
}

const nobody: ReadonlySet<number> = new Set();
export const nothing: ListModel = { items: [], cursor: null, total: 0, held: [], gone: nobody };

export function firstPage(page: Page<TicketRow>): ListModel {
  return { items: page.items, cursor: page.next_cursor ?? null, total: page.total, held: [], gone: nobody };
}

/** The ids of a list, grown along with it: a hundred thousand of them are not gathered anew for every page. */
const idsOf = new WeakMap<TicketRow[], Set<number>>();

export function nextPage(model: ListModel, page: Page<TicketRow>): ListModel {
  const known = idsOf.get(model.items) ?? new Set(model.items.map((row) => row.id));
  const items = [...model.items, ...page.items.filter((row) => !known.has(row.id))];
  for (const row of page.items) known.add(row.id);
  idsOf.delete(model.items);
  idsOf.set(items, known);
  return { ...model, items, cursor: page.next_cursor ?? null, total: page.total };
}

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

export function refreshed(model: ListModel, { fresh, asked, aiming, openId }: Refresh): ListModel {
  const freshById = new Map(fresh.items.map((row) => [row.id, row]));
  const complete = !fresh.next_cursor || fresh.items.length < asked;
  const beyond = complete ? [] : unread(model.items, asked, freshById);
  const cursor = beyond.length > 0 ? model.cursor : (fresh.next_cursor ?? null);
  if (!aiming) {
    return {
      items: withOpen([...fresh.items, ...beyond], model.items, openId),
      cursor,
      total: fresh.total,
      held: [],
      gone: nobody,
    };
  }
  const beyondIds = new Set(beyond.map((row) => row.id));
  const items = model.items.map((row) => freshById.get(row.id) ?? row);
  const shown = new Set(items.map((row) => row.id));
  // Behind the last known row stands what the next page would bring: that is no news.
  const known = fresh.items.findLastIndex((row) => shown.has(row.id));
  const fits = complete ? [] : fresh.items.slice(known === -1 ? model.items.length : known + 1);
  const late = new Set(fits.map((row) => row.id));
  const held = fresh.items.filter((row) => !shown.has(row.id) && !late.has(row.id)).map((row) => row.id);
  const left = items.filter((row) => !freshById.has(row.id) && !beyondIds.has(row.id) && row.id !== openId);
  const nextCursor = held.length === 0 && beyond.length === 0 ? (fresh.next_cursor ?? null) : model.cursor;
  return { items, cursor: nextCursor, total: fresh.total, held, gone: new Set(left.map((row) => row.id)) };
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

export function patchRow(model: ListModel, id: number, changes: Partial<TicketRow>): ListModel {
  if (!model.items.some((row) => row.id === id)) return model;
  return { ...model, items: model.items.map((row) => (row.id === id ? { ...row, ...changes } : row)) };
}

/** The row after (or before) a ticket; from nowhere, the first. */
export function neighbour(items: TicketRow[], id: number | null, step: 1 | -1): TicketRow | undefined {
  const at = items.findIndex((row) => row.id === id);
  if (at === -1) return step === 1 ? items[0] : items[items.length - 1];
  return items[at + step];
}
