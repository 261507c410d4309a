import { describe, expect, it, vi } from 'vitest';
import type { TicketClock, TicketSla } from '../api/types';
import { faceOf } from './face';
import { measure } from './measure';
import { Ticking } from './ticking';
import { left, length, staysFor, staysUp } from './words';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const due = Date.parse('2026-03-02T12:00:00Z');
const promised: TicketSla = {
  metric: 'first_response',
  due_at: new Date(due).toISOString(),
  warn_at: new Date(due - 15 * minute).toISOString(),
  breached: false,
};
const at = (rest: number) => faceOf(promised, due - rest, 'en');

describe('what is left', () => {
  it.each([
    [42 * second, '42 s'],
    [minute, '0:01'],
    [42 * minute + 59 * second, '0:42'],
    [7 * hour + 40 * minute, '7:40'],
    [10 * hour, '10 h'],
    [47 * hour + 59 * minute, '47 h'],
    [3 * day + hour, '3 d'],
  ])('%i ms is %s', (ms, text) => expect(left(ms, 'en')).toBe(text));

  it('is in the reader’s language', () => {
    expect(left(42 * second, 'ru')).toBe('42 с');
    expect(left(23 * hour, 'ru')).toBe('23 ч');
    expect(length(9600, 'ru')).toBe('2 ч 40 мин');
    expect(length(8 * 3600, 'en', 8)).toBe('1 d');
  });

  it.each([1, 999, 59_999, 60_000, 61_234, 10 * hour, 10 * hour - 1, 2 * day, 2 * day + 5, 9 * day])(
    'says the same exactly as long as it says it does: %i',
    (ms) => {
      const stays = staysFor(ms);
      if (stays > 1) expect(left(ms - stays + 1, 'en')).toBe(left(ms, 'en'));
      if (ms - stays >= 0) expect(left(ms - stays, 'en')).not.toBe(left(ms, 'en'));
      const up = staysUp(ms);
      expect(left(ms + up - 1, 'en')).toBe(left(ms, 'en'));
      expect(left(ms + up, 'en')).not.toBe(left(ms, 'en'));
    },
  );
});

describe('the face of a deadline', () => {
  it('is calm, soon from the warning on, and late from the very moment', () => {
    expect(at(60 * minute)).toMatchObject({ standing: 'calm', half: false, span: '1:00' });
    expect(at(30 * minute)).toMatchObject({ standing: 'calm', half: true });
    expect(at(15 * minute + 1)).toMatchObject({ standing: 'calm' });
    expect(at(15 * minute)).toMatchObject({ standing: 'soon', span: '0:15' });
    expect(at(1)).toMatchObject({ standing: 'soon', span: '0 s' });
    expect(at(0)).toMatchObject({ standing: 'late', span: '0 s' });
    expect(at(-61 * second)).toMatchObject({ standing: 'late', span: '0:01' });
  });

  it('wakes at whatever comes first: another word, the half, the warning', () => {
    expect(at(20 * minute + 30 * second).changes).toBe(due - 20 * minute + 1);
    expect(at(15 * minute + 10).changes).toBe(due - 15 * minute);
    expect(at(30 * minute + 10).changes).toBe(due - 30 * minute);
    expect(at(-30 * second).changes).toBe(due + 31 * second);
  });

  it('stands still with what is left', () => {
    const still: TicketSla = { ...promised, due_at: null, warn_at: null, remaining_seconds: 11_000 };
    expect(faceOf(still, due, 'en')).toMatchObject({ standing: 'still', span: '3:03', changes: Infinity });
    expect(faceOf({ ...still, breached: true }, due, 'en').standing).toBe('late');
  });
});

describe('how far a clock has come', () => {
  const clock: TicketClock = {
    ...{ metric: 'resolution', state: 'running', policy_id: 1, policy: 'P' },
    ...{ target_seconds: 3600, spent_seconds: 1800, started_at: '', working_hours: false },
    ...{ due_at: new Date(due).toISOString(), stopped_at: null, breached_at: null },
  };
  const asOf = due - 30 * minute;

  it('goes on from what the server told', () => {
    expect(measure(clock, asOf, asOf)).toMatchObject({ course: 'calm', spent: 1800, part: 0.5 });
    expect(measure(clock, asOf, asOf + 15 * minute)).toMatchObject({ spent: 2700, part: 0.75 });
    expect(measure(clock, asOf, due)).toMatchObject({ course: 'late', part: 1 });
  });

  it('in working hours passes only as the server says', () => {
    const working = { ...clock, working_hours: true };
    const seen = measure(working, asOf, asOf + 15 * minute);
    expect(seen).toMatchObject({ spent: 1800, part: 0.5, changes: due });
  });

  it('that is over was kept or missed', () => {
    const over: TicketClock = { ...clock, state: 'over', due_at: null };
    expect(measure(over, asOf, due + day).course).toBe('kept');
    expect(measure({ ...over, breached_at: '2026-01-01T00:00:00Z' }, asOf, due).course).toBe('missed');
  });
});

describe('the one timer', () => {
  it('wakes each once, at its moment and not before, and stops when nobody waits', () => {
    vi.useFakeTimers({ now: 0 });
    const ticking = new Ticking(Date.now);
    const woken: string[] = [];
    ticking.when(5_000, () => woken.push('b'));
    ticking.when(1_000, () => woken.push('a'));
    const off = ticking.when(2_000, () => woken.push('never'));
    for (let n = 0; n < 1000; n++) ticking.when(90_000, () => woken.push('far'));
    expect(vi.getTimerCount()).toBe(1);
    off();
    vi.advanceTimersByTime(999);
    expect(woken).toEqual([]);
    vi.advanceTimersByTime(5_000);
    expect(woken).toEqual(['a', 'b']);
    vi.advanceTimersByTime(84_002);
    expect(woken).toHaveLength(1002);
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });
});
