import { describe, expect, it } from 'vitest';
import type { Message, Ticket } from '../api/types';
import { applied, changedFields, conflicted, merged, rolledBack, rowOf, withOlder } from './optimistic';

const message = (id: number) =>
  ({ id, kind: 'customer', created_at: `2026-11-22T08:00:${10 + id}Z` }) as Message;
const ticket = (more: Partial<Ticket> = {}): Ticket =>
  ({
    id: 1,
    status: 'open',
    priority: 'normal',
    assignee_id: 2,
    tags: ['a'],
    subject: 's',
    version: 3,
    messages: [],
    events: [],
    older: null,
    ...more,
  }) as Ticket;

describe('an edit', () => {
  it('shows at once and never carries the hand-over note into the ticket', () => {
    const shown = applied(ticket(), { assignee_id: 5, hand_over_note: 'half done' });
    expect(shown.assignee_id).toBe(5);
    expect(shown).not.toHaveProperty('hand_over_note');
    expect(changedFields({ assignee_id: null, hand_over_note: 'x' })).toEqual(['assignee_id']);
  });

  it('is taken back alone: what others changed meanwhile stays', () => {
    const before = ticket();
    const meanwhile = { ...applied(before, { status: 'solved' }), priority: 'urgent' as const };
    expect(rolledBack(meanwhile, before, { status: 'solved' })).toMatchObject({
      status: 'open',
      priority: 'urgent',
    });
  });

  it('refused as changed shows the server truth and names the fields it contradicts', () => {
    const shown = applied(ticket(), { status: 'solved', priority: 'high' });
    const current = ticket({ status: 'waiting', priority: 'high', version: 4 });
    const { ticket: after, fields } = conflicted(shown, current, { status: 'solved', priority: 'high' });
    expect(after).toMatchObject({ status: 'waiting', version: 4 });
    expect(fields).toEqual(['status']);
  });

  it('reaches the row of the list', () => {
    expect(rowOf(ticket({ status: 'solved' }))).toMatchObject({ status: 'solved', version: 3 });
    expect(rowOf(ticket())).not.toHaveProperty('messages');
  });
});

describe('a fresh read', () => {
  it('keeps earlier pages that were unfolded', () => {
    const shown = withOlder(
      ticket({ messages: [message(4), message(5)], older: 4 }),
      ticket({ messages: [message(2), message(3)], older: 2 }),
    );
    const after = merged(shown, ticket({ messages: [message(5), message(6)], older: 5 }));
    expect(after.messages.map((one) => one.id)).toEqual([2, 3, 4, 5, 6]);
    expect(after.older).toBe(2);
  });

  it('replaces a message that changed its state', () => {
    const sent = { ...message(5), state: 'sent' } as Message;
    const after = merged(
      ticket({ messages: [{ ...message(5), state: 'queued' } as Message] }),
      ticket({ messages: [sent] }),
    );
    expect(after.messages[0]?.state).toBe('sent');
  });

  it('takes away what was taken back, and nothing of the pages before it', () => {
    const shown = ticket({ messages: [2, 3, 4, 5].map(message) });
    const after = merged(shown, ticket({ version: 4, messages: [message(3), message(5)], older: 3 }));
    expect(after.messages.map((one) => one.id)).toEqual([2, 3, 5]);
    const only = ticket({ messages: [message(1)] });
    expect(merged(only, ticket({ version: 4, messages: [] })).messages).toEqual([]);
  });

  it('that was overtaken by a younger one changes nothing', () => {
    const shown = ticket({ version: 5, status: 'solved', messages: [message(1), message(2)] });
    expect(merged(shown, ticket({ version: 4, messages: [message(1)] }))).toBe(shown);
  });

  it('starts anew when so much was missed that the pages no longer touch', () => {
    const after = merged(
      ticket({ messages: [message(1)], older: null }),
      ticket({ messages: [message(50)], older: 50 }),
    );
    expect(after.messages.map((one) => one.id)).toEqual([50]);
    expect(after.older).toBe(50);
  });
});
