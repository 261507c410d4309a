/** The first three steps of a new department, for whoever may take them. */
import { api } from '../api';
import type { FirstRun } from '../api/types';
import { session } from '../state/session.svelte';

class FirstSteps {
  state = $state.raw<FirstRun | null>(null);
  readonly done = $derived(this.state?.steps.filter((step) => step.done).length ?? 0);
  readonly open = $derived(
    this.state !== null && !this.state.dismissed && this.done < this.state.steps.length,
  );
  /** Put away although something is still to be done. */
  readonly away = $derived(
    this.state !== null && this.state.dismissed && this.done < this.state.steps.length,
  );
  private finished = false;

  /** Silent when it fails: the guide is a courtesy. Once over, it is not asked about again in this sitting. */
  async load(): Promise<void> {
    if (this.finished || !session.may('inbox.manage')) return;
    try {
      this.state = await api.firstRun.state();
      this.finished = !this.open;
    } catch {
      this.finished = this.state === null;
    }
  }

  async dismiss(): Promise<void> {
    if (!this.state) return;
    this.state = { ...this.state, dismissed: true };
    this.finished = true;
    await api.firstRun.dismiss();
  }

  /** Brings a guide that was put away back. */
  async show(): Promise<void> {
    await api.firstRun.show();
    this.finished = false;
    await this.load();
  }

  reset(): void {
    this.state = null;
    this.finished = false;
  }
}

export const firstRun = new FirstSteps();
