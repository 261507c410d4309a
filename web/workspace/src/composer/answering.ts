/** "Somebody is answering": whose the answer is, and how it changes hands. */
import { api } from '../api';
import type { Answering, Ticket } from '../api/types';
import { openTicket } from '../conversation/ticket.svelte';
import { errorText } from '../i18n/errors';
import { t } from '../i18n/index.svelte';
import { session } from '../state/session.svelte';
import { announce, toasts } from '../state/toasts.svelte';

/** The colleague who holds the answer; null while nobody does, or it is me. */
export function answeredByOther(ticket: Pick<Ticket, 'answering'>): Answering | null {
  const { answering } = ticket;
  return answering && answering.agent_id !== session.me?.id ? answering : null;
}

/** Who took the answer away, when it was mine until now. */
export function takenFromMe(before: Answering | null, now: Answering | null, me: number): Answering | null {
  return before?.agent_id === me && now !== null && now.agent_id !== me ? now : null;
}

export async function takeOver(ticketId: number): Promise<boolean> {
  try {
    const { answering } = await api.tickets.answer(ticketId, true);
    openTicket.answeredBy(ticketId, answering);
    announce(t('answering.mine'));
    return true;
  } catch (error) {
    toasts.show(t('answering.not_taken', { reason: errorText(error) }), 'bad');
    return false;
  }
}
