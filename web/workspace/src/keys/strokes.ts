/**
 * How keys are written down: a stroke is modifiers and a physical code ("Mod+Shift+Enter"), keys are one stroke or two,
 * one after another ("KeyG KeyI"). `Mod` is Ctrl, or ⌘ on a Mac. Codes are of the key, not of the letter on it, so they
 * are the same on a Russian layout.
 */
export interface Pressed {
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

const shape = /^(Mod\+)?(Alt\+)?(Shift\+)?[A-Z][A-Za-z0-9]*$/;
const alone =
  /^(Shift|Control|Alt|Meta|OS|Hyper|Super)(Left|Right)?$|^(CapsLock|NumLock|ScrollLock|Fn|FnLock)$/;

export const isModifier = (code: string) => code === '' || alone.test(code);

export function strokeOf({ code, ctrlKey, metaKey, altKey, shiftKey }: Pressed): string {
  return `${ctrlKey || metaKey ? 'Mod+' : ''}${altKey ? 'Alt+' : ''}${shiftKey ? 'Shift+' : ''}${code}`;
}

export const strokesIn = (keys: string) => keys.split(' ');

export function isWellFormed(keys: unknown): keys is string {
  if (typeof keys !== 'string') return false;
  const strokes = strokesIn(keys);
  return strokes.length <= 2 && strokes.every((stroke) => shape.test(stroke));
}

const codeOf = (stroke: string) => stroke.slice(stroke.lastIndexOf('+') + 1);
export const hasModifier = (stroke: string) => /^(Mod|Alt)\+/.test(stroke);

/** A letter, a digit or a sign without Ctrl, ⌘ or Alt: what a voice or a hand may say by chance (WCAG 2.1.4). */
export function isSingle(keys: string): boolean {
  const [first = ''] = strokesIn(keys);
  return (
    !hasModifier(first) &&
    /^(Key|Digit|Numpad|Slash|Period|Comma|Semicolon|Quote|Bracket|Backslash|Backquote|Minus|Equal|Intl|Space)/.test(
      codeOf(first),
    )
  );
}

const signs: Record<string, string> = {
  Slash: '/', Period: '.', Comma: ',', Semicolon: ';', Quote: "'", BracketLeft: '[', BracketRight: ']',
  Backslash: '\\', Backquote: '`', Minus: '-', Equal: '=', Escape: 'Esc', Enter: '↵', Backspace: '⌫', Delete: 'Del',
  ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', PageUp: 'PgUp', PageDown: 'PgDn', Space: '␣', Tab: '⇥',
}; // prettier-ignore

const keyName = (code: string) =>
  signs[code] ?? code.replace(/^(Key|Digit)(?=.$)/, '').replace(/^Numpad(?=.)/, 'Num ');

/** What to print on the caps of one stroke: ["Ctrl", "K"], on a Mac ["⌘", "K"]. */
export function capsOf(stroke: string, mac: boolean): string[] {
  if (stroke === 'Shift+Slash') return ['?'];
  const names: Record<string, string> = mac
    ? { Mod: '⌘', Alt: '⌥', Shift: '⇧' }
    : { Mod: 'Ctrl', Alt: 'Alt', Shift: '⇧' };
  return stroke.split('+').map((part) => names[part] ?? keyName(part));
}

/** In one short word: "⇧X", "Ctrl K", "G I". */
export function shortLabel(keys: string, mac: boolean): string {
  return strokesIn(keys)
    .map((stroke) =>
      capsOf(stroke, mac).reduce((text, cap) => text + (/\w$/.test(text) ? ' ' : '') + cap, ''),
    )
    .join(' ');
}
