/** The ticket list on screen: one query, what of it was read, and what the live socket says about it. */
import { api, ApiError, asOf, firstRows } from '../api';
import type { Group, TicketRow } from '../api/types';
import { rowOf } from '../conversation/optimistic';
import { live } from '../live/live.svelte';
import { Turns } from '../state/turns';
import type { Range } from './asking';
import { Filling } from './filling';
import { grouped, type Grouped } from './grouping';
import { groupLabel } from './groupWords';
import { forget, keep, kept } from './kept';
import {
  firstPage,
  neighbour,
  nothing,
  patchRow,
  placeOf,
  prefixOf,
  refreshed,
  type ListModel,
  type Slot,
} from './paging';
import { idsOf } from './selection';

const refreshLimit = 200;
/** So many are read for a choice that reaches over rows never seen. */
const wholePage = 1000;
export const longestRange = 10_000;

/** News about so many far rows is remembered; under a mass action the rest wait for the next read. */
const mostFar = 40;
/** News of one moment makes one read; news after a silence is read at once. */
const together = 150;

const nameOf = (q: string, sort: string) => `${sort} ${q}`;

class TicketList {
  model = $state.raw<ListModel>(nothing);
  loading = $state(false);
  /** Rows in sight are on their way. */
  filling = $state(false);
  failed = $state.raw<unknown>(null);
  /** What is shown is what this device remembers, since then. */
  asOf = $state<number | null>(null);
  /** The row the keyboard stands on. */
  cursorId = $state<number | null>(null);
  openId = $state<number | null>(null);
  /** Set by the list's view while the pointer rests on it or it is scrolled. */
  aiming = false;

  group = $state<Group>('none');
  private sort = $state('');
  private readonly order: Grouped = $derived.by(() => {
    const top = this.model.slots.slice(0, prefixOf(this.model)) as TicketRow[];
    return grouped(top, this.group, this.sort, (key) => groupLabel(this.group, key, top));
  });

  private q = $state<string | null>(null);
  private request: AbortController | null = null;
  private far = new Set<number>();
  private fetchingFar = false;
  private reads = new Turns();
  private refreshedAt = -Infinity;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly filler = new Filling({
    model: () => this.model,
    protect: () => [this.cursorId, this.openId],
    read: (ask, signal) => {
      const { cursor, skip, limit } = ask;
      return api.tickets.list({ q: this.query, sort: this.sort, limit, cursor, skip }, signal);
    },
    put: (model) => {
      this.model = model;
      this.failed = null;
    },
    fail: (error) => (this.failed = error),
    busy: (on) => (this.filling = on),
  });

  /** The rows as they stand on the screen; in groups only those that are known, otherwise a place for each. */
  get rows(): readonly Slot[] {
    return this.group === 'none' ? this.model.slots : this.order.rows;
  }
  get groups(): Grouped['groups'] {
    return this.group === 'none' ? [] : this.order.groups;
  }
  get query(): string {
    return this.q ?? '';
  }

  async show(q: string, sort: string): Promise<void> {
    if (q === this.q && sort === this.sort && !this.failed) return;
    if (this.q !== null && !this.loading && !this.failed) keep(nameOf(this.q, this.sort), this.model);
    this.q = q;
    this.sort = sort;
    this.cursorId = null;
    this.filler.stop();
    const before = kept(nameOf(q, sort));
    this.model = before ?? nothing;
    this.loading = before === undefined;
    await this.fetchFirst();
  }

  /** Somebody else may sign in next. */
  reset(): void {
    this.request?.abort();
    this.filler.stop();
    clearTimeout(this.timer);
    this.q = null;
    this.model = nothing;
    this.failed = null;
    this.loading = false;
    this.far.clear();
    forget();
    this.cursorId = null;
    this.openId = null;
  }

  async retry(): Promise<void> {
    this.loading = true;
    await this.fetchFirst();
  }

  /** Shows what waits behind the pill. */
  async showHeld(): Promise<void> {
    this.aiming = false;
    await this.refresh();
  }

