/**
 * One timer for all clocks on the screen: whoever shows one says when it will look different, and is called then, by the
 * server's clock. A thousand clocks that change once an hour cost nothing in between.
 */
import { serverNow } from '../state/clock';

/** Clocks are set and machines sleep: nobody waits longer than this to look again. */
const longest = 30_000;

interface Waiting {
  at: number;
  run: () => void;
}

export class Ticking {
  private waiting = new Set<Waiting>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private wakes = Infinity;

  constructor(private readonly now: () => number) {}

  /** Calls once when it is that late; answers how to call it off. */
  when(at: number, run: () => void): () => void {
    if (at === Infinity) return () => {};
    const one = { at, run };
    this.waiting.add(one);
    if (at < this.wakes) this.set();
    return () => {
      this.waiting.delete(one);
      if (this.waiting.size === 0) this.stop();
    };
  }

  /** How many wait. */
  get size(): number {
    return this.waiting.size;
  }

  /** After a sleep, or when the tab is looked at again. */
  look = (): void => {
    const now = this.now();
    const due = [...this.waiting].filter(({ at }) => at <= now);
    for (const one of due) this.waiting.delete(one);
    for (const { run } of due) run();
    this.set();
  };

  private set(): void {
    this.stop();
    let first = Infinity;
    for (const { at } of this.waiting) first = Math.min(first, at);
    if (first === Infinity) return;
    this.wakes = first;
    this.timer = setTimeout(this.look, Math.min(longest, Math.max(10, first - this.now())));
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.wakes = Infinity;
  }
}

export const ticking = new Ticking(serverNow);
globalThis.document?.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') ticking.look();
});
