/** Keys that cannot be given to a command, and why: the browser, the text or the screen needs them. Pure. */
import { bindingOf, type Action } from './bindings';
import { hasModifier, strokesIn } from './strokes';

export type Refusal = 'browser' | 'text' | 'screen' | 'writing';

const list = (words: string) => new Set(words.split(' '));

/** Most of these never reach a page; the others a person would miss. */
const browser = list(
  'Mod+KeyT Mod+KeyN Mod+KeyW Mod+KeyQ Mod+KeyR Mod+KeyL Mod+KeyD Mod+KeyH Mod+KeyJ Mod+KeyM Mod+KeyO Mod+KeyP Mod+KeyS ' +
    'Mod+KeyF Mod+KeyG Mod+Tab Mod+PageUp Mod+PageDown Mod+F4 Mod+F5 Mod+Escape Mod+Equal Mod+Minus Mod+Comma Mod+Space ' +
    'Mod+Shift+KeyT Mod+Shift+KeyN Mod+Shift+KeyW Mod+Shift+KeyQ Mod+Shift+KeyR Mod+Shift+KeyI Mod+Shift+KeyJ ' +
    'Mod+Shift+KeyC Mod+Shift+KeyM Mod+Shift+KeyP Mod+Shift+KeyG Mod+Shift+KeyO Mod+Shift+KeyB Mod+Shift+KeyA ' +
    'Mod+Shift+Tab Mod+Shift+Delete Mod+Shift+Escape Mod+Alt+Delete Mod+Alt+KeyI ' +
    'Alt+ArrowLeft Alt+ArrowRight Alt+Home Alt+F4 Alt+KeyD Alt+Tab Alt+Shift+Tab Alt+Space Alt+Escape ' +
    'F1 F3 F5 F6 F7 F10 F11 F12 Shift+F3 Shift+F5 Shift+F10 ContextMenu PrintScreen Pause',
);
const text = list(
  'Mod+KeyA Mod+KeyC Mod+KeyV Mod+KeyX Mod+KeyZ Mod+KeyY Mod+KeyB Mod+KeyI Mod+KeyU Mod+Shift+KeyZ Mod+Shift+KeyV ' +
    'Mod+Backspace Mod+Delete Mod+Home Mod+End Mod+Shift+Home Mod+Shift+End Alt+Backspace ' +
    'Mod+ArrowLeft Mod+ArrowRight Mod+ArrowUp Mod+ArrowDown Mod+Shift+ArrowLeft Mod+Shift+ArrowRight',
);
const screen = list(
  'Tab Shift+Tab Enter Shift+Enter Space Shift+Space ArrowUp ArrowDown Shift+ArrowUp Shift+ArrowDown Escape ' +
    'Shift+Escape Backspace Shift+Backspace',
);

export function refusal(action: Action, keys: string): Refusal | null {
  for (const stroke of strokesIn(keys)) {
    if (browser.has(stroke) || /^Mod\+(Digit|Numpad)/.test(stroke)) return 'browser';
    if (text.has(stroke)) return 'text';
    if (screen.has(stroke) && !(action === 'escape' && stroke === 'Escape')) return 'screen';
  }
  const [first = ''] = strokesIn(keys);
  return bindingOf(action)?.group === 'writing' && !hasModifier(first) ? 'writing' : null;
}
