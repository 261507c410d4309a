/** What a person can do to the open ticket with one key, one menu entry or one line of the palette. */
import { ahead } from '../format/index.svelte';
import { errorText } from '../i18n/errors';
import { t } from '../i18n/index.svelte';
import { list } from '../list/list.svelte';
import { panes } from '../shell/panes.svelte';
import type { Route } from '../state/routes';
import { router } from '../state/router.svelte';
import { session } from '../state/session.svelte';
import { toasts } from '../state/toasts.svelte';
import { openTicket } from './ticket.svelte';

export function assignToMe(): void {
  const me = session.me?.id;
  if (me && openTicket.current?.assignee_id !== me) void openTicket.change({ assignee_id: me });
}

/** Solves the ticket and opens the next of the list; a word tells, and the word can be taken back. */
export async function solveAndNext(): Promise<void> {
  const ticket = openTicket.current;
  if (!ticket || !session.may('ticket.edit')) return;
  const { id, number, status } = ticket;
  const next = list.after(id);
  const from = router.current;
  const change = openTicket.change({ status: 'solved' });
  if ('ticket' in from) router.go({ ...from, ticket: next?.id ?? null } as Route);
  if (!(await change)) return;
  toasts.show(t('action.solved', { number: String(number) }), 'good', {
    label: t('undo.undo'),
    run: async () => {
      router.go({ ...from, ticket: id } as Route);
      await openTicket.open(id);
      void openTicket.change({ status });
    },
  });
}

/** Passes on the last letter of the conversation; a note is nobody's business outside. */
export function forwardLast(): void {
  const ticket = openTicket.current;
  const message = ticket?.messages.findLast(({ kind }) => kind === 'customer' || kind === 'reply');
  if (ticket && message && session.may('ticket.reply')) panes.forward = { message, ticket };
}

export async function copyNumber(): Promise<void> {
  const ticket = openTicket.current;
  if (!ticket) return;
  const number = String(ticket.number);
  try {
    await navigator.clipboard.writeText(number);
    toasts.show(t('action.number_copied', { number }), 'good');
  } catch (error) {
    toasts.show(errorText(error), 'bad');
  }
}

export async function copyLink(): Promise<void> {
  const ticket = openTicket.current;
  if (!ticket) return;
  try {
    await navigator.clipboard.writeText(`${location.origin}/tickets/${ticket.id}`);
    toasts.show(t('action.link_copied', { number: String(ticket.number) }), 'good');
  } catch (error) {
    toasts.show(errorText(error), 'bad');
  }
}

/** Puts the ticket aside until a moment, or (null) until the customer's answer; a word tells, and can be taken back. */
export async function snooze(until: string | null): Promise<void> {
  const ticket = openTicket.current;
  if (!ticket) return;
  if (!(await openTicket.change({ snooze: { until } }))) return;
  const number = String(ticket.number);
  const text = until
    ? t('snooze.done_until', { number, time: ahead(until) })
    : t('snooze.done_answer', { number });
  toasts.show(text, 'good', {
    label: t('undo.undo'),
    run: () => void (openTicket.current?.id === ticket.id && wake()),
  });
}

export function wake(): void {
  if (openTicket.current?.snoozed) void openTicket.change({ snooze: null });
}

export const messageLink = (ticketId: number, messageId: number) => `/tickets/${ticketId}?m=${messageId}`;

export async function copyMessageLink(messageId: number): Promise<void> {
  const ticket = openTicket.current;
  if (!ticket) return;
  try {
    await navigator.clipboard.writeText(location.origin + messageLink(ticket.id, messageId));
    toasts.show(t('message.link_copied'), 'good');
  } catch (error) {
    toasts.show(errorText(error), 'bad');
  }
}

export function toggleFollowing(): void {
  const ticket = openTicket.current;
  const me = session.me?.id;
  if (!ticket || !me) return;
  const others = ticket.follower_ids.filter((id) => id !== me);
  const following = others.length < ticket.follower_ids.length;
  void openTicket.change({ follower_ids: following ? others : [...others, me] });
}
