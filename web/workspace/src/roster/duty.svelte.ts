/** Who is on duty now: asked when the workspace opens, when the roster changes, and when the clock says that it is another. */
import { api } from '../api';
import type { OnDuty } from '../api/types';
import { live } from '../live/live.svelte';

/** Timers reach no further than 24 days; nothing needs to wait as long as that. */
const longest = 6 * 3_600_000;

class Duty {
  now = $state.raw<OnDuty | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;

  async load(): Promise<void> {
    try {
      this.now = await api.roster.onDuty();
    } catch {
      // The navigation does without; the roster's own screen says why.
    }
    clearTimeout(this.timer);
    const wait = this.now?.changes_at ? Date.parse(this.now.changes_at) - Date.now() : longest;
    this.timer = setTimeout(() => void this.load(), Math.min(longest, Math.max(1_000, wait)));
  }

  follow(): () => void {
    void this.load();
    const again = () => void this.load();
    const stops = [live.on('roster_changed', again), live.onResume(again)];
    return () => {
      stops.forEach((stop) => stop());
      clearTimeout(this.timer);
      this.now = null;
    };
  }
}

export const duty = new Duty();