  /** These rows are in sight: what of them is missing comes. In groups it is what follows the last known one. */
  need(range: Range): void {
    if (this.loading || this.q === null) return;
    if (this.group === 'none') return this.filler.need(range);
    const known = prefixOf(this.model);
    if (range.end > known - 12) this.filler.need({ start: known, end: known + 1 });
  }

  /** Once more what did not come. */
  again(): void {
    this.failed = null;
    this.filler.again();
  }

  /** The tickets between two places, also those never read; null when they are too many for that. */
  async idsBetween(from: number, to: number): Promise<number[] | null> {
    const slots = this.rows.slice(from, to + 1);
    if (slots.every((row) => row !== null)) return idsOf(slots);
    if (slots.length > longestRange) return null;
    const ids: number[] = [];
    for (let skip = from; skip <= to; skip += wholePage) {
      const limit = Math.min(wholePage, to + 1 - skip);
      const page = await api.tickets.list({ q: this.query, sort: this.sort, limit, skip });
      ids.push(...page.items.map((row) => row.id));
    }
    // What is on the screen counts before what the server says of the same places.
    return [...new Set([...idsOf(slots), ...ids])];
  }

  patch(id: number, changes: Partial<TicketRow>): void {
    this.model = patchRow(this.model, id, changes);
  }

  /** The ticket after this one, for "solve and next"; the one before when it was the last. */
  after(id: number): TicketRow | undefined {
    return neighbour(this.rows, id, 1) ?? neighbour(this.rows, id, -1);
  }

  follow(): () => void {
    const stopTickets = live.on('ticket', ({ id }) => {
      this.refreshSoon();
      void this.refreshFar(id);
    });
    const stopResume = live.onResume(() => this.refreshSoon());
    return () => {
      stopTickets();
      stopResume();
      clearTimeout(this.timer);
    };
  }

  /** Many changes in a moment make one read, and the first of them does not wait. */
  refreshSoon(): void {
    clearTimeout(this.timer);
    const wait = Math.max(0, this.refreshedAt + together - performance.now());
    this.timer = setTimeout(() => void this.refresh(), wait);
  }

  /** Far down the list no page is read again: there changed tickets are fetched one after another, the latest news only. */
  private async refreshFar(id: number): Promise<void> {
    if (placeOf(this.model.slots, id) < Math.min(refreshLimit, prefixOf(this.model))) return;
    this.far.add(id);
    if (this.far.size > mostFar) this.far.delete(this.far.values().next().value ?? id);
    if (this.fetchingFar) return;
    this.fetchingFar = true;
    for (const next of this.far) {
      this.far.delete(next);
      const ticket = await api.tickets.open(next, undefined, 1).catch(() => null);
      if (ticket) this.patch(next, rowOf(ticket));
    }
    this.fetchingFar = false;
  }

  private async refresh(): Promise<void> {
    if (this.q === null || this.loading) return;
    this.refreshedAt = performance.now();
    const { q, sort } = this;
    const counts = this.reads.begin();
    const asked = Math.min(refreshLimit, Math.max(firstRows, prefixOf(this.model)));
    try {
      const fresh = await api.tickets.list({ q, sort, limit: asked });
      // What is shown is at least as young as what is remembered.
      if (q !== this.q || sort !== this.sort || (asOf(fresh) !== null && !this.failed)) return;
      if (!counts()) return;
      this.asOf = asOf(fresh);
      this.model = refreshed(this.model, { fresh, asked, aiming: this.aiming, openId: this.openId });
      this.failed = null;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  private async fetchFirst(): Promise<void> {
    this.request?.abort();
    const request = (this.request = new AbortController());
    this.failed = null;
    const counts = this.reads.begin();
    try {
      const page = await api.tickets.list(
        { q: this.q ?? '', sort: this.sort, limit: firstRows },
        request.signal,
      );
      counts();
      this.asOf = asOf(page);
      this.refreshedAt = performance.now();
      this.model = firstPage(page);
    } catch (error) {
      if (request.signal.aborted) return;
      this.failed = error;
    }
    this.loading = false;
  }
}

export const list = new TicketList();
