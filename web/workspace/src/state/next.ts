/** «Решить»: the one ticket to take now, and why. Mine that wait longest first, then those nobody has. */
import { api } from '../api';
import type { TicketRow } from '../api/types';

export interface Choice {
  ticket: TicketRow;
  view: 'mine' | 'unassigned';
}

export async function chooseNext(openId: number | null): Promise<Choice | null> {
  const sources = [
    { view: 'mine', q: 'assignee:me status:new,open' },
    { view: 'unassigned', q: 'assignee:none status:new,open' },
  ] as const;
  for (const { view, q } of sources) {
    const page = await api.tickets.list({ q, sort: 'waiting', limit: 5 });
    const ticket = page.items.find((row) => row.waiting_since !== null && row.id !== openId);
    if (ticket) return { ticket, view };
  }
  return null;
}
