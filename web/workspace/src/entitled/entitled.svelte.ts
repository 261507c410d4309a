/** Who asks in the open ticket, for whom, and whether they may: asked once a ticket, and again when it changed. */
import { api } from '../api';
import type { TicketEntitlement, Verdict } from '../api/types';

class Entitled {
  of = $state<number | null>(null);
  known = $state.raw<TicketEntitlement | null>(null);
  failed = $state.raw<unknown>(null);
  private asked = 0;

  /** `mark` is what the ticket itself tells of how it stands: another one means to ask again. */
  async load(ticket: number): Promise<void> {
    const mine = ++this.asked;
    if (this.of !== ticket) [this.of, this.known, this.failed] = [ticket, null, null];
    try {
      const known = await api.entitlement.ofTicket(ticket);
      if (mine === this.asked) [this.known, this.failed] = [known, null];
    } catch (error) {
      if (mine === this.asked) this.failed = error;
    }
  }

  async judge(ticket: number, verdict: Verdict): Promise<void> {
    const known = await api.entitlement.judge(ticket, verdict);
    this.asked++;
    [this.of, this.known] = [ticket, known];
  }
}

export const entitled = new Entitled();
