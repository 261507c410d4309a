import { afterEach, describe, expect, it, vi } from 'vitest';
import { doingAll, onKey } from './actions.svelte';

let stop = () => {};
afterEach(() => stop());

/** A key is pressed and held until it has come three times. */
function hold(code: string, more: KeyboardEventInit = {}): KeyboardEvent[] {
  return [false, true, true].map((repeat) => {
    const event = new KeyboardEvent('keydown', { code, repeat, cancelable: true, ...more });
    onKey(event);
    return event;
  });
}

describe('a key that is held down', () => {
  it('solves one ticket, not all that follow', () => {
    const solve = vi.fn();
    stop = doingAll({ solve_next: solve });
    hold('KeyE');
    expect(solve).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['next', 'KeyJ', {}],
    ['previous', 'KeyK', {}],
    ['select_next', 'KeyJ', { shiftKey: true }],
    ['select_previous', 'KeyK', { shiftKey: true }],
    ['page_down', 'PageDown', {}],
    ['page_up', 'PageUp', {}],
  ] as const)('goes on when it walks: %s', (action, code, more) => {
    const walk = vi.fn();
    stop = doingAll({ [action]: walk });
    hold(code, more);
    expect(walk).toHaveBeenCalledTimes(3);
  });

  it('does not fall through to the browser', () => {
    const palette = vi.fn();
    stop = doingAll({ palette });
    const events = hold('KeyK', { ctrlKey: true });
    expect(palette).toHaveBeenCalledTimes(1);
    expect(events.every((event) => event.defaultPrevented)).toBe(true);
  });
});
