/** The last merge of two contacts, while it can still be taken back. Outlives the screen it was made on. */
import { api } from '../api';
import type { Contact, Merge } from '../api/types';
import { clock } from '../format/index.svelte';

class Merged {
  last = $state.raw<{ merge: Merge; name: string } | null>(null);
  busy = $state(false);
  failed = $state.raw<unknown>(null);
  /** Grows with every merge and undo, so that lists read themselves anew. */
  round = $state(0);
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly minutesLeft = $derived(
    this.last ? Math.max(1, Math.round((Date.parse(this.last.merge.undo_until) - clock.now) / 60_000)) : 0,
  );

  done(merge: Merge, name: string): void {
    clearTimeout(this.timer);
    this.last = { merge, name };
    this.failed = null;
    this.round++;
    const left = Date.parse(merge.undo_until) - Date.now();
    // Longer than a timer can count means longer than a sitting lasts.
    if (left < 86_400_000) this.timer = setTimeout(() => this.dismiss(), Math.max(0, left));
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
