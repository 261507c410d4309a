/**
 * The keyboard: which physical key means what. Keys are read by `event.code`, so they work on a Russian layout as well.
 * Pure: events in, actions out; `g` waits a moment for its second key.
 */
export type Action =
  | 'next' | 'previous' | 'reply' | 'note' | 'assign' | 'assign_me' | 'hand_over' | 'status' | 'solve_next'
  | 'priority' | 'tag' | 'team' | 'new_ticket' | 'search' | 'palette' | 'help' | 'next_urgent' | 'copy_link' | 'escape' | 'snooze'
  | 'select' | 'select_next' | 'select_previous' | 'select_all' | 'peek'
  | 'go_mine' | 'go_unassigned' | 'go_waiting' | 'go_all' | 'go_contacts' | 'go_quarantine' | 'go_settings' | 'context'; // prettier-ignore

export interface Binding {
  action: Action;
  /** Physical codes, one after another. */
  keys: readonly string[];
  shift?: boolean;
  /** Ctrl, or ⌘ on a Mac: works also while typing. */
  command?: boolean;
  group: 'list' | 'ticket' | 'go' | 'all';
}

export const bindings: readonly Binding[] = [
  { action: 'next', keys: ['KeyJ'], group: 'list' },
  { action: 'previous', keys: ['KeyK'], group: 'list' },
  { action: 'peek', keys: ['KeyV'], group: 'list' },
  { action: 'select', keys: ['KeyX'], group: 'list' },
  { action: 'select_next', keys: ['KeyJ'], shift: true, group: 'list' },
  { action: 'select_previous', keys: ['KeyK'], shift: true, group: 'list' },
  { action: 'select_all', keys: ['KeyX'], shift: true, group: 'list' },
  { action: 'next_urgent', keys: ['KeyU'], group: 'list' },
  { action: 'reply', keys: ['KeyR'], group: 'ticket' },
  { action: 'note', keys: ['KeyN'], group: 'ticket' },
  { action: 'assign', keys: ['KeyA'], group: 'ticket' },
  { action: 'assign_me', keys: ['KeyI'], group: 'ticket' },
  { action: 'hand_over', keys: ['KeyH'], group: 'ticket' },
  { action: 'status', keys: ['KeyS'], group: 'ticket' },
  { action: 'solve_next', keys: ['KeyE'], group: 'ticket' },
  { action: 'snooze', keys: ['KeyZ'], group: 'ticket' },
  { action: 'priority', keys: ['KeyP'], group: 'ticket' },
  { action: 'tag', keys: ['KeyT'], group: 'ticket' },
  { action: 'team', keys: ['KeyT'], shift: true, group: 'ticket' },
  { action: 'copy_link', keys: ['Period'], group: 'ticket' },
  { action: 'context', keys: ['BracketRight'], group: 'ticket' },
  { action: 'go_mine', keys: ['KeyG', 'KeyI'], group: 'go' },
  { action: 'go_unassigned', keys: ['KeyG', 'KeyU'], group: 'go' },
  { action: 'go_waiting', keys: ['KeyG', 'KeyW'], group: 'go' },
  { action: 'go_all', keys: ['KeyG', 'KeyA'], group: 'go' },
  { action: 'go_contacts', keys: ['KeyG', 'KeyK'], group: 'go' },
  { action: 'go_quarantine', keys: ['KeyG', 'KeyQ'], group: 'go' },
  { action: 'go_settings', keys: ['KeyG', 'KeyS'], group: 'go' },
  { action: 'new_ticket', keys: ['KeyC'], group: 'all' },
  { action: 'search', keys: ['Slash'], group: 'all' },
  { action: 'palette', keys: ['KeyK'], command: true, group: 'all' },
  { action: 'help', keys: ['Slash'], shift: true, group: 'all' },
  { action: 'escape', keys: ['Escape'], group: 'all' },
];

export interface Pressed {
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  /** The person is writing: only Ctrl/⌘ combinations count. */
  typing: boolean;
}

const patience = 1200;

export class KeyReader {
  private prefix: string | null = null;
  private prefixAt = 0;
  singleKeys = true;

  constructor(private readonly now: () => number) {}

  read(pressed: Pressed): Action | null {
    const command = pressed.ctrlKey || pressed.metaKey;
    if (pressed.altKey) return null;
    if (command) {
      this.prefix = null;
      return this.find([pressed.code], pressed.shiftKey, true);
    }
    if (pressed.typing) return null;
    if (pressed.code === 'Escape') return 'escape';
    if (!this.singleKeys) return null;
    const prefix = this.now() - this.prefixAt < patience ? this.prefix : null;
    this.prefix = null;
    if (prefix) return this.find([prefix, pressed.code], pressed.shiftKey, false);
    if (!pressed.shiftKey && bindings.some(({ keys }) => keys.length === 2 && keys[0] === pressed.code)) {
      this.prefix = pressed.code;
      this.prefixAt = this.now();
      return null;
    }
    return this.find([pressed.code], pressed.shiftKey, false);
  }

  private find(codes: string[], shift: boolean, command: boolean): Action | null {
    const found = bindings.find(
      (binding) =>
        (binding.command ?? false) === command &&
        (binding.shift ?? false) === shift &&
        binding.keys.length === codes.length &&
        binding.keys.every((key, at) => key === codes[at]),
    );
    return found?.action ?? null;
  }
}

/** How a key is printed: "KeyJ" as J, "Slash" as /. */
export function keyLabel(code: string): string {
  const names: Record<string, string> = { Slash: '/', Period: '.', Escape: 'Esc', BracketRight: ']' };
  return names[code] ?? code.replace(/^Key/, '');
}

export function bindingLabel(binding: Binding, mac: boolean): string[] {
  if (binding.action === 'help') return ['?'];
  const keys = binding.keys.map(keyLabel);
  if (binding.command) return [mac ? '⌘' : 'Ctrl', ...keys];
  return binding.shift ? ['⇧', ...keys] : keys;
}
