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
    ...events.flatMap((event, at) => {
      const text = isTold(event, events[at - 1]) ? null : tell(event);
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

/** The reason why somebody got it, or has it no more, has said already that it changed hands. */
function isTold(event: TicketEvent, before: TicketEvent | undefined): boolean {
  if (event.kind !== 'ticket.assigned' || event.actor.type !== 'system' || !before) return false;
  const { kind, data } = before;
  return (
    (kind === 'ticket.routed' && data.to === event.data.to) ||
    (kind === 'ticket.routed_back' && event.data.to == null)
  );
}

/**
 * Customer messages after the last one a person had seen. To whoever has never been here everything is unseen: to them
 * what we have not answered is new.
 */
export function freshIds(messages: Message[], readUntil: number): Set<number> {
  const answered = messages.findLast(({ kind }) => kind === 'reply')?.id ?? 0;
  const from = readUntil > 0 ? readUntil : answered;
  return new Set(messages.filter(({ id, kind }) => kind === 'customer' && id > from).map(({ id }) => id));
}
