/** Messages and events as one line of time; neighbouring events make one group, so that talk is not buried in bookkeeping. */
import type { Message, TicketEvent } from '../api/types';

export interface Told {
  event: TicketEvent;
  text: string;
}
export type Moment =
  | { type: 'message'; key: string; message: Message; fresh: boolean }
  | { type: 'events'; key: string; events: Told[] };

export function timeline(
  messages: Message[],
  events: TicketEvent[],
  tell: (event: TicketEvent) => string | null,
  isFresh: (message: Message) => boolean,
): Moment[] {
  const entries = [
    ...messages.map((message) => ({ at: Date.parse(message.created_at), order: 0, message, told: null })),
    ...events.flatMap((event) => {
      const text = tell(event);
      return text === null
        ? []
        : [{ at: Date.parse(event.at), order: 1, message: null, told: { event, text } }];
    }),
  ].sort((a, b) => a.at - b.at || a.order - b.order);

  const moments: Moment[] = [];
  for (const { message, told } of entries) {
    const last = moments.at(-1);
    if (message) moments.push({ type: 'message', key: `m${message.id}`, message, fresh: isFresh(message) });
    else if (told && last?.type === 'events') last.events.push(told);
    else if (told) moments.push({ type: 'events', key: `e${told.event.id}`, events: [told] });
  }
  return moments;
}

/** Customer messages after our last answer, in a ticket that was unread when it was opened. */
export function freshIds(messages: Message[], unread: boolean): Set<number> {
  const fresh = new Set<number>();
  if (!unread) return fresh;
  for (const message of messages.toReversed()) {
    if (message.kind === 'reply') break;
    if (message.kind === 'customer') fresh.add(message.id);
  }
  return fresh;
}
