/** The glance at a ticket without opening it: which one, and beside which row. */
import { api } from '../api';
import type { Ticket, TicketRow } from '../api/types';
import { look } from './look.svelte';

const rest = 550;
const nextRest = 120;
const remembered = 30;

class Peek {
  row = $state.raw<TicketRow | null>(null);
  ticket = $state.raw<Ticket | null>(null);
  failed = $state.raw<unknown>(null);
  /** Where the row stands on the screen. */
  place = $state.raw<DOMRect | null>(null);
  /** Opened by key: it stays until it is closed by key. */
  kept = $state(false);

  private timer: ReturnType<typeof setTimeout> | undefined;
  private seen = new Map<string, Ticket>();
  private turn = 0;

  /** The pointer came to rest on a row. */
  hover(row: TicketRow, element: Element): void {
    if (!look.hover || this.kept) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.show(row, element), this.row ? nextRest : rest);
  }

  /** The pointer left, or something else began. */
  leave(): void {
    clearTimeout(this.timer);
    if (!this.kept) this.close();
  }

  close(): void {
    clearTimeout(this.timer);
    this.turn += 1;
    this.row = null;
    this.kept = false;
  }

  toggle(row: TicketRow, element: Element): void {
    if (this.kept && this.row?.id === row.id) return this.close();
    this.kept = true;
    void this.show(row, element);
  }

  async show(row: TicketRow, element: Element): Promise<void> {
    const turn = ++this.turn;
    const key = `${row.id}/${row.version}`;
    this.place = element.getBoundingClientRect();
    this.row = row;
    this.failed = null;
    this.ticket = this.seen.get(key) ?? null;
    if (this.ticket) return;
    try {
      const ticket = await api.tickets.open(row.id, undefined, 3);
      this.seen.set(key, ticket);
      if (this.seen.size > remembered) this.seen.delete(this.seen.keys().next().value ?? '');
      if (turn === this.turn) this.ticket = ticket;
    } catch (error) {
      if (turn === this.turn) this.failed = error;
    }
  }
}

export const peek = new Peek();
