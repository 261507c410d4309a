/**
 * A keyboard as the browser sees one: physical keys under a Latin or a Russian layout. The text a person types comes as
 * text; keys that mean something are pressed by their codes, and what letter stands on them depends on the layout.
 */
const russian = {
  ...Object.fromEntries(
    [...'QWERTYUIOPASDFGHJKLZXCVBNM'].map((letter, at) => [`Key${letter}`, 'йцукенгшщзфывапролдячсмить'[at]]),
  ),
  BracketLeft: 'х', BracketRight: 'ъ', Semicolon: 'ж', Quote: 'э', Comma: 'б', Period: 'ю', Slash: '.', Backslash: '\\',
}; // prettier-ignore
const latin = {
  BracketLeft: '[', BracketRight: ']', Semicolon: ';', Quote: "'", Comma: ',', Period: '.', Slash: '/', Backslash: '\\',
}; // prettier-ignore
const named = {
  Enter: 13, Escape: 27, Tab: 9, Backspace: 8, ArrowUp: 38, ArrowDown: 40, ArrowLeft: 37, ArrowRight: 39, Home: 36,
  End: 35, PageUp: 33, PageDown: 34,
}; // prettier-ignore
const punctuation = {
  Slash: 191, Period: 190, Comma: 188, Semicolon: 186, Quote: 222, BracketLeft: 219, BracketRight: 221, Backslash: 220,
}; // prettier-ignore

function letterOf(code, layout, shift) {
  const plain =
    layout === 'ru'
      ? russian[code]
      : (latin[code] ?? (code.startsWith('Key') ? code[3].toLowerCase() : undefined));
  if (plain !== undefined) return shift ? plain.toUpperCase() : plain;
  return code.startsWith('Digit') ? code[5] : undefined;
}

/** `press('KeyG KeyI')`, `press('Mod+Shift+Enter')`; `layout` can be changed between presses, as people do. */
export async function keyboardOf({ context, page }) {
  const wire = await context.newCDPSession(page);
  const board = {
    layout: 'en',
    async press(keys) {
      for (const stroke of keys.split(' ')) await once(stroke);
    },
    /** Words come as they are: which layout they were typed in does not matter to a text. */
    type: (text) => page.keyboard.type(text, { delay: 2 }),
  };
  async function once(stroke) {
    const parts = stroke.split('+');
    const code = parts.pop();
    const modifiers =
      (parts.includes('Alt') ? 1 : 0) + (parts.includes('Mod') ? 2 : 0) + (parts.includes('Shift') ? 8 : 0);
    const letter = letterOf(code, board.layout, parts.includes('Shift'));
    const key = letter ?? code;
    const number = named[code] ?? punctuation[code] ?? code.at(-1).charCodeAt(0);
    const prints = code === 'Enter' ? '\r' : letter;
    const text = prints !== undefined && (modifiers & 3) === 0 ? prints : undefined;
    const common = { code, key, modifiers, windowsVirtualKeyCode: number };
    await wire.send('Input.dispatchKeyEvent', { type: text ? 'keyDown' : 'rawKeyDown', text, ...common });
    await wire.send('Input.dispatchKeyEvent', { type: 'keyUp', ...common });
  }
  return board;
}
