/** Sentences about a ticket: its events, its conflicts, who is who. All from the catalogues. */
import type { Message, Priority, Status, Ticket, TicketEvent } from '../api/types';
import { ahead } from '../format/index.svelte';
import { lookUp, t } from '../i18n/index.svelte';
import { duty } from '../roster/duty.svelte';
import { directory } from '../state/directory.svelte';

export const statuses: Status[] = ['new', 'open', 'waiting', 'on_hold', 'solved', 'closed'];
export const priorities: Priority[] = ['low', 'normal', 'high', 'urgent'];

export function statusName(status: Status): string {
  return t(`status.${status}`);
}
export function priorityName(priority: Priority): string {
  return t(`priority.${priority}`);
}

export function assigneeName(id: number | null): string {
  if (id === null) return t('assignee.nobody');
  return directory.isMe(id) ? t('assignee.me') : directory.agentName(id);
}

const heardAtMost = 240;

/** What a screen reader says of a message that came while one reads: who, what kind, and its first words. */
export function heard({ kind, author, visible }: Message): string {
  const words = visible.replace(/\s+/g, ' ').trim();
  const text = words.length > heardAtMost ? `${words.slice(0, heardAtMost)}…` : words;
  const name = author.name || author.address || t('event.system');
  if (kind === 'note' || kind === 'reply') return t(`live.new_${kind}`, { name, text });
  return t('live.new_message', { name, text });
}

/** After a refused edit: which field of which ticket holds what now. */
export function conflictText(ticket: Ticket, fields: string[]): string {
  const number = String(ticket.number);
  if (fields.includes('status')) return t('conflict.status', { number, value: statusName(ticket.status) });
  if (fields.includes('assignee_id'))
    return t('conflict.assignee', { number, value: assigneeName(ticket.assignee_id) });
  if (fields.includes('priority'))
    return t('conflict.priority', { number, value: priorityName(ticket.priority) });
  return t('conflict.other', { number });
}

export function actorName(event: TicketEvent): string {
  if (event.actor.type === 'system') return t('event.system');
  if (event.actor.type === 'agent' && directory.isMe(event.actor.id)) return t('event.you');
  return event.actor.name || t('event.system');
}

function plain(value: unknown): string {
  if (value == null || value === '') return '';
  if (Array.isArray(value)) return value.map(plain).join(', ');
  if (typeof value === 'object') return plain((value as { name?: unknown }).name);
  return String(value);
}

function id(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (value && typeof value === 'object') return id((value as { id?: unknown }).id);
  return null;
}

function agentWord(value: unknown): string {
  const agent = id(value);
  if (agent === null) return plain(value);
  return directory.isMe(agent) ? t('assignee.me') : directory.agentName(agent);
}

