import { describe, expect, it } from 'vitest';
import { presets } from './presets';
import { fieldInstant, fieldValue, instantOf, knownZone, wallTime } from './zoned';

const at = (iso: string) => Date.parse(iso);
const iso = (time: number) => new Date(time).toISOString();

describe('wall-clock time in a zone', () => {
  it('goes there and back in summer and in winter', () => {
    for (const zone of ['Europe/Moscow', 'Asia/Kolkata', 'America/New_York', 'Pacific/Auckland', 'UTC']) {
      for (const instant of [at('2026-01-15T03:20:00Z'), at('2026-07-15T22:45:00Z')]) {
        expect(instantOf(wallTime(instant, zone), zone), zone).toBe(instant);
        expect(fieldInstant(fieldValue(instant, zone), zone)).toBe(instant);
      }
    }
  });

  it('moves an hour that spring skips to the hour after it', () => {
    const wall = { year: 2026, month: 3, day: 29, hour: 2, minute: 30 };
    expect(iso(instantOf(wall, 'Europe/Berlin'))).toBe('2026-03-29T01:30:00.000Z');
  });

  it('takes the first of an hour that autumn repeats', () => {
    const wall = { year: 2026, month: 10, day: 25, hour: 2, minute: 30 };
    expect(iso(instantOf(wall, 'Europe/Berlin'))).toBe('2026-10-25T00:30:00.000Z');
  });

  it('lets days run over the end of a month', () => {
    const wall = { year: 2026, month: 12, day: 32, hour: 9, minute: 0 };
    expect(iso(instantOf(wall, 'UTC'))).toBe('2027-01-01T09:00:00.000Z');
  });

  it('knows a zone from a word that is none', () => {
    expect(knownZone('Europe/Moscow')).toBe(true);
    expect(knownZone('Nowhere/Land')).toBe(false);
    expect(fieldInstant('soon', 'UTC')).toBeNull();
  });
});

describe('the times offered for later', () => {
  it('are two hours from now, tomorrow and Monday at nine where the agent lives', () => {
    // A Thursday, 15:10 in Moscow.
    const found = presets(at('2026-11-19T12:10:00Z'), 'Europe/Moscow', 'send');
    expect(found.map((one) => [one.key, iso(one.at)])).toEqual([
      ['in_2_hours', '2026-11-19T14:15:00.000Z'],
      ['tomorrow', '2026-11-20T06:00:00.000Z'],
      ['monday', '2026-11-23T06:00:00.000Z'],
    ]);
  });

  it('name Monday once when it is tomorrow', () => {
    const found = presets(at('2026-11-22T12:00:00Z'), 'Europe/Moscow', 'send');
    expect(found.map((one) => one.key)).toEqual(['in_2_hours', 'tomorrow']);
  });

  it('mean the Monday of next week on a Monday', () => {
    const found = presets(at('2026-11-23T12:00:00Z'), 'UTC', 'send');
    expect(iso(found.at(-1)!.at)).toBe('2026-11-30T09:00:00.000Z');
  });

  it('keep nine in the morning across a change of the clock', () => {
    const found = presets(at('2026-10-24T12:00:00Z'), 'Europe/Berlin', 'send');
    expect(iso(found.find((one) => one.key === 'tomorrow')!.at)).toBe('2026-10-25T08:00:00.000Z');
  });

  it('offer the evening for a snooze while it is still far, and a week', () => {
    const keys = (now: string) => presets(at(now), 'UTC', 'snooze').map((one) => one.key);
    expect(keys('2026-11-18T10:00:00Z')).toEqual([
      'in_2_hours',
      'this_evening',
      'tomorrow',
      'monday',
      'next_week',
    ]);
    expect(keys('2026-11-18T17:00:00Z')).not.toContain('this_evening');
  });
});
