/** The rich text editor, loaded after the screen is up. Small on purpose: what survives a mail client, nothing more. */
import { Editor, type Extensions } from '@tiptap/core';
import Image from '@tiptap/extension-image';
import Mention from '@tiptap/extension-mention';
import { Placeholder } from '@tiptap/extensions';
import StarterKit from '@tiptap/starter-kit';
import type { SuggestionKeyDownProps, SuggestionProps } from '@tiptap/suggestion';

export type { Editor };

export interface Colleague {
  id: string;
  label: string;
}
export interface MentionList {
  items: Colleague[];
  rect: DOMRect | null;
  choose: (colleague: Colleague) => void;
}
export interface EditorOptions {
  element: HTMLElement;
  html: string;
  label: string;
  placeholder: () => string;
  /** Colleagues whose name fits the letters after "@"; an empty list switches mentions off. */
  colleagues: (letters: string) => Colleague[];
  onMentions: (list: MentionList | null) => void;
  onMentionKey: (event: KeyboardEvent) => boolean;
  onChange: (html: string) => void;
  onFiles: (files: File[]) => boolean;
  onTransaction: () => void;
}

export function createEditor(options: EditorOptions): Editor {
  return new Editor({
    element: options.element,
    content: options.html,
    extensions: extensions(options),
    editorProps: {
      attributes: {
        class: 'writing',
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': options.label,
        'data-testid': 'composer-body',
        spellcheck: 'true',
      },
      // Office programs lay a picture of the copied cells beside their text: then the text is what was meant.
      handlePaste: (_view, { clipboardData: copied }) =>
        copied !== null && !copied.types.includes('text/plain') && options.onFiles([...copied.files]),
      handleDrop: (_view, event) => options.onFiles([...(event.dataTransfer?.files ?? [])]),
    },
    onUpdate: ({ editor }) => options.onChange(editor.getHTML()),
    onTransaction: options.onTransaction,
  });
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
    Mention.configure({
      suggestion: {
        char: '@',
        allow: () => options.colleagues('').length > 0,
        items: ({ query }) => options.colleagues(query),
        render: () => ({
          onStart: (props: SuggestionProps<Colleague>) => options.onMentions(asList(props)),
          onUpdate: (props: SuggestionProps<Colleague>) => options.onMentions(asList(props)),
          onKeyDown: ({ event }: SuggestionKeyDownProps) => options.onMentionKey(event),
          onExit: () => options.onMentions(null),
        }),
      },
    }),
  ];
}

function asList(props: SuggestionProps<Colleague>): MentionList {
  return {
    items: props.items,
    rect: props.clientRect?.() ?? null,
    choose: (colleague) => props.command(colleague),
  };
}
