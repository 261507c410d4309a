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

  private asked = new Map<number, Promise<void>>();

  /** Several who ask at the same time share one answer. */
  load(id: number): Promise<void> {
    const asked = this.asked.get(id) ?? this.fetch(id).finally(() => this.asked.delete(id));
    this.asked.set(id, asked);
    return asked;
  }

  private async fetch(id: number): Promise<void> {
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
