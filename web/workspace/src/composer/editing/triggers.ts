/** Letters that open a picker at a word's start: "/" a template, "@" a colleague, "#" an article. */
import { Extension, type Editor } from '@tiptap/core';
import Mention from '@tiptap/extension-mention';
import { PluginKey, type EditorState } from '@tiptap/pm/state';
import { Suggestion, type SuggestionKeyDownProps, type SuggestionProps } from '@tiptap/suggestion';

export type PickerKind = 'colleague' | 'template' | 'article';
export interface Colleague {
  id: string;
  label: string;
}
/** What was typed after the letter, where it stands on the screen, and what to do with a choice. */
export interface Picker {
  kind: PickerKind;
  query: string;
  rect: DOMRect | null;
  colleagues: Colleague[];
  mention: (colleague: Colleague) => void;
  /** Takes the letter and what follows it out of the text. */
  clear: () => void;
}
export interface TriggerOptions {
  /** Colleagues whose name fits; an empty list switches mentions off. */
  colleagues: (letters: string) => Colleague[];
  may: (kind: PickerKind) => boolean;
  onPicker: (picker: Picker | null, kind: PickerKind) => void;
  onKey: (event: KeyboardEvent) => boolean;
}

const outsideCode = ({ state }: { state: EditorState }) => !state.selection.$from.parent.type.spec.code;

export function triggers(options: TriggerOptions) {
  const told = (kind: PickerKind) => () => ({
    onStart: (props: SuggestionProps<Colleague>) => options.onPicker(picker(kind, props), kind),
    onUpdate: (props: SuggestionProps<Colleague>) => options.onPicker(picker(kind, props), kind),
    onKeyDown: ({ event }: SuggestionKeyDownProps) => options.onKey(event),
    onExit: () => options.onPicker(null, kind),
  });
  const letter = (editor: Editor, char: string, kind: PickerKind) =>
    Suggestion<Colleague>({
      editor,
      char,
      pluginKey: new PluginKey(kind),
      allow: (props) => options.may(kind) && outsideCode(props),
      items: () => [],
      render: told(kind),
    });
  return [
    Mention.configure({
      suggestion: {
        char: '@',
        allow: (props) => options.colleagues('').length > 0 && outsideCode(props),
        items: ({ query }) => options.colleagues(query),
        render: told('colleague'),
      },
    }),
    Extension.create({
      name: 'triggers',
      addProseMirrorPlugins() {
        return [letter(this.editor, '/', 'template'), letter(this.editor, '#', 'article')];
      },
    }),
  ];
}

function picker(kind: PickerKind, props: SuggestionProps<Colleague>): Picker {
  const { editor, range, query, items } = props;
  return {
    kind,
    query,
    rect: props.clientRect?.() ?? null,
    colleagues: items,
    mention: (colleague) => props.command(colleague),
    clear: () => void editor.chain().focus().deleteRange(range).run(),
  };
}

/** As if the letter had been typed: at a word's start, whatever stands before the caret. */
export function typeTrigger(editor: Editor, char: string): void {
  const { $from } = editor.state.selection;
  const before = $from.parent.textBetween(Math.max(0, $from.parentOffset - 1), $from.parentOffset);
  editor
    .chain()
    .focus()
    .insertContent(before === '' || before === ' ' ? char : ` ${char}`)
    .run();
}
