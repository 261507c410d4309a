/** What a change in the audit log changed, field by field. Pure: two objects in, lines to read out. */
export interface Difference {
  /** `smtp.url`; a list's members are compared as a whole. */
  path: string;
  before: unknown;
  after: unknown;
}

type Tree = Record<string, unknown> | null;

/** What the server keeps for itself and nobody has set. */
const incidental = new Set(['id', 'version', 'created_at', 'updated_at', 'state']);

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** To a reader an empty text, an empty list and nothing are the same. */
const isEmpty = (value: unknown) =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

export function differences(before: Tree, after: Tree): Difference[] {
  const found: Difference[] = [];
  walk('', before ?? {}, after ?? {}, found);
  return found;
}

function walk(
  path: string,
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  found: Difference[],
): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (incidental.has(key)) continue;
    const [was, is] = [before[key], after[key]];
    const here = path ? `${path}.${key}` : key;
    if (isTree(was) || isTree(is)) walk(here, isTree(was) ? was : {}, isTree(is) ? is : {}, found);
    else if (!(isEmpty(was) && isEmpty(is)) && JSON.stringify(was) !== JSON.stringify(is))
      found.push({ path: here, before: was, after: is });
  }
}

export interface Piece {
  text: string;
  changed: boolean;
}

/** Two versions of a text, each in three pieces: the same beginning, what changed, the same end. Words stay whole. */
export function textPieces(before: string, after: string): { before: Piece[]; after: Piece[] } {
  const [was, is] = [words(before), words(after)];
  let head = 0;
  while (head < was.length && head < is.length && was[head] === is[head]) head++;
  let tail = 0;
  while (
    tail < was.length - head &&
    tail < is.length - head &&
    was[was.length - 1 - tail] === is[is.length - 1 - tail]
  )
    tail++;
  const split = (all: string[]): Piece[] =>
    [
      { text: all.slice(0, head).join(''), changed: false },
      { text: all.slice(head, all.length - tail).join(''), changed: true },
      { text: all.slice(all.length - tail).join(''), changed: false },
    ].filter((piece) => piece.text !== '');
  return { before: split(was), after: split(is) };
}

const words = (text: string) => text.match(/\s+|[^\s]+/gu) ?? [];

/** Members that came and that went, for lists of plain values. */
export function listChange(before: unknown[], after: unknown[]): { gone: unknown[]; come: unknown[] } {
  const key = (value: unknown) => JSON.stringify(value);
  const [was, is] = [new Set(before.map(key)), new Set(after.map(key))];
  return {
    gone: before.filter((value) => !is.has(key(value))),
    come: after.filter((value) => !was.has(key(value))),
  };
}
