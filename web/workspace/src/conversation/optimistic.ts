/**
 * Changing a ticket before the server has answered, and taking it back truthfully when it refuses.
 * Pure functions over the ticket; the sending is in `ticket.svelte.ts`.
 */
import type { Message, Ticket, TicketChanges, TicketRow } from '../api/types';

type Field = Exclude<keyof TicketChanges, 'hand_over_note' | 'snooze'> | 'snoozed' | 'snoozed_until';

/** A snooze is told as one wish and shows as three fields. */
function fieldsOf({ hand_over_note: _, snooze, ...fields }: TicketChanges): Partial<Ticket> {
  if (snooze === undefined) return fields;
  return snooze === null
    ? { ...fields, snoozed: false, snoozed_until: null, status: 'open' }
    : { ...fields, snoozed: true, snoozed_until: snooze.until, status: 'on_hold' };
}

export function changedFields(changes: TicketChanges): Field[] {
  const fields = fieldsOf(changes);
  return (Object.keys(fields) as Field[]).filter((name) => fields[name] !== undefined);
}

function pick(source: Ticket, fields: Field[]): Partial<Ticket> {
  return Object.fromEntries(fields.map((name) => [name, source[name]])) as Partial<Ticket>;
}

export function applied(ticket: Ticket, changes: TicketChanges): Ticket {
  return { ...ticket, ...fieldsOf(changes) };
}

/** What the refused fields were before. */
export function refusedFields(before: Ticket, changes: TicketChanges): Partial<Ticket> {
  return pick(before, changedFields(changes));
}

/** Puts only the refused fields back; whatever else changed meanwhile stays. */
export function rolledBack(ticket: Ticket, before: Ticket, changes: TicketChanges): Ticket {
  return { ...ticket, ...refusedFields(before, changes) };
}

/** After "ticket_changed": the server's truth, and which of our fields it contradicts. */
export function conflicted(
  ticket: Ticket,
  current: Partial<Ticket>,
  changes: TicketChanges,
): { ticket: Ticket; fields: Field[] } {
  const wanted = fieldsOf(changes);
  const fields = changedFields(changes).filter(
    (name) => JSON.stringify(current[name]) !== JSON.stringify(wanted[name]),
  );
  return { ticket: merged(ticket, current), fields };
}

/** An answer that was overtaken on its way: what is shown is younger. */
export const isStale = (shown: Ticket, answer: Partial<Ticket>): boolean =>
  (answer.version ?? shown.version) < shown.version;

/**
 * Joins a fresh read with what is already on screen: earlier pages that were unfolded stay, messages and events are
 * united by id, what was taken back since its first message goes, everything else is the server's. What is shown stays
 * as it is when the answer is older.
 */
export function merged(shown: Ticket, fresh: Partial<Ticket>): Ticket {
  if (isStale(shown, fresh)) return shown;
  const messages = fresh.messages ?? [];
  const lastShown = shown.messages.at(-1)?.id ?? 0;
  const touches = messages.length === 0 || messages.some((message) => message.id <= lastShown);
  if (!touches && fresh.older) return { ...shown, ...fresh } as Ticket;
  return {
    ...shown,
    ...fresh,
    messages: united(stillThere(shown.messages, fresh), messages),
    events: united(shown.events, fresh.events ?? []),
    older: shown.older,
  } as Ticket;
}

/** Adds an earlier page in front. */
export function withOlder(shown: Ticket, page: Ticket): Ticket {
  return {
    ...shown,
    messages: united(shown.messages, page.messages),
    events: united(shown.events, page.events),
    older: page.older,
  };
}

/** A read without earlier pages tells of every message from its first one on: who is missing there was taken back. */
function stillThere(shown: Message[], { messages, older }: Partial<Ticket>): Message[] {
  if (!messages) return shown;
  const from = messages[0]?.id ?? (older === null ? 0 : Infinity);
  const there = new Set(messages.map(({ id }) => id));
  return shown.filter(({ id }) => id < from || there.has(id));
}

function united<T extends { id: number }>(before: T[], after: T[]): T[] {
  const byId = new Map(before.map((item) => [item.id, item]));
  for (const item of after) byId.set(item.id, item);
  return [...byId.values()].sort((a, b) => a.id - b.id);
}

const rowFields = [
  'subject', 'status', 'priority', 'team_id', 'assignee_id', 'tags', 'unread', 'preview', 'last_author',
  'message_count', 'attachment_count', 'waiting_since', 'sla', 'snoozed', 'snoozed_until', 'updated_at', 'version',
] as const; // prettier-ignore

/** The part of a ticket that its row in the list shows. */
export function rowOf(ticket: Partial<Ticket>): Partial<TicketRow> {
  return Object.fromEntries(
    rowFields.filter((name) => ticket[name] !== undefined).map((name) => [name, ticket[name]]),
  ) as Partial<TicketRow>;
}