/** One event as a sentence, or null for those the messages themselves already tell. */
export function eventText(event: TicketEvent): string | null {
  const actor = actorName(event);
  const { from, to, note } = event.data;
  switch (event.kind) {
    case 'ticket.created':
      return t('event.created', { actor });
    case 'ticket.assigned':
      if (to == null) return t('event.unassigned', { actor });
      if (event.data.by === 'plan') return t('event.by_plan', { to: agentWord(to) });
      if (event.actor.type === 'agent' && id(to) === event.actor.id) return t('event.taken', { actor });
      return t('event.assigned', { actor, to: agentWord(to) });
    case 'ticket.handed_over':
      return note
        ? t('event.handed_over_note', { actor, to: agentWord(to), note: plain(note) })
        : t('event.handed_over', { actor, to: agentWord(to) });
    case 'ticket.status':
      return t('event.status', {
        actor,
        from: lookUp(`status.${plain(from)}`) ?? plain(from),
        to: lookUp(`status.${plain(to)}`) ?? plain(to),
      });
    case 'ticket.snoozed':
      return typeof event.data.until === 'string'
        ? t('event.snoozed_until', { actor, time: ahead(event.data.until) })
        : t('event.snoozed_answer', { actor });
    case 'ticket.woke':
      return t('event.woken', { actor });
    case 'ticket.reopened':
      return t('event.reopened');
    case 'ticket.priority':
      return t('event.priority', { actor, to: lookUp(`priority.${plain(to)}`) ?? plain(to) });
    case 'ticket.team': {
      const team = id(to);
      return to == null
        ? t('event.no_team', { actor })
        : t('event.team', { actor, to: team === null ? plain(to) : directory.teamName(team) });
    }
    case 'ticket.class':
      return to == null ? t('event.no_class', { actor }) : t('event.class', { actor, to: className(to) });
    case 'ticket.routed':
      return routedText(event.data);
    case 'ticket.not_routed':
      return lookUp(`event.not_routed.${plain(event.data.why)}`) ?? null;
    case 'ticket.routed_back':
      return lookUp(`event.routed_back.${plain(event.data.why)}`, { from: agentWord(from) }) ?? null;
    case 'ticket.tags':
      return t('event.tags', { actor, to: plain(to) || t('event.no_tags') });
    case 'ticket.subject':
      return t('event.subject', { actor, to: plain(to) });
    case 'ticket.split':
      return t('event.split', { actor, number: plain(to) });
    case 'ticket.split_off':
      return t('event.split_off', { actor, number: plain(from) });
    case 'ticket.entitlement':
      if (to === 'stranger' && from === 'held') return t('event.entitlement.unanswered');
      if (to === 'stranger') return t('event.entitlement.stranger');
      if (to === 'confirmed' || to === 'refused' || to === 'authorised')
        return t(`event.entitlement.${to}`, { actor });
      return null;
    case 'ticket.owner_asked':
      return t('event.owner_asked');
    case 'ticket.location':
      return t('event.location', { actor });
    case 'ticket.followers':
      return t('event.followers', { actor });
    case 'message.undone':
      return t('event.undone', { actor });
    case 'message.failed':
      return t('event.failed');
    case 'contact.complained':
      return t('event.complained');
    case 'ticket.cc':
      return t('event.cc', { actor });
    case 'ticket.promised':
      return t(event.data.from ? 'event.promise_moved' : 'event.promised', {
        actor,
        time: ahead(String(event.data.due_at ?? '')),
      });
    case 'ticket.promise_withdrawn':
      return t('event.promise_withdrawn', { actor });
    case 'sla.warning':
    case 'sla.breached':
    case 'sla.recalculated':
      return deadlineText(event.kind, event.data);
    default:
      return null;
  }
}

/** Classes are known from the navigation, which says who is on duty for each. */
function className(value: unknown): string {
  const number = id(value);
  return duty.now?.classes.find((one) => one.class_id === number)?.name ?? `#${plain(value)}`;
}

/** Who got it and why: by being on duty for its class, by being on duty, or by the route alone. */
function routedText({ to, name, why, of, on_duty, class: about }: TicketEvent['data']): string | null {
  const by = on_duty !== true ? 'route' : about ? 'class' : 'duty';
  const values = { to: agentWord(to), name: plain(name), class: plain(about), n: Number(of ?? 1) };
  return lookUp(`event.routed.${by}.${plain(why)}`, values) ?? null;
}

function deadlineText(kind: string, { metric, due_at, at, from, why }: TicketEvent['data']): string | null {
  const name = lookUp(`sla.metric.${plain(metric)}`) ?? plain(metric);
  const time = (value: unknown) => (typeof value === 'string' ? ahead(value) : '');
  if (kind === 'sla.warning') return t('event.sla_warning', { metric: name, time: time(due_at) });
  if (kind === 'sla.breached') return t('event.sla_breached', { metric: name, time: time(at) });
  const reason = lookUp(`event.sla_why.${plain(why)}`) ?? t('event.sla_why.other');
  const about = { metric: name, from: time(from), why: reason };
  return due_at ? t('event.sla_moved', { ...about, to: time(due_at) }) : t('event.sla_moved_still', about);
}

/** What became of an outgoing message. */
export function deliveryText(message: Message): string {
  return lookUp(`delivery.${message.state}`) ?? message.state;
}
