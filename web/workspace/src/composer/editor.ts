/** The rich text editor, loaded after the screen is up. Small on purpose: what survives a mail client, nothing more. */
import { createDocument, Editor, type Extensions } from '@tiptap/core';
import Image from '@tiptap/extension-image';
import { Placeholder } from '@tiptap/extensions';
import type { Node } from '@tiptap/pm/model';
import { EditorState, Selection, TextSelection } from '@tiptap/pm/state';
import StarterKit from '@tiptap/starter-kit';
import { FocusAtOnce } from './editing/focus';
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
  label: () => string;
  lang: () => string;
  testid: string;
  placeholder: () => string;
  variable: (name: string) => string;
  onChange: (html: string) => void;
  onFiles: (files: File[]) => boolean;
  /** A paste that takes a while, or that could not stay as it was. */
  onPaste: (news: 'busy' | 'done' | 'plain' | 'file') => void;
  onTransaction: () => void;
}

/** An editor, and whose it is: until somebody writes in it, nobody's. */
interface Made {
  editor: Editor;
  of: EditorOptions;
}
const nobody: EditorOptions = {
  element: document.createElement('div'),
  html: '',
  label: () => '',
  lang: () => '',
  testid: '',
  placeholder: () => '',
  variable: (name) => name,
  colleagues: () => [],
  may: () => false,
  onPicker: () => undefined,
  onKey: () => false,
  onChange: () => undefined,
  onFiles: () => false,
  onPaste: () => undefined,
  onTransaction: () => undefined,
};

/** Making one takes as long as a frame: the next is made while nobody waits. Each is used once, by one. */
let spare: Made | undefined;

export function prepareNext(): void {
  spare ??= make();
}

export function createEditor(options: EditorOptions): Editor {
  const made = spare ?? make();
  spare = undefined;
  made.of = options;
  const { editor } = made;
  const { schema, plugins } = editor.state;
  const doc = createDocument(asPieces(options.html), schema);
  editor.view.updateState(EditorState.create({ doc, plugins, selection: resting(doc) }));
  options.element.append(editor.view.dom);
  return editor;
}

function make(): Made {
  const made = { of: nobody } as Made;
  const editor: Editor = (made.editor = new Editor({
    element: document.createElement('div'),
    extensions: extensions(made),
    // Its few rules stand in the screen's own styles: a sheet that comes and goes would have all of the page styled anew.
    injectCSS: false,
    editorProps: {
      attributes: () => ({
        class: 'writing',
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': made.of.label(),
        'data-testid': made.of.testid,
        spellcheck: 'true',
        lang: made.of.lang(),
      }),
      // Before the editor reads the clipboard itself: reading five megabytes would freeze the screen.
      handleDOMEvents: {
        paste: (_view, event) => {
          const html = event.clipboardData?.getData('text/html') ?? '';
          if (html.length <= atOnce || fromHere(html)) return false;
          event.preventDefault();
          void pasteLong(editor, html, event.clipboardData?.getData('text/plain') ?? '', made.of);
          return true;
        },
      },
      // Office programs lay a picture of the copied cells beside their text: then the text is what was meant.
      handlePaste: (_view, { clipboardData: copied }) =>
        copied !== null && !copied.types.includes('text/plain') && made.of.onFiles([...copied.files]),
      transformPastedHTML: (html) => {
        if (fromHere(html)) return html;
        const result = sized(clean(html), '');
        if (result.kind !== 'rich') return '';
        if (result.pictures.length > 0) queueMicrotask(() => made.of.onFiles(result.pictures));
        return result.html;
      },
      handleDrop: (_view, event) => made.of.onFiles([...(event.dataTransfer?.files ?? [])]),
    },
    onUpdate: () => made.of.onChange(editor.getHTML()),
    onTransaction: () => made.of.onTransaction(),
  }));
  return made;
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
function resting(doc: Node): Selection {
  let spot: number | null = null;
  doc.forEach((node, offset) => {
    if (spot === null && node.isTextblock && node.content.size === 0) spot = offset + 1;
  });
  return spot === null ? Selection.atStart(doc) : TextSelection.create(doc, spot);
}

/** The caret goes to the end of so many blocks, or where one begins to write. */
export function restCaret(editor: Editor, blocks: number | null = null): void {
  const { doc, tr } = editor.state;
  const last = blocks === null ? null : doc.maybeChild(blocks - 1);
  const selection = last ? Selection.near(doc.resolve(endOf(doc, blocks ?? 0)), -1) : resting(doc);
  editor.view.dispatch(tr.setSelection(selection));
}

function endOf(doc: Node, blocks: number): number {
  let end = 0;
  doc.forEach((node, offset, index) => {
    if (index < blocks) end = offset + node.nodeSize;
  });
  return end;
}

function extensions(made: Made): Extensions {
  const asked: TriggerOptions = {
    colleagues: (letters) => made.of.colleagues(letters),
    may: (kind) => made.of.may(kind),
    onPicker: (picker, kind) => made.of.onPicker(picker, kind),
    onKey: (event) => made.of.onKey(event),
  };
  return [
    StarterKit.configure({
      heading: false,
      horizontalRule: false,
      link: { openOnClick: false, autolink: true, defaultProtocol: 'https' },
    }),
    Image.configure({ inline: true }),
    Placeholder.configure({ placeholder: () => made.of.placeholder() }),
    Variable.configure({ label: (name) => made.of.variable(name) }),
    FocusAtOnce,
    ...tableExtensions,
    ...triggers(asked),
  ];
}
