import { describe, expect, it } from 'vitest';
import { indexed } from './keymap';
import { KeyReader, type Pressed } from './reader';

const press = (code: string, more: Partial<Pressed> = {}): Pressed => ({
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  typing: false,
  ...more,
});
const fresh = () => new KeyReader(() => 0);

describe('the keyboard', () => {
  it('reads physical keys, so a Russian layout changes nothing', () => {
    // «о» on a Russian layout is the key J.
    expect(fresh().read(press('KeyJ'))).toBe('next');
  });

  it('leaves single keys alone while somebody types', () => {
    const keys = fresh();
    expect(keys.read(press('KeyR', { typing: true }))).toBeNull();
    expect(keys.read(press('Slash', { typing: true }))).toBeNull();
    expect(keys.read(press('Escape', { typing: true }))).toBeNull();
  });

  it('opens the palette with Ctrl and with ⌘, also while typing', () => {
    const keys = fresh();
    expect(keys.read(press('KeyK', { ctrlKey: true, typing: true }))).toBe('palette');
    expect(keys.read(press('KeyK', { metaKey: true }))).toBe('palette');
  });

  it("does not take the browser's own combinations", () => {
    const keys = fresh();
    for (const code of ['KeyR', 'KeyA', 'KeyC', 'KeyT'])
      expect(keys.read(press(code, { ctrlKey: true }))).toBeNull();
    expect(keys.read(press('KeyJ', { altKey: true }))).toBeNull();
  });

  it('waits for the second key of a pair, but not for ever', () => {
    let now = 0;
    const keys = new KeyReader(() => now);
    expect(keys.read(press('KeyG'))).toBeNull();
    expect(keys.waiting).toBe(true);
    expect(keys.read(press('KeyI'))).toBe('go_mine');
    keys.read(press('KeyG'));
    now = 5_000;
    expect(keys.read(press('KeyI'))).toBe('assign_me');
  });

  it('does not lose the first key of a pair when Shift goes down in between', () => {
    const keys = fresh();
    keys.index = indexed({ go_mine: ['KeyG Shift+KeyI'] });
    keys.read(press('KeyG'));
    expect(keys.read(press('ShiftLeft', { shiftKey: true }))).toBeNull();
    expect(keys.read(press('KeyI', { shiftKey: true }))).toBe('go_mine');
  });

  it('finishes a pair that begins with Ctrl even while somebody types', () => {
    const keys = fresh();
    keys.index = indexed({ snooze: ['Mod+KeyE KeyZ'] });
    expect(keys.read(press('KeyE', { ctrlKey: true, typing: true }))).toBeNull();
    expect(keys.read(press('KeyZ', { typing: true }))).toBe('snooze');
    expect(keys.read(press('KeyZ', { typing: true }))).toBeNull();
  });

  it('tells t from Shift+T and / from ?', () => {
    const keys = fresh();
    expect(keys.read(press('KeyT'))).toBe('tag');
    expect(keys.read(press('KeyT', { shiftKey: true }))).toBe('team');
    expect(keys.read(press('Slash'))).toBe('search');
    expect(keys.read(press('Slash', { shiftKey: true }))).toBe('help');
  });

  it('can be switched off for single keys; combinations, Escape and End stay', () => {
    const keys = fresh();
    keys.singleKeys = false;
    expect(keys.read(press('KeyJ'))).toBeNull();
    expect(keys.read(press('KeyX', { shiftKey: true }))).toBeNull();
    keys.read(press('KeyG'));
    expect(keys.waiting).toBe(false);
    expect(keys.read(press('Escape'))).toBe('escape');
    expect(keys.read(press('End'))).toBe('last');
    expect(keys.read(press('KeyK', { ctrlKey: true }))).toBe('palette');
  });

  it('reads own keys in place of the usual ones', () => {
    const keys = fresh();
    keys.index = indexed({ reply: ['KeyY'] });
    expect(keys.read(press('KeyY'))).toBe('reply');
    expect(keys.read(press('KeyR'))).toBeNull();
  });
});
