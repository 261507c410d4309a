/** Which composer stands on screen, and which texts are leaving just now, wherever one has gone meanwhile. */
import type { Draft, DraftKind } from '../api/types';
import type { Composer } from './composer.svelte';

/** A text on its way to the server. */
export interface Leaving {
  kind: DraftKind;
  html: string;
  done: Promise<unknown>;
}

class Composers {
  active = $state.raw<Composer | null>(null);
  private underway = new Map<number, Leaving>();

  /** A message was taken back: its text goes into the open composer. Elsewhere it is found as the draft it has become. */
  returned(ticketId: number, draft: Draft): void {
    if (this.active?.ticketId === ticketId) this.active.restore(draft);
  }

  leaving(ticketId: number): Leaving | undefined {
    return this.underway.get(ticketId);
  }

  /** One text of a ticket after another. */
  async leave<T>(ticketId: number, text: Draft, done: Promise<T>): Promise<T> {
    const leaving = { kind: text.kind, html: text.body_html, done };
    this.underway.set(ticketId, leaving);
    try {
      return await done;
    } finally {
      if (this.underway.get(ticketId) === leaving) this.underway.delete(ticketId);
    }
  }

  /** It has left: a composer that was opened anew meanwhile need not keep it. */
  left(ticketId: number, text: Draft, from: Composer): void {
    const { active } = this;
    if (active && active !== from && active.ticketId === ticketId) active.leave(text, true);
  }
}

export const composers = new Composers();
