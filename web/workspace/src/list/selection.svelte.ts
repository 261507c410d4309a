/** The tickets chosen in the list on screen. */
import type { MassTarget } from '../api/types';
import { list } from './list.svelte';
import { nothingChosen, ranged, toggled, type Selection } from './selection';

class Chosen {
  private chosen = $state.raw<Selection>(nothingChosen);
  /** Boxes stand beside all rows, for fingers. */
  choosing = $state(false);

  get all(): boolean {
    return this.chosen.all;
  }
  get count(): number {
    return this.chosen.all ? list.model.total : this.chosen.ids.size;
  }
  get any(): boolean {
    return this.chosen.all || this.chosen.ids.size > 0;
  }

  has(id: number): boolean {
    return this.chosen.all || this.chosen.ids.has(id);
  }
  toggle(id: number): void {
    this.chosen = toggled(this.chosen, list.rows, id);
  }
  range(id: number): void {
    const anchor = this.chosen.anchor ?? list.cursorId ?? list.openId;
    this.chosen = ranged({ ...this.chosen, anchor }, list.rows, id);
  }
  takeAll(): void {
    this.chosen = { ...nothingChosen, all: true };
  }
  takeLoaded(): void {
    this.chosen = { ids: new Set(list.rows.map((row) => row.id)), anchor: null, all: false };
  }
  clear(): void {
    this.chosen = nothingChosen;
    this.choosing = false;
  }

  /** What a mass action is asked to touch. */
  target(): MassTarget {
    return this.chosen.all ? { q: list.query } : { ids: [...this.chosen.ids] };
  }
}

export const selection = new Chosen();
