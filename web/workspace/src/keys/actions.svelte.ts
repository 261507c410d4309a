/** Joins keys and palette to the screens: a screen says what it can do now, a key or a command asks for it. */
import { KeyReader, type Action } from './bindings';

const offKey = 'opora.singleKeys';
const doers = new Map<Action, (() => void)[]>();
const reader = new KeyReader(() => Date.now());

export const keySettings = $state({ single: localStorage.getItem(offKey) !== 'off' });
reader.singleKeys = keySettings.single;

export function setSingleKeys(on: boolean): void {
  keySettings.single = on;
  reader.singleKeys = on;
  localStorage.setItem(offKey, on ? 'on' : 'off');
}

/** The last to register wins, until it leaves. */
export function doing(action: Action, run: () => void): () => void {
  const stack = doers.get(action) ?? [];
  doers.set(action, [...stack, run]);
  return () =>
    doers.set(
      action,
      (doers.get(action) ?? []).filter((other) => other !== run),
    );
}

export function doingAll(actions: Partial<Record<Action, () => void>>): () => void {
  const stops = Object.entries(actions).map(([action, run]) => doing(action as Action, run));
  return () => stops.forEach((stop) => stop());
}

export function perform(action: Action): boolean {
  const run = doers.get(action)?.at(-1);
  run?.();
  return run !== undefined;
}

export function possible(action: Action): boolean {
  return (doers.get(action)?.length ?? 0) > 0;
}

export function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const target = event.target instanceof Element ? event.target : null;
  const typing =
    target !== null &&
    target.closest(
      'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true], dialog',
    ) !== null;
  const { code, ctrlKey, metaKey, altKey, shiftKey } = event;
  const action = reader.read({ code, ctrlKey, metaKey, altKey, shiftKey, typing });
  if (action && perform(action)) event.preventDefault();
}
