/** The rich text editor, loaded after the screen is up. Small on purpose: what survives a mail client, nothing more. */
import { Editor, type Extensions } from '@tiptap/core';
import Image from '@tiptap/extension-image';
import { Placeholder } from '@tiptap/extensions';
import StarterKit from '@tiptap/starter-kit';
import { tableExtensions } from './editing/table';
import { triggers, type TriggerOptions } from './editing/triggers';
import { Variable } from './editing/variable';
import { asPieces } from './variables';
import { clean } from './paste/clean';
import { atOnce, pasted, sized } from './paste/paste';

export type { Editor };
export { changeTable, insertTable, inTable, type TableCommand } from './editing/table';
export { toNextVariable } from './editing/variable';
export { typeTrigger, type Picker } from './editing/triggers';

export interface EditorOptions extends TriggerOptions {
  element: HTMLElement;
  html: string;
  label: string;
  lang: string;
  placeholder: () => string;
  variable: (name: string) => string;
  onChange: (html: string) => void;
  onFiles: (files: File[]) => boolean;
  /** A paste that takes a while, or that could not stay as it was. */
  onPaste: (news: 'busy' | 'done' | 'plain' | 'file') => void;
  onTransaction: () => void;
}

export function createEditor(options: EditorOptions): Editor {
  const editor: Editor = new Editor({
    element: options.element,
    content: asPieces(options.html),
    extensions: extensions(options),
    editorProps: {
      attributes: {
        class: 'writing',
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': options.label,
        'data-testid': 'composer-body',
        spellcheck: 'true',
        lang: options.lang,
      },
      // Before the editor reads the clipboard itself: reading five megabytes would freeze the screen.
      handleDOMEvents: {
        paste: (_view, event) => {
          const html = event.clipboardData?.getData('text/html') ?? '';
          if (html.length <= atOnce || fromHere(html)) return false;
          event.preventDefault();
          void pasteLong(editor, html, event.clipboardData?.getData('text/plain') ?? '', options);
          return true;
        },
      },
      // Office programs lay a picture of the copied cells beside their text: then the text is what was meant.
      handlePaste: (_view, { clipboardData: copied }) =>
        copied !== null && !copied.types.includes('text/plain') && options.onFiles([...copied.files]),
      transformPastedHTML: (html) => {
        if (fromHere(html)) return html;
        const result = sized(clean(html), '');
        if (result.kind !== 'rich') return '';
        if (result.pictures.length > 0) queueMicrotask(() => options.onFiles(result.pictures));
        return result.html;
      },
      handleDrop: (_view, event) => options.onFiles([...(event.dataTransfer?.files ?? [])]),
    },
    onUpdate: () => options.onChange(editor.getHTML()),
    onTransaction: options.onTransaction,
  });
  return editor;
}

/** Cut or copied in an editor of ours: already clean, and it knows where it was cut. */
const fromHere = (html: string) => html.includes('data-pm-slice');

/** Goes in where the caret stands when it is ready: the person may write on meanwhile. */
async function pasteLong(editor: Editor, html: string, text: string, options: EditorOptions): Promise<void> {
  options.onPaste('busy');
  const result = await pasted(html, text);
  if (editor.isDestroyed) return;
  if (result.kind === 'file') {
    options.onFiles([new File([result.text], 'text.txt', { type: 'text/plain' })]);
  } else if (result.kind === 'plain') {
    editor.view.pasteText(result.text);
  } else {
    editor.chain().insertContent(result.html).run();
    if (result.pictures.length > 0) options.onFiles(result.pictures);
  }
  options.onPaste(result.kind === 'rich' ? 'done' : result.kind);
}

/** The first empty line: in a prepared answer the one between greeting and closing. */
export function restCaret(editor: Editor): void {
  let spot: number | null = null;
  editor.state.doc.forEach((node, offset) => {
    if (spot === null && node.isTextblock && node.content.size === 0) spot = offset + 1;
  });
  if (spot !== null) editor.commands.setTextSelection(spot);
}

function extensions(options: EditorOptions): Extensions {
  return [
    StarterKit.configure({
      heading: false,
      horizontalRule: false,
      link: { openOnClick: false, autolink: true, defaultProtocol: 'https' },
    }),
    Image.configure({ inline: true }),
    Placeholder.configure({ placeholder: options.placeholder }),
    Variable.configure({ label: options.variable }),
    ...tableExtensions,
    ...triggers(options),
  ];
}
