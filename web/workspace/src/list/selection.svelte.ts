/** The tickets chosen in the list on screen. */
import type { MassTarget } from '../api/types';
import { errorText } from '../i18n/errors';
import { t } from '../i18n/index.svelte';
import { toasts } from '../state/toasts.svelte';
import { list, longestRange } from './list.svelte';
import { placeOf } from './paging';
import { idsOf, nothingChosen, ranged, toggled, type Selection } from './selection';

class Chosen {
  private chosen = $state.raw<Selection>(nothingChosen);
  /** Boxes stand beside all rows, for fingers. */
  choosing = $state(false);
  /** Where the range began, for when that row has been let go. */
  private anchorAt = -1;
  private turn = 0;

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
    this.anchorAt = placeOf(list.rows, id);
    this.turn += 1;
  }
  range(id: number): void {
    const anchor = this.chosen.anchor ?? list.cursorId ?? list.openId;
    const [from, to] = [placeOf(list.rows, anchor), placeOf(list.rows, id)];
    const start = from === -1 ? this.anchorAt : from;
    const between = list.rows.slice(Math.min(start, to), Math.max(start, to));
    if (start !== -1 && to !== -1 && (from === -1 || between.includes(null))) void this.reach(start, to);
    else this.chosen = ranged({ ...this.chosen, anchor }, list.rows, id);
  }
  /** Over rows that are not here: they are asked for by name. */
  private async reach(from: number, to: number): Promise<void> {
    const turn = ++this.turn;
    try {
      const ids = await list.idsBetween(Math.min(from, to), Math.max(from, to));
      if (turn !== this.turn) return;
      if (ids === null) return toasts.show(t('select.too_far', { n: longestRange }), 'bad');
      this.chosen = { ...this.chosen, ids: new Set([...this.chosen.ids, ...ids]), all: false };
    } catch (error) {
      toasts.show(errorText(error), 'bad');
    }
  }
  takeAll(): void {
    this.turn += 1;
    this.chosen = { ...nothingChosen, all: true };
  }
  takeLoaded(): void {
    this.chosen = { ids: new Set(idsOf(list.rows)), anchor: null, all: false };
  }
  clear(): void {
    this.turn += 1;
    this.chosen = nothingChosen;
    this.choosing = false;
  }

  /** What a mass action is asked to touch. */
  target(): MassTarget {
    return this.chosen.all ? { q: list.query } : { ids: [...this.chosen.ids] };
  }
}

export const selection = new Chosen();
