/** The last merge of two contacts, while it can still be taken back. Outlives the screen it was made on. */
import { api } from '../api';
import type { Contact, Merge } from '../api/types';
import { serverNow } from '../state/clock';

/** The server takes a merge back for a day; on the screen the offer would be in the way for so long. */
const longest = 10 * 60_000;

class Merged {
  last = $state.raw<{ merge: Merge; name: string } | null>(null);
  busy = $state(false);
  failed = $state.raw<unknown>(null);
  /** Grows with every merge and undo, so that lists read themselves anew. */
  round = $state(0);
  private timer: ReturnType<typeof setTimeout> | undefined;

  done(merge: Merge, name: string): void {
    clearTimeout(this.timer);
    this.last = { merge, name };
    this.failed = null;
    this.round++;
    const left = Date.parse(merge.undo_until) - serverNow();
    this.timer = setTimeout(() => this.dismiss(), Math.max(0, Math.min(left, longest)));
  }

  async undo(): Promise<Contact | null> {
    if (!this.last || this.busy) return null;
    this.busy = true;
    this.failed = null;
    try {
      const { contact } = await api.contacts.undoMerge(this.last.merge.id);
      this.dismiss();
      this.round++;
      return contact;
    } catch (error) {
      this.failed = error;
      return null;
    } finally {
      this.busy = false;
    }
  }

  dismiss(): void {
    clearTimeout(this.timer);
    this.last = null;
    this.failed = null;
  }
}

export const merged = new Merged();
