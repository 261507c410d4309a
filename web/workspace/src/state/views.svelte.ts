/** The views with their exact counts; the live socket keeps the counts true. */
import { api } from '../api';
import type { View, ViewSection } from '../api/types';
import { live } from '../live/live.svelte';

/** What a view is when its columns and grouping are not told. */
const plain = { columns: [], group: 'none' as const, name: null, editable: false };

class Views {
  items = $state<View[]>([]);
  failed = $state.raw<unknown>(null);
  loaded = $state(false);

  async load(): Promise<void> {
    try {
      const { items } = await api.views.all();
      this.items = items.map((view) => ({ ...plain, ...view }));
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
    const stopChanges = live.on('views_changed', () => void this.load());
    const stopResume = live.onResume(() => void this.load());
    return () => {
      stopCounts();
      stopChanges();
      stopResume();
    };
  }

  /** What the navigation shows of a section. */
  shown(section: ViewSection): View[] {
    return this.items.filter((view) => view.section === section && !view.hidden);
  }

  find(key: string): View | undefined {
    return this.items.find((view) => view.key === key);
  }
}

export const views = new Views();
