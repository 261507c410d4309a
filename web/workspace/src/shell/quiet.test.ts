import { describe, expect, it } from 'vitest';
import type { NotificationSettings } from '../api/types';
import { isQuiet, mayDisturb, wanted } from './quiet';

const at = (iso: string) => Date.parse(iso);
const night = { from: '20:00', to: '08:00', days: [0, 1, 2, 3, 4] };

describe('quiet hours', () => {
  it('over midnight belong to the day on which they begin', () => {
    // Friday evening, Saturday morning, Saturday evening.
    expect(isQuiet(night, 'UTC', at('2026-11-20T21:00:00Z'))).toBe(true);
    expect(isQuiet(night, 'UTC', at('2026-11-21T07:59:00Z'))).toBe(true);
    expect(isQuiet(night, 'UTC', at('2026-11-21T21:00:00Z'))).toBe(false);
    expect(isQuiet(night, 'UTC', at('2026-11-20T08:00:00Z'))).toBe(false);
  });
  it('are those of the place where the person lives', () => {
    expect(isQuiet(night, 'Asia/Vladivostok', at('2026-11-20T11:00:00Z'))).toBe(true);
    expect(isQuiet(night, 'Europe/Moscow', at('2026-11-20T11:00:00Z'))).toBe(false);
  });
  it('that are empty or none disturb nobody', () => {
    expect(isQuiet(null, 'UTC', 0)).toBe(false);
    expect(isQuiet({ ...night, to: '20:00' }, 'UTC', at('2026-11-20T20:00:00Z'))).toBe(false);
    expect(isQuiet({ ...night, from: '' }, 'UTC', 0)).toBe(false);
  });
});

it('a person is disturbed by what they asked for, and by what they never spoke about', () => {
  const settings: NotificationSettings = {
    kinds: { mention: { app: true, push: false, mail: true } },
    quiet: null,
    digest: 'off',
    time_zone: 'UTC',
  };
  expect(mayDisturb(settings, 'mention', 0)).toBe(false);
  expect(mayDisturb(settings, 'held', 0)).toBe(true);
  expect(mayDisturb(null, 'mention', 0)).toBe(true);
  expect(wanted(settings, 'mention', 'mail')).toBe(true);
  expect([wanted(settings, 'talk', 'mail'), wanted(settings, 'follow', 'mail')]).toEqual([true, false]);
});
