/**
 * Focus that is there when the command returns. Tiptap's own waits until the screen is painted next; what is typed
 * until then would go to the page, where letters are shortcuts.
 */
import { Extension, resolveFocusPosition } from '@tiptap/core';

export const FocusAtOnce = Extension.create({
  name: 'focusAtOnce',
  addCommands() {
    return {
      focus:
        (position = null, options = {}) =>
        ({ view, tr, dispatch }) => {
          if (position === false || (position === null && view.hasFocus())) return true;
          if (!dispatch) return true;
          const selection = resolveFocusPosition(tr.doc, position);
          if (selection && !selection.eq(tr.selection)) tr.setSelection(selection);
          view.focus();
          if (options.scrollIntoView ?? true) tr.scrollIntoView();
          return true;
        },
    };
  },
});
