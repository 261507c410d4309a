import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { serverNow, timeHeard } from './clock';

const now = Date.parse('2026-11-23T09:00:00Z');

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(now);
});
afterEach(() => {
  timeHeard(new Date(Date.now()).toUTCString());
  vi.useRealTimers();
});

it('follows the server on a device whose clock is wrong', () => {
  timeHeard(new Date(now - 90_000).toUTCString());
  expect(Math.abs(serverNow() - (now - 90_000))).toBeLessThan(1_000);
});

it('is this device’s own clock when they agree, and when nothing readable is said', () => {
  timeHeard(new Date(now - 1_000).toUTCString());
  timeHeard('yesterday');
  timeHeard(null);
  expect(serverNow()).toBe(now);
});
