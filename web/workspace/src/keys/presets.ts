/** Keys people bring along from other programs. What those programs gave our keys to moves next door. */
import type { Action } from './bindings';
import { bound, type Own } from './keymap';

export const habits = ['opora', 'zammad', 'chatwoot'] as const;
export type Habit = (typeof habits)[number];

const zammad: [Action, ...string[]][] = [
  ['next', 'Shift+ArrowRight', 'KeyJ'],
  ['previous', 'Shift+ArrowLeft', 'KeyK'],
  ['search', 'KeyS', 'Slash'],
  ['status', 'Shift+KeyS'],
  ['reply', 'KeyR'],
  ['note', 'KeyX'],
  ['select', 'Shift+KeyV'],
  ['solve_next', 'Shift+KeyC'],
  ['new_ticket', 'KeyN'],
  ['go_mine', 'KeyH', 'KeyG KeyI'],
  ['hand_over', 'Shift+KeyH'],
  ['go_all', 'KeyO', 'KeyG KeyA'],
  ['go_notices', 'KeyA', 'KeyG KeyN'],
  ['assign', 'Shift+KeyA'],
  ['copy_number', 'Period'],
  ['copy_link', 'Shift+Period'],
  ['talks', 'Shift+KeyD'],
  ['theme', 'KeyD'],
];
const chatwoot: [Action, ...string[]][] = [
  ['next', 'Alt+KeyJ', 'KeyJ'],
  ['previous', 'Alt+KeyK', 'KeyK'],
  ['reply', 'Alt+KeyL', 'KeyR'],
  ['note', 'Alt+KeyP', 'KeyN'],
  ['solve_next', 'Mod+Alt+KeyE', 'Alt+KeyE'],
  ['snooze', 'Alt+KeyM', 'KeyZ'],
  ['help', 'Mod+Slash', 'Shift+Slash'],
  ['go_all', 'Alt+KeyC', 'KeyG KeyA'],
  ['go_contacts', 'Alt+KeyV', 'KeyG KeyK'],
  ['go_settings', 'Alt+KeyS', 'KeyG KeyS'],
  ['context', 'Alt+KeyO', 'BracketRight'],
];
const bundles: Record<Habit, [Action, ...string[]][]> = { opora: [], zammad, chatwoot };

export function keysOfHabit(habit: Habit): Own {
  return bundles[habit].reduce<Own>((own, [action, ...keys]) => bound(own, action, keys), {});
}

/** Whose keys these are, unchanged; null when a person has made them their own. */
export function habitOf(own: Own): Habit | null {
  return (
    habits.find((habit) => JSON.stringify(sorted(keysOfHabit(habit))) === JSON.stringify(sorted(own))) ?? null
  );
}

const sorted = (own: Own) => Object.entries(own).sort(([one], [other]) => one.localeCompare(other));
