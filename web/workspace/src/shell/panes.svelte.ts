/** What is unfolded around the conversation, remembered on this device: context panel, palette, dialogs. */
import type { Message, Ticket } from '../api/types';

export type PaletteMode = 'all' | 'assign' | 'status' | 'priority' | 'team' | 'tag';

class Panes {
  context = $state(localStorage.getItem('opora.context') !== 'off');
  /** Only on narrow screens: the navigation drawer, the context panel as a layer. */
  drawer = $state(false);
  contextLayer = $state(false);
  palette = $state<PaletteMode | null>(null);
  help = $state(false);
  newTicket = $state(false);
  handOver = $state(false);
  snooze = $state(false);
  /** A message that is to be passed on to somebody else. */
  forward = $state.raw<{ message: Message; ticket: Ticket } | null>(null);

  toggleContext(): void {
    if (matchMedia('(max-width: 1179px)').matches) this.contextLayer = !this.contextLayer;
    else {
      this.context = !this.context;
      localStorage.setItem('opora.context', this.context ? 'on' : 'off');
    }
  }
}

export const panes = new Panes();
