/** Reads the rows a person is looking at: one request at a time, the latest look counts, far rows are let go. */
import { ApiError } from '../api/error';
import type { Page, TicketRow } from '../api/types';
import { placed, trimmed, wanted, type Ask, type Range } from './asking';
import { placeOf, type ListModel } from './paging';

const pageSize = 100;
/** While a scrollbar is dragged, no more often than this. */
const pace = 120;
const mostRows = 2_400;
const around = 500;
const near = 60;

interface Place {
  model: () => ListModel;
  /** Tickets whose neighbours must stay at hand. */
  protect: () => (number | null)[];
  read: (ask: Ask, signal: AbortSignal) => Promise<Page<TicketRow>>;
  put: (model: ListModel) => void;
  fail: (error: unknown) => void;
  busy: (on: boolean) => void;
}

export class Filling {
  private sight: Range = { start: 0, end: 0 };
  private going: { ask: Ask; stop: AbortController } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private lastAt = -Infinity;
  /** What was asked for these rows in vain is not asked again. */
  private done = new Set<string>();

  constructor(private readonly place: Place) {}

  need(range: Range): void {
    if (range.start !== this.sight.start || range.end !== this.sight.end) this.done.clear();
    this.sight = range;
    this.look();
  }

  again(): void {
    this.done.clear();
    this.look();
  }

  /** Another list: nothing of this one matters any more. */
  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.going?.stop.abort();
    this.going = null;
    this.done.clear();
    this.sight = { start: 0, end: 0 };
    this.place.busy(false);
  }

  private look(): void {
    const ask = wanted(this.place.model(), this.sight, pageSize);
    if (!ask || this.done.has(keyOf(ask))) return;
    if (this.going) {
      const { at, limit } = this.going.ask;
      if (at < this.sight.end && at + limit > this.sight.start) return;
    }
    if (this.timer !== undefined) return;
    const wait = Math.max(0, this.lastAt + pace - performance.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.run();
    }, wait);
  }

  private async run(): Promise<void> {
    const ask = wanted(this.place.model(), this.sight, pageSize);
    if (!ask) return;
    this.going?.stop.abort();
    const going = (this.going = { ask, stop: new AbortController() });
    this.lastAt = performance.now();
    this.place.busy(true);
    this.done.add(keyOf(ask));
    try {
      const page = await this.place.read(ask, going.stop.signal);
      if (this.going !== going) return;
      this.place.put(trimmed(placed(this.place.model(), ask, page), this.keep(), mostRows));
    } catch (error) {
      if (this.going !== going) return;
      if (!(error instanceof ApiError)) throw error;
      this.place.fail(error);
    } finally {
      if (this.going === going) {
        this.going = null;
        this.place.busy(false);
        this.look();
      }
    }
  }

  private keep(): Range[] {
    const { slots } = this.place.model();
    const spots = this.place
      .protect()
      .map((id) => placeOf(slots, id))
      .filter((at) => at !== -1)
      .map((at) => ({ start: at - near, end: at + near }));
    const { start, end } = this.sight;
    return [{ start: 0, end: 200 }, { start: start - around, end: end + around }, ...spots];
  }
}

const keyOf = ({ at, limit, cursor, skip }: Ask) => [at, limit, cursor, skip].join();
