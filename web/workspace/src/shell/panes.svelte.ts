/** What is unfolded around the conversation, remembered on this device: context panel, palette, dialogs. */
import type { Message, Ticket } from '../api/types';

export type PaletteMode = 'all' | 'assign' | 'status' | 'priority' | 'team' | 'tag';

class Panes {
  context = $state(localStorage.getItem('opora.context') !== 'off');
  /** Only on narrow screens: the navigation drawer, the context panel as a layer. */
  drawer = $state(false);
  contextLayer = $state(false);
  /** Side conversations stand in the place of the customer; on narrow screens they lie over everything. */
  talks = $state(false);
  /** Which of them is read, or a new one is written; null shows the list. */
  talk = $state<number | 'new' | null>(null);
  palette = $state<PaletteMode | null>(null);
  help = $state(false);
  newTicket = $state(false);
  handOver = $state(false);
  /** Whose open tickets are all to go to somebody else. */
  handOverAll = $state<number | null>(null);
  snooze = $state(false);
  /** A message that is to be passed on to somebody else. */
  forward = $state.raw<{ message: Message; ticket: Ticket } | null>(null);
  split = $state.raw<{ message: Message; ticket: Ticket } | null>(null);

  openTalks(talk: number | 'new' | null = null): void {
    this.talk = talk;
    this.talks = true;
    this.contextLayer = false;
  }

  /** One step out: from a talk to the list, from the list away. */
  talkBack(): void {
    if (this.talk === null) this.closeTalks();
    else this.talk = null;
  }

  closeTalks(): void {
    this.talks = false;
    this.talk = null;
  }

  toggleContext(): void {
    if (this.talks) {
      // The panel is asked for: it comes in the place of the talks.
      this.closeTalks();
      if (!narrow()) return this.showContext(true);
    }
    if (narrow()) this.contextLayer = !this.contextLayer;
    else this.showContext(!this.context);
  }

  private showContext(on: boolean): void {
    this.context = on;
    localStorage.setItem('opora.context', on ? 'on' : 'off');
  }
}

const narrow = () => matchMedia('(max-width: 1179px)').matches;

export const panes = new Panes();
