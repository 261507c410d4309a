/** All commands that have keys, and which keys they have before a person chooses others. */
export type Action =
  | 'next' | 'previous' | 'first' | 'last' | 'page_down' | 'page_up' | 'peek' | 'filter' | 'density'
  | 'select' | 'select_next' | 'select_previous' | 'select_all' | 'next_urgent'
  | 'reply' | 'take_over' | 'note' | 'talks' | 'forward' | 'assign' | 'assign_me' | 'hand_over' | 'status' | 'solve_next' | 'snooze' | 'priority'
  | 'tag' | 'team' | 'follow' | 'copy_link' | 'copy_number' | 'context' | 'send_solve' | 'send'
  | 'go_mine' | 'go_unassigned' | 'go_waiting' | 'go_all' | 'go_contacts' | 'go_roster' | 'go_wall' | 'go_quarantine' | 'go_settings' | 'go_notices'
  | 'new_ticket' | 'search' | 'palette' | 'help' | 'theme' | 'escape'; // prettier-ignore

export const groups = ['list', 'ticket', 'writing', 'go', 'all'] as const;

export interface Binding {
  action: Action;
  /** Any of these does it; see `strokes.ts` for how they are written. */
  keys: readonly string[];
  /** `writing`: pressed while the caret stands in a text, so a modifier is needed. */
  group: (typeof groups)[number];
}

export const bindings: readonly Binding[] = [
  { action: 'next', keys: ['KeyJ'], group: 'list' },
  { action: 'previous', keys: ['KeyK'], group: 'list' },
  { action: 'first', keys: ['Home'], group: 'list' },
  { action: 'last', keys: ['End'], group: 'list' },
  { action: 'page_down', keys: ['PageDown'], group: 'list' },
  { action: 'page_up', keys: ['PageUp'], group: 'list' },
  { action: 'peek', keys: ['KeyV'], group: 'list' },
  { action: 'select', keys: ['KeyX'], group: 'list' },
  { action: 'select_next', keys: ['Shift+KeyJ'], group: 'list' },
  { action: 'select_previous', keys: ['Shift+KeyK'], group: 'list' },
  { action: 'select_all', keys: ['Shift+KeyX'], group: 'list' },
  { action: 'filter', keys: ['KeyQ'], group: 'list' },
  { action: 'density', keys: [], group: 'list' },
  { action: 'next_urgent', keys: ['KeyU'], group: 'list' },
  { action: 'reply', keys: ['KeyR'], group: 'ticket' },
  { action: 'take_over', keys: ['Shift+KeyR'], group: 'ticket' },
  { action: 'note', keys: ['KeyN'], group: 'ticket' },
  { action: 'talks', keys: ['KeyD'], group: 'ticket' },
  { action: 'forward', keys: ['Shift+KeyF'], group: 'ticket' },
  { action: 'assign', keys: ['KeyA'], group: 'ticket' },
  { action: 'assign_me', keys: ['KeyI'], group: 'ticket' },
  { action: 'hand_over', keys: ['KeyH'], group: 'ticket' },
  { action: 'status', keys: ['KeyS'], group: 'ticket' },
  { action: 'solve_next', keys: ['KeyE'], group: 'ticket' },
  { action: 'snooze', keys: ['KeyZ'], group: 'ticket' },
  { action: 'priority', keys: ['KeyP'], group: 'ticket' },
  { action: 'tag', keys: ['KeyT'], group: 'ticket' },
  { action: 'team', keys: ['Shift+KeyT'], group: 'ticket' },
  { action: 'follow', keys: ['KeyF'], group: 'ticket' },
  { action: 'copy_link', keys: ['Period'], group: 'ticket' },
  { action: 'copy_number', keys: [], group: 'ticket' },
  { action: 'context', keys: ['BracketRight'], group: 'ticket' },
  { action: 'send', keys: ['Mod+Enter'], group: 'writing' },
  { action: 'send_solve', keys: ['Mod+Shift+Enter'], group: 'writing' },
  { action: 'go_mine', keys: ['KeyG KeyI'], group: 'go' },
  { action: 'go_unassigned', keys: ['KeyG KeyU'], group: 'go' },
  { action: 'go_waiting', keys: ['KeyG KeyW'], group: 'go' },
  { action: 'go_all', keys: ['KeyG KeyA'], group: 'go' },
  { action: 'go_contacts', keys: ['KeyG KeyK'], group: 'go' },
  { action: 'go_roster', keys: ['KeyG KeyR'], group: 'go' },
  { action: 'go_wall', keys: ['KeyG KeyD'], group: 'go' },
  { action: 'go_quarantine', keys: ['KeyG KeyQ'], group: 'go' },
  { action: 'go_settings', keys: ['KeyG KeyS'], group: 'go' },
  { action: 'go_notices', keys: ['KeyG KeyN'], group: 'go' },
  { action: 'new_ticket', keys: ['KeyC'], group: 'all' },
  { action: 'search', keys: ['Slash'], group: 'all' },
  { action: 'palette', keys: ['Mod+KeyK'], group: 'all' },
  { action: 'help', keys: ['Shift+Slash'], group: 'all' },
  { action: 'theme', keys: [], group: 'all' },
  { action: 'escape', keys: ['Escape'], group: 'all' },
];

const usual = new Map(bindings.map((binding) => [binding.action, binding]));
export const bindingOf = (action: Action) => usual.get(action);
export const isAction = (name: string): name is Action => usual.has(name as Action);
