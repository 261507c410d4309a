/** Contacts looked at in this sitting, so that going back and forth does not blink. */
import { api } from '../api';
import type { Contact } from '../api/types';

class Contacts {
  known = $state<Record<number, Contact>>({});
  failed = $state<Record<number, boolean>>({});

  reset(): void {
    this.known = {};
    this.failed = {};
  }

  async load(id: number): Promise<void> {
    try {
      this.known[id] = await api.contacts.open(id);
      this.failed[id] = false;
    } catch {
      this.failed[id] = true;
    }
  }

  async saveNotes(id: number, notes: string): Promise<void> {
    this.known[id] = await api.contacts.change(id, { notes });
  }
}

export const contacts = new Contacts();
