/** Which composer stands on screen, and texts that must come back to it after an undo. */
import type { Draft } from '../api/types';
import type { Composer } from './composer.svelte';

class Composers {
  active = $state.raw<Composer | null>(null);
  private waiting = new Map<number, Draft>();

  /** A message was taken back: its text goes into the open composer, or waits until its ticket is opened. */
  returned(ticketId: number, draft: Draft): void {
    if (this.active?.ticketId === ticketId) this.active.restore(draft);
    else this.waiting.set(ticketId, draft);
  }

  collect(ticketId: number): Draft | undefined {
    const draft = this.waiting.get(ticketId);
    this.waiting.delete(ticketId);
    return draft;
  }
}

export const composers = new Composers();
