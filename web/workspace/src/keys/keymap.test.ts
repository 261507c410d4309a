import { describe, expect, it } from 'vitest';
import { bindings } from './bindings';
import { bound, clashes, given, indexed, keysOf, restored, taken, understood } from './keymap';
import { habitOf, habits, keysOfHabit } from './presets';
import { refusal } from './reserved';
import { capsOf, isSingle, isWellFormed, shortLabel } from './strokes';

describe('own keys', () => {
  it('stand in place of the usual ones, and only what differs is kept', () => {
    const own = given({}, 'reply', 'KeyY');
    expect(own).toEqual({ reply: ['KeyY'] });
    expect(given(own, 'reply', 'KeyR')).toEqual({});
  });

  it('may stand beside those that were there', () => {
    expect(keysOf(given({}, 'reply', 'Alt+KeyL', true), 'reply')).toEqual(['KeyR', 'Alt+KeyL']);
  });

  it('are taken from whoever had them, and nobody else loses any', () => {
    const own = given({}, 'reply', 'KeyJ');
    expect(keysOf(own, 'reply')).toEqual(['KeyJ']);
    expect(keysOf(own, 'next')).toEqual([]);
    expect(Object.keys(own).sort()).toEqual(['next', 'reply']);
  });

  it('collide with pairs they would begin, and pairs with the key they begin with', () => {
    expect(clashes({}, 'reply', 'KeyG').map(({ action }) => action)).toContain('go_mine');
    expect(clashes({}, 'reply', 'KeyJ KeyI')).toEqual([{ action: 'next', keys: 'KeyJ' }]);
    expect(clashes({}, 'reply', 'KeyG KeyZ')).toEqual([]);
    const own = given({}, 'reply', 'KeyG');
    expect(indexed(own).beginnings.size).toBe(0);
  });

  it('do not collide with themselves', () => {
    expect(clashes({}, 'reply', 'KeyR')).toEqual([]);
  });

  it('can be none at all, and the usual ones come back from whoever took them', () => {
    const none = taken({}, 'reply', 'KeyR');
    expect(none).toEqual({ reply: [] });
    const own = given(given({}, 'note', 'KeyR'), 'reply', 'KeyY');
    expect(restored(own, 'reply')).toEqual({ note: [] });
  });

  it('go before what a newer version gives to somebody else', () => {
    expect(indexed({ reply: ['KeyQ'] }).meaning.get('KeyQ')).toBe('reply');
  });

  it('from another version are read as far as they are understood', () => {
    expect(understood({ reply: ['KeyY', 'rm -rf', 7], fly: ['KeyF'], note: 'KeyN', tag: ['KeyT'] })).toEqual({
      reply: ['KeyY'],
    });
    expect(understood(null)).toEqual({});
    expect(understood('x')).toEqual({});
  });
});

describe('the usual keys and those of other programs', () => {
  it.each(habits)('%s: Ctrl or ⌘ with Enter sends, and with Shift solves too', (habit) => {
    const { meaning } = indexed(keysOfHabit(habit));
    expect(meaning.get('Mod+Enter')).toBe('send');
    expect(meaning.get('Mod+Shift+Enter')).toBe('send_solve');
  });

  it.each(habits)('%s: nobody stands in anybody’s way, and none is refused', (habit) => {
    const own = keysOfHabit(habit);
    for (const { action } of bindings) {
      for (const keys of keysOf(own, action)) {
        expect(isWellFormed(keys), keys).toBe(true);
        expect(clashes(own, action, keys), `${action} ${keys}`).toEqual([]);
        expect(refusal(action, keys), `${action} ${keys}`).toBeNull();
      }
    }
    expect(habitOf(own)).toBe(habit);
    expect(habitOf(bound(own, 'density', ['KeyL']))).toBeNull();
  });
});

describe('reserved keys', () => {
  it('of the browser, of text and of every screen are refused, each for its reason', () => {
    expect(refusal('reply', 'Mod+KeyT')).toBe('browser');
    expect(refusal('reply', 'Mod+Digit1')).toBe('browser');
    expect(refusal('reply', 'KeyG F5')).toBe('browser');
    expect(refusal('reply', 'Mod+KeyC')).toBe('text');
    expect(refusal('reply', 'Enter')).toBe('screen');
    expect(refusal('reply', 'Escape')).toBe('screen');
    expect(refusal('escape', 'Escape')).toBeNull();
    expect(refusal('send', 'KeyY')).toBe('writing');
    expect(refusal('send', 'Alt+KeyY')).toBeNull();
    expect(refusal('reply', 'KeyY')).toBeNull();
  });
});

describe('keys in print', () => {
  it('stand the way they stand on the keyboard', () => {
    expect(shortLabel('Mod+KeyK', false)).toBe('Ctrl K');
    expect(shortLabel('Mod+KeyK', true)).toBe('⌘K');
    expect(shortLabel('KeyG KeyI', false)).toBe('G I');
    expect(shortLabel('Shift+KeyX', false)).toBe('⇧X');
    expect(shortLabel('Shift+Slash', false)).toBe('?');
    expect(capsOf('Mod+Shift+Enter', false)).toEqual(['Ctrl', '⇧', '↵']);
    expect(capsOf('F9', false)).toEqual(['F9']);
    expect(capsOf('Digit7', false)).toEqual(['7']);
  });

  it('are single when a letter or a sign needs no Ctrl, ⌘ or Alt, be it with Shift or the first of two', () => {
    expect(['KeyA', 'Shift+KeyA', 'KeyG KeyI', 'Period', 'Digit4'].every(isSingle)).toBe(true);
    expect(['Mod+KeyA', 'Alt+KeyA', 'Escape', 'End', 'F9', 'Shift+ArrowLeft'].some(isSingle)).toBe(false);
  });
});
