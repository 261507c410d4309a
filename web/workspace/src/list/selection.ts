/** Which tickets are chosen: one by one, by ranges, or all that a view holds. Pure; the store is `selection.svelte.ts`. */
export interface Selection {
  ids: ReadonlySet<number>;
  /** Where a range begins. */
  anchor: number | null;
  /** All of the view, also those never loaded. */
  all: boolean;
}

type Rows = readonly ({ id: number } | null)[];

export const nothingChosen: Selection = { ids: new Set(), anchor: null, all: false };

export function toggled(selection: Selection, rows: Rows, id: number): Selection {
  // Taking one out of "all" leaves the rest of those that were seen.
  const ids = new Set(selection.all ? idsOf(rows) : selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, anchor: id, all: false };
}

/** From where the last choice was made to here, as on every list of files. */
export function ranged(selection: Selection, rows: Rows, id: number): Selection {
  const from = rows.findIndex((row) => row?.id === selection.anchor);
  const to = rows.findIndex((row) => row?.id === id);
  if (to === -1) return selection;
  if (from === -1) return { ids: new Set([...selection.ids, id]), anchor: id, all: false };
  const range = idsOf(rows.slice(Math.min(from, to), Math.max(from, to) + 1));
  return { ids: new Set([...selection.ids, ...range]), anchor: selection.anchor, all: false };
}

export const idsOf = (rows: Rows) => rows.flatMap((row) => (row ? [row.id] : []));
