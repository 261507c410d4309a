/** My mass actions: those that run, wherever they were started, and those that can still be taken back. */
import { api } from '../api';
import type { MassAction, MassChange, MassTarget } from '../api/types';
import { errorText } from '../i18n/errors';
import { t } from '../i18n/index.svelte';
import { list } from '../list/list.svelte';
import { live } from '../live/live.svelte';
import { serverNow } from '../state/clock';
import { announce, toasts } from '../state/toasts.svelte';
import { isBusy, newer, undoLeft } from './progress';
import { stateText } from './words';

const round = 2_500;

class Jobs {
  items = $state.raw<MassAction[]>([]);
  now = $state(serverNow());
  private shut = $state.raw<ReadonlySet<number>>(new Set());
  private heard = new Map<number, number>();
  private timer: ReturnType<typeof setInterval> | undefined;

  /** What stands on the screen: at work, or just over. */
  get shown(): MassAction[] {
    return this.items.filter(
      (job) => !this.shut.has(job.id) && (isBusy(job) || undoLeft(job, this.now) > 0 || this.fresh(job)),
    );
  }

  follow(): () => void {
    void this.load();
    const stops = [
      live.on('mass', ({ item }) => this.take(item)),
      live.onResume(() => void this.load()),
      () => clearInterval(this.timer),
    ];
    this.timer = setInterval(() => void this.tick(), 1000);
    return () => stops.forEach((stop) => stop());
  }

  reset(): void {
    this.items = [];
    this.heard.clear();
    this.shut = new Set();
  }

  async start(target: MassTarget, change: MassChange, expected: number, key: string): Promise<void> {
    this.take(await api.mass.start(target, change, expected, key));
  }

  cancel = (id: number) => this.ask(() => api.mass.cancel(id));
  undo = (id: number) => this.ask(() => api.mass.undo(id));

  dismiss(id: number): void {
    this.shut = new Set([...this.shut, id]);
  }

  private fresh({ id }: MassAction): boolean {
    return this.now - (this.heard.get(id) ?? 0) < 6_000;
  }

  private async ask(verb: () => Promise<MassAction>): Promise<void> {
    try {
      this.take(await verb());
    } catch (error) {
      toasts.show(t('error.not_saved', { reason: errorText(error) }), 'bad');
    }
  }

  private async load(): Promise<void> {
    const mine = await api.mass.mine().catch(() => null);
    this.now = serverNow();
    for (const job of mine?.items ?? []) {
      if (isBusy(job) || undoLeft(job, this.now) > 0) this.take(job);
    }
  }

  private take(job: MassAction): void {
    const known = this.items.find((one) => one.id === job.id);
    const kept = newer(known, job);
    this.now = serverNow();
    this.heard.set(job.id, this.now);
    if (kept === known) return;
    this.items = known ? this.items.map((one) => (one === known ? kept : one)) : [kept, ...this.items];
    if (known?.state !== kept.state && !isBusy(kept)) {
      announce(stateText(kept));
      list.refreshSoon();
    }
  }

  /** The socket tells; when it is silent about a job that runs, we ask. */
  private async tick(): Promise<void> {
    if (this.items.length === 0) return;
    this.now = serverNow();
    const silent = this.items.filter(
      (job) => isBusy(job) && this.now - (this.heard.get(job.id) ?? 0) > round,
    );
    for (const { id } of silent) {
      this.heard.set(id, this.now);
      const job = await api.mass.one(id).catch(() => null);
      if (job) this.take(job);
    }
  }
}

export const jobs = new Jobs();
