/** The ticket list on screen: one query, its pages, and what the live socket says about it. */
import { api, ApiError } from '../api';
import type { Group, TicketRow } from '../api/types';
import { rowOf } from '../conversation/optimistic';
import { live } from '../live/live.svelte';
import { grouped, type Grouped } from './grouping';
import { groupLabel } from './groupWords';
import { firstPage, neighbour, nextPage, nothing, patchRow, refreshed, type ListModel } from './paging';

const pageSize = 50;
const refreshLimit = 200;
/** Whoever goes on reading is given more at a time. */
const laterPageSize = 200;

/** News about so many far rows is remembered; under a mass action the rest wait for the next read. */
const mostFar = 40;

class TicketList {
  model = $state.raw<ListModel>(nothing);
  loading = $state(false);
  loadingMore = $state(false);
  failed = $state.raw<unknown>(null);
  /** The row the keyboard stands on. */
  cursorId = $state<number | null>(null);
  openId = $state<number | null>(null);
  /** Set by the list's view while the pointer rests on it or it is scrolled. */
  aiming = false;

  group = $state<Group>('none');
  private sort = $state('');
  private readonly order: Grouped = $derived(
    grouped(this.model.items, this.group, this.sort, (key) => groupLabel(this.group, key, this.model.items)),
  );

  private q = $state<string | null>(null);
  private request: AbortController | null = null;
  private far = new Set<number>();
  private fetchingFar = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** The rows as they stand on the screen. */
  get rows(): TicketRow[] {
    return this.order.rows;
  }
  get groups(): Grouped['groups'] {
    return this.order.groups;
  }
  get query(): string {
    return this.q ?? '';
  }

  async show(q: string, sort: string): Promise<void> {
    if (q === this.q && sort === this.sort && !this.failed) return;
    this.q = q;
    this.sort = sort;
    this.cursorId = null;
    this.model = nothing;
    this.loading = true;
    await this.fetchFirst();
  }

  /** Somebody else may sign in next. */
  reset(): void {
    this.request?.abort();
    clearTimeout(this.timer);
    this.q = null;
    this.model = nothing;
    this.failed = null;
    this.loading = false;
    this.far.clear();
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

  async more(): Promise<void> {
    if (this.loadingMore || this.loading || !this.model.cursor || this.q === null) return;
    this.loadingMore = true;
    const q = this.q;
    try {
      const page = await api.tickets.list({
        q,
        sort: this.sort,
        limit: laterPageSize,
        cursor: this.model.cursor,
      });
      if (q !== this.q) return;
      this.model = nextPage(this.model, page);
      this.failed = null;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.failed = error;
    } finally {
      this.loadingMore = false;
    }
  }

  patch(id: number, changes: Partial<TicketRow>): void {
    this.model = patchRow(this.model, id, changes);
  }

  neighbour(step: 1 | -1): TicketRow | undefined {
    return neighbour(this.rows, this.cursorId ?? this.openId, step);
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

  /** Many changes in a moment make one read. */
  refreshSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.refresh(), 150);
  }

  /** Far down the list no page is read again: there changed tickets are fetched one after another, the latest news only. */
  private async refreshFar(id: number): Promise<void> {
    if (this.model.items.findIndex((row) => row.id === id) < refreshLimit) return;
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
    const q = this.q;
    const asked = Math.min(refreshLimit, Math.max(pageSize, this.model.items.length));
    try {
      const fresh = await api.tickets.list({ q, sort: this.sort, limit: asked });
      if (q !== this.q) return;
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
    try {
      const page = await api.tickets.list(
        { q: this.q ?? '', sort: this.sort, limit: pageSize },
        request.signal,
      );
      this.model = firstPage(page);
    } catch (error) {
      if (request.signal.aborted) return;
      this.failed = error;
    }
    this.loading = false;
  }
}

export const list = new TicketList();
