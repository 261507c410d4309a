import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Message } from '../api/types';
import { undoBar } from './undo.svelte';

const written = Date.parse('2026-11-23T09:00:00Z');
const sent = {
  message: { id: 1, created_at: new Date(written).toISOString() } as Message,
  ticketId: 1,
  ticketNumber: 1001,
  path: '/',
  until: written + 10_000,
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  undoBar.dismiss();
  vi.useRealTimers();
});

describe('taking an answer back', () => {
  it.each([
    ['fast', 60_000],
    ['right', 0],
    ['slow', -60_000],
  ])('is offered for ten seconds on a device whose clock is %s', (_, off) => {
    vi.setSystemTime(written + off);
    undoBar.offer(sent);
    expect(undoBar.left).toBe(10);
    vi.advanceTimersByTime(9_500);
    expect(undoBar.sent).not.toBeNull();
    vi.advanceTimersByTime(1_000);
    expect(undoBar.sent).toBeNull();
  });
});
