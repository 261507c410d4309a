/** Joins keys and palette to the screens: a screen says what it can do now, a key or a command asks for it. */
import type { Action } from './bindings';
import { keyboard } from './keyboard.svelte';
import { hasModifier, strokeOf } from './strokes';

/** `false`: not now; whoever comes after, or the browser, may have the key. */
type Doer = () => unknown;

const doers = new Map<Action, Doer[]>();

/** The last to register wins, until it leaves. */
export function doing(action: Action, run: Doer): () => void {
  const stack = doers.get(action) ?? [];
  doers.set(action, [...stack, run]);
  return () =>
    doers.set(
      action,
      (doers.get(action) ?? []).filter((other) => other !== run),
    );
}

export function doingAll(actions: Partial<Record<Action, Doer>>): () => void {
  const stops = Object.entries(actions).map(([action, run]) => doing(action as Action, run));
  return () => stops.forEach((stop) => stop());
}

export function perform(action: Action): boolean {
  return (doers.get(action) ?? []).toReversed().some((run) => run() !== false);
}

export function possible(action: Action): boolean {
  return (doers.get(action)?.length ?? 0) > 0;
}

const written =
  'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true], dialog, [role=menu]';

/** A key held down walks on; anything else is done once for each time it is pressed. */
const movement: ReadonlySet<Action> = new Set([
  'next',
  'previous',
  'page_down',
  'page_up',
  'select_next',
  'select_previous',
]);

export function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.getModifierState('AltGraph')) return;
  const target = event.target instanceof Element ? event.target : null;
  const { code, ctrlKey, metaKey, altKey, shiftKey } = event;
  const pressed = { code, ctrlKey, metaKey, altKey, shiftKey };
  const { reader } = keyboard;
  const action = reader.read({ ...pressed, typing: target !== null && target.closest(written) !== null });
  if (event.repeat && action && !movement.has(action)) return event.preventDefault();
  if (action ? perform(action) : reader.waiting && hasModifier(strokeOf(pressed))) event.preventDefault();
}
