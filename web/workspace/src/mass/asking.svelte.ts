/** A change that is about to be made to many: nothing happens before its count was said and agreed to. */
import type { MassChange, MassTarget, TicketChanges } from '../api/types';
import { openTicket } from '../conversation/ticket.svelte';
import { list } from '../list/list.svelte';
import { selection } from '../list/selection.svelte';

export interface Asked {
  target: MassTarget;
  change: MassChange;
  /** A text is to be written first. */
  write: 'reply' | 'note' | null;
}

class Asking {
  current = $state.raw<Asked | null>(null);

  ask(change: MassChange, write: Asked['write'] = null): void {
    if (selection.any) this.current = { target: selection.target(), change, write };
  }

  /** All of the view on screen, whether or not something is chosen. */
  askAll(change: MassChange): void {
    this.current = { target: { q: list.query }, change, write: null };
  }

  /** Those a filter finds, wherever one is. */
  askAbout(target: MassTarget, change: MassChange): void {
    this.current = { target, change, write: null };
  }

  close(): void {
    this.current = null;
  }
}

export const asking = new Asking();

type Both = Pick<TicketChanges, 'status' | 'assignee_id' | 'team_id' | 'priority'>;

/** To what is chosen in the list, or else to the open ticket. */
export function apply(changes: Both): void {
  if (selection.any) asking.ask(changes);
  else void openTicket.change(changes);
}
