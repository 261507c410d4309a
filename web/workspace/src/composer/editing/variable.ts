/** A variable of a template in the text: one piece, marked, so that nobody sends "{{contact.name}}" to a customer unseen. */
import { Node, type Editor } from '@tiptap/core';
import { NodeSelection } from '@tiptap/pm/state';

export const Variable = Node.create<{ label: (name: string) => string }>({
  name: 'variable',
  group: 'inline',
  inline: true,
  atom: true,
  selectable: true,
  addOptions: () => ({ label: (name) => name }),
  addAttributes: () => ({
    name: {
      default: '',
      parseHTML: (element: HTMLElement) => element.dataset.variable ?? '',
      rendered: false,
    },
  }),
  parseHTML: () => [{ tag: 'span[data-variable]' }],
  renderHTML: ({ node }) => ['span', { 'data-variable': String(node.attrs.name) }, `{{${node.attrs.name}}}`],
  renderText: ({ node }) => `{{${node.attrs.name}}}`,
  addNodeView() {
    const { label } = this.options;
    return ({ node }) => {
      const dom = document.createElement('span');
      const name = String(node.attrs.name);
      dom.dataset.variable = name;
      dom.textContent = label(name);
      dom.title = `{{${name}}}`;
      return { dom };
    };
  },
});

/** Selects the next variable after the caret, the first one after the last. */
export function toNextVariable(editor: Editor): boolean {
  const { doc, selection } = editor.state;
  const places: number[] = [];
  doc.descendants((node, position) => {
    if (node.type.name === 'variable') places.push(position);
  });
  const from = selection instanceof NodeSelection ? selection.from + 1 : selection.from;
  const next = places.find((position) => position >= from) ?? places[0];
  if (next === undefined) return false;
  return editor.chain().focus().setNodeSelection(next).scrollIntoView().run();
}
