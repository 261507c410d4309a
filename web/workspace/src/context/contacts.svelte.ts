/** Contacts looked at in this sitting, so that going back and forth does not blink. */
import { api } from '../api';
import type { Contact } from '../api/types';

const remembered = 60;

class Contacts {
  known = $state<Record<number, Contact>>({});
  failed = $state<Record<number, boolean>>({});

  reset(): void {
    this.known = {};
    this.failed = {};
  }

  private met: number[] = [];
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
      this.letGo(id);
      this.failed[id] = false;
    } catch {
      this.failed[id] = true;
    }
  }

  /** A tab open for a week meets thousands; those met last are enough. */
  private letGo(latest: number): void {
    this.met = [...this.met.filter((id) => id !== latest), latest];
    for (const id of this.met.splice(0, Math.max(0, this.met.length - remembered))) {
      delete this.known[id];
      delete this.failed[id];
    }
  }

  async saveNotes(id: number, notes: string): Promise<void> {
    this.known[id] = await api.contacts.change(id, { notes });
  }
}

export const contacts = new Contacts();
