/** What is being written to colleagues and has not been sent: kept on this device, whatever ticket is opened meanwhile. */
import type { Attachment } from '../api/types';
import { ownShelf, type Shelf } from '../composer/draft';

export interface Unsent {
  html: string;
  files?: Attachment[];
  /** Of a conversation that is to begin. */
  subject?: string;
  members?: number[];
}
/** A conversation by its number, or the one that is to begin in a ticket. */
export type Place = { talk: number } | { ticket: number };

const keyOf = (place: Place) =>
  'talk' in place ? `opora.talk.${place.talk}` : `opora.talk.new.${place.ticket}`;

export class UnsentShelf {
  private readonly shelf: Shelf;

  constructor(shelf: Shelf, person: number) {
    this.shelf = ownShelf(shelf, `u${person}.`);
  }

  read(place: Place): Unsent | null {
    try {
      const text = this.shelf.getItem(keyOf(place));
      return text ? (JSON.parse(text) as Unsent) : null;
    } catch {
      return null;
    }
  }

  /** An empty text is no text. */
  keep(place: Place, unsent: Unsent): void {
    const { html, subject, members = [], files = [] } = unsent;
    const said = html !== '' || subject || members.length + files.length > 0;
    try {
      if (said) this.shelf.setItem(keyOf(place), JSON.stringify(unsent));
      else this.shelf.removeItem(keyOf(place));
    } catch {
      // The device's storage is full or forbidden; the text stays on the screen.
    }
  }

  drop(place: Place): void {
    this.shelf.removeItem(keyOf(place));
  }
}
