/**
 * One person's keys: the usual ones with their own in place of some. Pure: what a key means, whom it would be taken
 * from, what is left after a change.
 */
import { bindingOf, bindings, isAction, type Action } from './bindings';
import { isWellFormed, strokesIn } from './strokes';

/** Only what differs from the usual keys; an empty list means none at all. */
export type Own = Partial<Record<Action, readonly string[]>>;

export interface Index {
  meaning: ReadonlyMap<string, Action>;
  /** First strokes of two. */
  beginnings: ReadonlySet<string>;
}

export function keysOf(own: Own, action: Action): readonly string[] {
  return own[action] ?? bindingOf(action)?.keys ?? [];
}

export function indexed(own: Own): Index {
  const meaning = new Map<string, Action>();
  const beginnings = new Set<string>();
  // What a person chose goes before what a newer version gives somebody else.
  const chosen = bindings.filter(({ action }) => own[action]);
  for (const { action } of [...chosen, ...bindings]) {
    for (const keys of keysOf(own, action)) {
      if (!meaning.has(keys)) meaning.set(keys, action);
      const [first, second] = strokesIn(keys);
      if (first && second) beginnings.add(first);
    }
  }
  return { meaning, beginnings };
}

export interface Clash {
  action: Action;
  keys: string;
}

/** Whose keys these are already, or would begin, or begin with. */
export function clashes(own: Own, action: Action, keys: string): Clash[] {
  return bindings
    .filter((other) => other.action !== action)
    .flatMap((other) => keysOf(own, other.action).map((theirs) => ({ action: other.action, keys: theirs })))
    .filter(({ keys: theirs }) => collide(keys, theirs));
}

function collide(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other} `) || other.startsWith(`${one} `);
}

const same = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((keys, at) => keys === other[at]);

/** An action has exactly these keys from now on. */
export function bound(own: Own, action: Action, keys: readonly string[]): Own {
  const { [action]: _, ...rest } = own;
  return same(keys, bindingOf(action)?.keys ?? []) ? rest : { ...rest, [action]: keys };
}

/** Gives keys to an action in place of those it had, or beside them; whoever had them goes without. */
export function given(own: Own, action: Action, keys: string, beside = false): Own {
  let next = own;
  for (const clash of clashes(own, action, keys)) next = taken(next, clash.action, clash.keys);
  const kept = beside ? keysOf(next, action).filter((theirs) => !collide(keys, theirs)) : [];
  return bound(next, action, [...kept, keys]);
}

export function taken(own: Own, action: Action, keys: string): Own {
  return bound(
    own,
    action,
    keysOf(own, action).filter((theirs) => theirs !== keys),
  );
}

/** Back to the usual keys of one action; taken from those that have them now. */
export function restored(own: Own, action: Action): Own {
  const usual = bindingOf(action)?.keys ?? [];
  const { [action]: _, ...rest } = own;
  let next: Own = rest;
  for (const keys of usual) {
    for (const clash of clashes(next, action, keys)) next = taken(next, clash.action, clash.keys);
  }
  return next;
}

/** What a server keeps may be older or newer than this program: only what is understood counts. */
export function understood(kept: unknown): Own {
  if (typeof kept !== 'object' || kept === null) return {};
  let own: Own = {};
  for (const [action, keys] of Object.entries(kept)) {
    if (!isAction(action) || !Array.isArray(keys)) continue;
    own = bound(own, action, keys.filter(isWellFormed));
  }
  return own;
}
