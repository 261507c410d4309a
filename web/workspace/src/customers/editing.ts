/** Changing a card while others may change it too. Pure: what was read, what was typed, what has become of it meanwhile. */

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** Only what differs from what was read. */
export function changesIn<Draft extends object>(base: Draft, mine: Draft): Partial<Draft> {
  const changes: Partial<Draft> = {};
  for (const key of Object.keys(mine) as (keyof Draft)[]) {
    if (!same(base[key], mine[key])) changes[key] = mine[key];
  }
  return changes;
}

export interface Rebased<Draft> {
  /** Theirs, with my changes on top. */
  draft: Draft;
  /** What both of us changed, and differently: a person has to say which stays. */
  clashes: (keyof Draft)[];
}

/** Moves my changes from the card as I read it onto the card as it is now. */
export function rebased<Draft extends object>(base: Draft, mine: Draft, theirs: Draft): Rebased<Draft> {
  const changes = changesIn(base, mine);
  const clashes = (Object.keys(changes) as (keyof Draft)[]).filter(
    (key) => !same(base[key], theirs[key]) && !same(mine[key], theirs[key]),
  );
  return { draft: { ...theirs, ...changes }, clashes };
}
