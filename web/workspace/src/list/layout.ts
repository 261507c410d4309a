/**
 * Where every row of a list stands, by arithmetic alone: rows of one height in blocks, each block under a heading or none.
 * Only what is in sight is drawn, be it of ten rows or of a hundred thousand.
 */
import type { Slot } from './paging';

export interface Block {
  key: string;
  /** Its first row and how many, in the order of the list. */
  start: number;
  count: number;
  /** Where its heading stands. */
  top: number;
}

export interface Layout {
  /** Null where a row is still to be read. */
  rows: readonly Slot[];
  blocks: Block[];
  rowHeight: number;
  headHeight: number;
  height: number;
}

export function layOut(
  rows: readonly Slot[],
  groups: { key: string; count: number }[],
  sizes: { rowHeight: number; headHeight: number },
): Layout {
  const { rowHeight } = sizes;
  const headHeight = groups.length > 0 ? sizes.headHeight : 0;
  const blocks: Block[] = [];
  let start = 0;
  let top = 0;
  for (const { key, count } of groups.length > 0 ? groups : [{ key: '', count: rows.length }]) {
    blocks.push({ key, start, count, top });
    start += count;
    top += headHeight + count * rowHeight;
  }
  return { rows, blocks, rowHeight, headHeight, height: top };
}

export function topOf({ blocks, rowHeight, headHeight }: Layout, index: number): number {
  const block = blocks.findLast((one) => one.start <= index) ?? blocks[0];
  return block ? block.top + headHeight + (index - block.start) * rowHeight : 0;
}

/** The row that stands at a height; a heading counts as the row below it. */
export function indexAt({ blocks, rowHeight, headHeight, rows }: Layout, y: number): number {
  const block = blocks.findLast((one) => one.top <= y) ?? blocks[0];
  if (!block) return 0;
  const within = Math.floor((y - block.top - headHeight) / rowHeight);
  return Math.max(0, Math.min(rows.length - 1, block.start + Math.max(0, Math.min(block.count - 1, within))));
}

/** Which rows are in sight, with a margin above and below. */
export function inSight(
  layout: Layout,
  scrollTop: number,
  height: number,
  margin = 6,
): { start: number; end: number } {
  const count = layout.rows.length;
  if (count === 0) return { start: 0, end: 0 };
  const start = Math.max(0, indexAt(layout, scrollTop) - margin);
  const end = Math.min(count, indexAt(layout, scrollTop + height) + 1 + margin);
  return { start, end };
}

/** The blocks that have a row in sight. */
export function blocksIn(layout: Layout, { start, end }: { start: number; end: number }): Block[] {
  return layout.blocks.filter((block) => block.start < end && block.start + block.count > start);
}

/** Where to scroll so that a row stays where it stood on the screen; null when there is nothing to hold on to. */
export function heldStill(before: Layout, after: Layout, id: number, scrollTop: number): number | null {
  const was = before.rows.findIndex((row) => row?.id === id);
  const is = after.rows.findIndex((row) => row?.id === id);
  if (was === -1 || is === -1) return null;
  return Math.max(0, scrollTop + topOf(after, is) - topOf(before, was));
}
