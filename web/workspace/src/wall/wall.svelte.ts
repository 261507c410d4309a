/** The wall, kept true: asked again when something happened, at most every other second, and every half minute anyway. */
import { api } from '../api';
import type { Wall } from '../api/types';
import { live } from '../live/live.svelte';
import { Turns } from '../state/turns';

const atMostEvery = 2_000;
const atLeastEvery = 30_000;

export class WallNow {
  now = $state.raw<Wall | null>(null);
  failed = $state.raw<unknown>(null);
  private turns = new Turns();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;
  private over = false;

  async load(): Promise<void> {
    clearTimeout(this.timer);
    this.asked = Date.now();
    const counts = this.turns.begin();
    try {
      const wall = await api.wall();
      if (counts()) [this.now, this.failed] = [wall, null];
    } catch (error) {
      if (counts()) this.failed = error;
    }
    this.after(atLeastEvery);
  }

  private after(wait: number): void {
    clearTimeout(this.timer);
    if (!this.over) this.timer = setTimeout(() => void this.load(), wait);
  }

  follow(): () => void {
    this.over = false;
    void this.load();
    const soon = () => this.after(Math.max(0, this.asked + atMostEvery - Date.now()));
    const stops = [live.on('ticket', soon), live.on('roster_changed', soon), live.onResume(soon)];
    return () => {
      stops.forEach((stop) => stop());
      this.over = true;
      clearTimeout(this.timer);
    };
  }
}
