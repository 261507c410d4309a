import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api, ApiError } from '../api';
import type { Me, Message, Ticket, TicketChanges } from '../api/types';
import { list } from '../list/list.svelte';
import { session } from '../state/session.svelte';
import { toasts } from '../state/toasts.svelte';
import { openTicket } from './ticket.svelte';

const message = (id: number, kind: Message['kind'] = 'customer') =>
  ({ id, kind, visible: '', author: { type: 'contact', id: 1, name: 'Anna' } }) as Message;
const ticket = (id: number, more: Partial<Ticket> = {}) =>
  ({
    ...{ id, number: 1000 + id, status: 'open', subject: 's', tags: [], version: 1, unread: false },
    ...{ messages: [message(1)], events: [], older: null, read_message_id: 0, answering: null, ...more },
  }) as Ticket;

/** An answer that comes when the test says so. */
function promised<T>() {
  let answer!: (value: T) => void;
  let refuse!: (error: unknown) => void;
  const promise = new Promise<T>((done, failed) => ([answer, refuse] = [done, failed]));
  return { promise, answer, refuse };
}
const refusal = (code: string, current?: Ticket) =>
  new ApiError(code === 'ticket_changed' ? 409 : 403, code, '', { current });

/** What the server has; each question and change may be answered otherwise. */
let server: Map<number, Ticket>;
const lists = vi.spyOn(api.tickets, 'list');
const enter = vi.spyOn(api.tickets, 'enter');
const open = vi.spyOn(api.tickets, 'open');
const change = vi.spyOn(api.tickets, 'change');
const read = vi.spyOn(api.tickets, 'read');
const found = (id: number) => Promise.resolve({ ...server.get(id)! });

beforeEach(async () => {
  server = new Map([1, 2].map((id) => [id, ticket(id)]));
  enter.mockImplementation(found);
  open.mockImplementation(found);
  read.mockResolvedValue(undefined);
  lists.mockImplementation(() =>
    Promise.resolve({ items: [...server.values()], next_cursor: null, total: 2 }),
  );
  change.mockImplementation((id: number, changes: TicketChanges) => {
    const before = server.get(id)!;
    const after = { ...before, ...changes, version: before.version + 1 } as Ticket;
    server.set(id, after);
    return Promise.resolve({ ...after });
  });
  await list.show('', 'updated');
  await openTicket.open(1);
});
afterEach(async () => {
  await openTicket.open(null);
  list.reset();
  toasts.items = [];
  vi.resetAllMocks();
});

const rowOf = (id: number) => list.rows.find((row) => row?.id === id);

describe('reading the open ticket again', () => {
  it('keeps the younger answer when an older one comes last', async () => {
    const [slow, quick] = [promised<Ticket>(), promised<Ticket>()];
    open.mockReturnValueOnce(slow.promise).mockReturnValueOnce(quick.promise);
    const reads = [openTicket.reload(), openTicket.reload()];
    quick.answer(ticket(1, { subject: 'younger' }));
    await reads[1];
    slow.answer(ticket(1, { subject: 'older' }));
    await reads[0];
    expect(openTicket.current?.subject).toBe('younger');
  });

  it('does not put back what was changed while it was on its way', async () => {
    const slow = promised<Ticket>();
    open.mockReturnValueOnce(slow.promise);
    const reading = openTicket.reload();
    await openTicket.change({ status: 'solved' });
    slow.answer(ticket(1));
    await reading;
    expect(openTicket.current?.status).toBe('solved');
  });

  it('outlives a late answer about one of its messages, which is asked for once more', async () => {
    const shown = openTicket.current!.messages[0]!;
    const saying = (state: Message['state']) => ({ ...shown, state });
    server.set(1, ticket(1, { messages: [saying('failed')] }));
    await openTicket.reload();
    openTicket.replaceMessage(shown, saying('queued'));
    expect(openTicket.current?.messages[0]?.state).toBe('failed');
    expect(open).toHaveBeenCalledTimes(2);
    const failed = openTicket.current!.messages[0]!;
    openTicket.replaceMessage(failed, saying('queued'));
    expect(openTicket.current?.messages[0]?.state).toBe('queued');
  });

  it('takes a message away that a colleague has taken back', async () => {
    server.set(1, ticket(1, { version: 2, messages: [message(1), message(2, 'reply')] }));
    await openTicket.reload();
    server.set(1, ticket(1, { version: 3 }));
    await openTicket.reload();
    expect(openTicket.current?.messages.map(({ id }) => id)).toEqual([1]);
  });
});

