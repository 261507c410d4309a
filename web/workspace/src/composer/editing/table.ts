/** Tables in a letter: plain cells with a border every mail client draws, and the commands that change their shape. */
import { Node, type Editor } from '@tiptap/core';
import type { Command } from '@tiptap/pm/state';
import {
  addColumnAfter,
  addRowAfter,
  deleteColumn,
  deleteRow,
  deleteTable,
  goToNextCell,
  isInTable,
  tableEditing,
} from '@tiptap/pm/tables';

const role = (name: string) => ({
  extendNodeSchema: (extension: { name: string }) =>
    extension.name === name ? { tableRole: roles[name] } : {},
});
const roles: Record<string, string> = {
  table: 'table',
  tableRow: 'row',
  tableCell: 'cell',
  tableHeader: 'header_cell',
};

const span = (name: 'colspan' | 'rowspan') => ({
  default: 1,
  parseHTML: (element: HTMLElement) => Math.max(1, Number(element.getAttribute(name)) || 1),
  renderHTML: (attributes: Record<string, unknown>) =>
    Number(attributes[name]) > 1 ? { [name]: attributes[name] } : {},
});
const cellAttributes = () => ({
  colspan: span('colspan'),
  rowspan: span('rowspan'),
  colwidth: { default: null, rendered: false },
});

const Table = Node.create({
  name: 'table',
  group: 'block',
  content: 'tableRow+',
  isolating: true,
  ...role('table'),
  parseHTML: () => [{ tag: 'table' }],
  renderHTML: () => ['table', { border: '1', cellpadding: '6', cellspacing: '0' }, ['tbody', 0]],
  addProseMirrorPlugins: () => [tableEditing()],
  addKeyboardShortcuts() {
    const run = (command: Command) => command(this.editor.state, this.editor.view.dispatch);
    const forward = () => {
      if (!isInTable(this.editor.state)) return false;
      return run(goToNextCell(1)) || (run(addRowAfter) && run(goToNextCell(1)));
    };
    return { Tab: forward, 'Shift-Tab': () => run(goToNextCell(-1)) };
  },
});
const TableRow = Node.create({
  name: 'tableRow',
  content: '(tableCell | tableHeader)*',
  ...role('tableRow'),
  parseHTML: () => [{ tag: 'tr' }],
  renderHTML: () => ['tr', 0],
});
const TableCell = Node.create({
  name: 'tableCell',
  content: 'block+',
  isolating: true,
  ...role('tableCell'),
  addAttributes: cellAttributes,
  parseHTML: () => [{ tag: 'td' }],
  renderHTML: ({ HTMLAttributes }) => ['td', HTMLAttributes, 0],
});
const TableHeader = Node.create({
  name: 'tableHeader',
  content: 'block+',
  isolating: true,
  ...role('tableHeader'),
  addAttributes: cellAttributes,
  parseHTML: () => [{ tag: 'th' }],
  renderHTML: ({ HTMLAttributes }) => ['th', HTMLAttributes, 0],
});

export const tableExtensions = [Table, TableRow, TableCell, TableHeader];

export const inTable = (editor: Editor) => isInTable(editor.state);

export function insertTable(editor: Editor, rows = 3, columns = 3): void {
  const cell = { type: 'tableCell', content: [{ type: 'paragraph' }] };
  const row = { type: 'tableRow', content: Array.from({ length: columns }, () => cell) };
  const at = editor.state.selection.from;
  editor
    .chain()
    .focus()
    .insertContent({ type: 'table', content: Array.from({ length: rows }, () => row) })
    .run();
  // The caret belongs into the first cell of what was asked for.
  let first: number | null = null;
  editor.state.doc.descendants((node, position) => {
    if (first === null && position + node.nodeSize >= at && node.type.name === 'tableCell')
      first = position + 2;
    return first === null;
  });
  if (first !== null) editor.commands.focus(first);
}

const commands = { addRowAfter, addColumnAfter, deleteRow, deleteColumn, deleteTable };
export type TableCommand = keyof typeof commands;

export function changeTable(editor: Editor, command: TableCommand): void {
  commands[command](editor.state, editor.view.dispatch);
  editor.commands.focus();
}
