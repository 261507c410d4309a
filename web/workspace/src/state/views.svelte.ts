/** The views with their exact counts; the live socket keeps the counts true. */
import { api } from '../api';
import type { View } from '../api/types';
import { live } from '../live/live.svelte';

class Views {
  items = $state<View[]>([]);
  failed = $state.raw<unknown>(null);
  loaded = $state(false);

  async load(): Promise<void> {
    try {
      this.items = (await api.tickets.views()).items;
      this.failed = null;
      this.loaded = true;
    } catch (error) {
      this.failed = error;
    }
  }

  reset(): void {
    this.items = [];
    this.loaded = false;
    this.failed = null;
  }

  follow(): () => void {
    const stopCounts = live.on('views', (message) => {
      for (const { key, count } of message.items) {
        const view = this.items.find((item) => item.key === key);
        if (view) view.count = count;
      }
    });
    const stopResume = live.onResume(() => void this.load());
    return () => {
      stopCounts();
      stopResume();
    };
  }

  find(key: string): View | undefined {
    return this.items.find((view) => view.key === key);
  }
}

export const views = new Views();