describe('a change the server refuses', () => {
  it('is made after all in the ticket it was meant for, whichever is open by then', async () => {
    change.mockRejectedValueOnce(refusal('ticket_changed', ticket(1, { status: 'on_hold', version: 4 })));
    await openTicket.change({ status: 'solved' });
    await openTicket.open(2);
    const [toast] = toasts.items;
    expect(toast?.text).toContain('1001');
    toast?.action?.run();
    await vi.waitFor(() => expect(rowOf(1)).toMatchObject({ status: 'solved' }));
    expect(change).toHaveBeenLastCalledWith(1, { status: 'solved' }, 4);
    expect(openTicket.current).toMatchObject({ id: 2, status: 'open' });
  });

  it('goes from the list too when another ticket is open, and the word names the ticket', async () => {
    const slow = promised<Ticket>();
    change.mockReturnValueOnce(slow.promise);
    const changing = openTicket.change({ status: 'solved' });
    expect(rowOf(1)).toMatchObject({ status: 'solved' });
    await openTicket.open(2);
    slow.refuse(refusal('forbidden'));
    expect(await changing).toBe(false);
    expect(rowOf(1)).toMatchObject({ status: 'open' });
    expect(toasts.items[0]?.text).toContain('1001');
  });

  it('shows in the list what a colleague has made of a ticket that was left', async () => {
    const slow = promised<Ticket>();
    change.mockReturnValueOnce(slow.promise);
    const changing = openTicket.change({ status: 'solved' });
    await openTicket.open(2);
    slow.refuse(refusal('ticket_changed', ticket(1, { status: 'on_hold', version: 4 })));
    await changing;
    expect(rowOf(1)).toMatchObject({ status: 'on_hold', version: 4 });
    expect(toasts.items[0]?.action).toBeDefined();
  });
});

describe('what was not read', () => {
  const looking = vi.spyOn(document, 'visibilityState', 'get');

  it('begins after the last message seen, and earlier pages are unfolded until there', async () => {
    const pages = new Map([
      [undefined, ticket(2, { unread: true, read_message_id: 2, messages: [5, 6].map((id) => message(id)), older: 5 })],
      [5, ticket(2, { messages: [3, 4].map((id) => message(id)), older: 3 })],
      [3, ticket(2, { messages: [1, 2].map((id) => message(id)), older: 1 })],
    ]); // prettier-ignore
    enter.mockResolvedValueOnce(pages.get(undefined)!);
    open.mockImplementation((_, before) => Promise.resolve(pages.get(before)!));
    await openTicket.open(2);
    await vi.waitFor(() => expect(openTicket.current?.messages).toHaveLength(6));
    expect(openTicket.readUntil).toBe(2);
    expect(open).toHaveBeenCalledTimes(2);
  });

  it('is new no more once I have answered, whatever a colleague has written', async () => {
    const by = (id: number, agent: number) =>
      ({ ...message(id, 'reply'), author: { type: 'agent', id: agent, name: '' } }) as Message;
    session.me = { id: 7 } as Me;
    const messages = [message(1), message(2)];
    enter.mockResolvedValueOnce(ticket(2, { unread: true, read_message_id: 1, messages }));
    await openTicket.open(2);
    server.set(2, ticket(2, { version: 2, messages: [...messages, by(3, 8)] }));
    await openTicket.reload();
    expect(openTicket.readUntil).toBe(1);
    server.set(2, ticket(2, { version: 3, messages: [...messages, by(3, 8), by(4, 7)] }));
    await openTicket.reload();
    expect(openTicket.readUntil).toBe(4);
    session.me = null;
  });

  it('is read when one comes back to the tab, and not before', async () => {
    const stop = openTicket.follow();
    looking.mockReturnValue('hidden');
    server.set(1, ticket(1, { version: 2, unread: true, messages: [message(1), message(2)] }));
    await openTicket.reload();
    expect(read).not.toHaveBeenCalled();
    looking.mockReturnValue('visible');
    document.dispatchEvent(new Event('visibilitychange'));
    expect(read).toHaveBeenCalledWith(1, 2);
    expect(openTicket.current?.unread).toBe(false);
    stop();
  });
});
