import { describe, expect, it } from 'vitest';
import { bindingLabel, bindings, KeyReader, type Pressed } from './bindings';

const press = (code: string, more: Partial<Pressed> = {}): Pressed => ({
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  typing: false,
  ...more,
});

describe('the keyboard', () => {
  it('reads physical keys, so a Russian layout changes nothing', () => {
    // «о» on a Russian layout is the key J.
    expect(new KeyReader(() => 0).read(press('KeyJ'))).toBe('next');
  });

  it('leaves single keys alone while somebody types', () => {
    const keys = new KeyReader(() => 0);
    expect(keys.read(press('KeyR', { typing: true }))).toBeNull();
    expect(keys.read(press('Slash', { typing: true }))).toBeNull();
  });

  it('opens the palette with Ctrl and with ⌘, also while typing', () => {
    const keys = new KeyReader(() => 0);
    expect(keys.read(press('KeyK', { ctrlKey: true, typing: true }))).toBe('palette');
    expect(keys.read(press('KeyK', { metaKey: true }))).toBe('palette');
  });

  it("does not take the browser's own combinations", () => {
    const keys = new KeyReader(() => 0);
    for (const code of ['KeyR', 'KeyA', 'KeyC', 'KeyT'])
      expect(keys.read(press(code, { ctrlKey: true }))).toBeNull();
    expect(keys.read(press('KeyJ', { altKey: true }))).toBeNull();
  });

  it('waits for the second key of a pair, but not for ever', () => {
    let now = 0;
    const keys = new KeyReader(() => now);
    expect(keys.read(press('KeyG'))).toBeNull();
    expect(keys.read(press('KeyI'))).toBe('go_mine');
    keys.read(press('KeyG'));
    now = 5_000;
    expect(keys.read(press('KeyI'))).toBe('assign_me');
  });

  it('tells t from Shift+T and / from ?', () => {
    const keys = new KeyReader(() => 0);
    expect(keys.read(press('KeyT'))).toBe('tag');
    expect(keys.read(press('KeyT', { shiftKey: true }))).toBe('team');
    expect(keys.read(press('Slash'))).toBe('search');
    expect(keys.read(press('Slash', { shiftKey: true }))).toBe('help');
  });

  it('can be switched off for single keys; combinations and Escape stay', () => {
    const keys = new KeyReader(() => 0);
    keys.singleKeys = false;
    expect(keys.read(press('KeyJ'))).toBeNull();
    expect(keys.read(press('Escape'))).toBe('escape');
    expect(keys.read(press('KeyK', { ctrlKey: true }))).toBe('palette');
  });

  it('binds no key twice', () => {
    const seen = bindings.map((one) => `${one.command ?? false}${one.shift ?? false}${one.keys.join()}`);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('prints keys the way they stand on the keyboard', () => {
    const label = (action: string, mac = false) =>
      bindingLabel(
        bindings.find((one) => one.action === action)!,
        mac,
      ).join('+');
    expect(label('palette')).toBe('Ctrl+K');
    expect(label('palette', true)).toBe('⌘+K');
    expect(label('go_mine')).toBe('G+I');
    expect(label('help')).toBe('?');
  });
});
