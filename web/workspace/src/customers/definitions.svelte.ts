/** The department's own fields of contacts and organizations, read once when a card first needs them. */
import { api } from '../api';
import type { Field, FieldsOf } from '../api/types';

class Definitions {
  private known = $state<Partial<Record<FieldsOf, Field[]>>>({});
  private asked = new Set<FieldsOf>();

  of(whose: FieldsOf): Field[] {
    return this.known[whose] ?? [];
  }

  /** Without them a card still works, so a failure is silent and tried again with the next card. */
  async load(whose: FieldsOf): Promise<Field[]> {
    if (this.asked.has(whose)) return this.of(whose);
    this.asked.add(whose);
    try {
      this.known[whose] = (await api.fields.of(whose)).items;
    } catch {
      this.asked.delete(whose);
    }
    return this.of(whose);
  }

  forget(): void {
    this.asked.clear();
  }
}

export const definitions = new Definitions();
