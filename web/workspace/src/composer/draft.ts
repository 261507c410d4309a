/**
 * Nothing typed is ever lost. Every edit is kept on this device at once and on the server a moment later;
 * when the server cannot be reached the device keeps it and tries again. Knows no screen and no clock: they are handed in.
 */
import type { Draft, DraftKind } from '../api/types';

export type DraftState = 'idle' | 'pending' | 'saved' | 'local';

export interface DraftHome {
  save(draft: Draft): Promise<unknown>;
  drop(): Promise<unknown>;
}
export interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}
export interface Kept {
  draft: Draft;
  at: number;
  synced: boolean;
}
export interface Surroundings {
  home: DraftHome;
  shelf: Shelf;
  now: () => number;
  later: (run: () => void, ms: number) => () => void;
  onState?: (state: DraftState) => void;
}

const quiet = 700;
const retries = [3_000, 10_000, 30_000];

const shelfKey = (ticket: number, kind: DraftKind) => `opora.draft.${ticket}.${kind}`;

export class DraftKeeper {
  state: DraftState = 'idle';
  private waiting: Draft | null = null;
  private flight: Promise<void> | null = null;
  private cancel: () => void = () => {};
  private failures = 0;
  private closed = false;

  constructor(
    private readonly ticket: number,
    private readonly around: Surroundings,
  ) {}

  edit(draft: Draft): void {
    this.keep(draft, false);
    this.waiting = draft;
    this.become('pending');
    this.plan(quiet);
  }

  /** Sends what waits, now. */
  async flush(): Promise<void> {
    this.cancel();
    if (this.flight) await this.flight;
    if (!this.waiting || this.closed) return;
    this.flight = this.push(this.waiting);
    await this.flight;
    this.flight = null;
  }

  /** Stops saving and waits for what is under way, so that a late save cannot bring a sent draft back. */
  async settle(): Promise<void> {
    this.cancel();
    this.waiting = null;
    if (this.flight) await this.flight;
  }

  /** The text was sent or thrown away. */
  async clear(kind: DraftKind, dropOnServer: boolean): Promise<void> {
    await this.settle();
    this.around.shelf.removeItem(shelfKey(this.ticket, kind));
    this.become('idle');
    if (dropOnServer) await this.around.home.drop().catch(() => undefined);
  }

  /** Leaving the ticket: the last words go out, further retries stop (the device still has them). */
  close(): void {
    void this.flush();
    this.closed = true;
  }

  private async push(draft: Draft): Promise<void> {
    try {
      await this.around.home.save(draft);
      this.failures = 0;
      if (this.waiting === draft) {
        this.waiting = null;
        this.keep(draft, true);
        this.become('saved');
      }
    } catch {
      this.become('local');
      const pause = retries[Math.min(this.failures++, retries.length - 1)] ?? quiet;
      if (!this.closed && this.waiting) this.plan(pause);
    }
  }

  private plan(ms: number): void {
    this.cancel();
    this.cancel = this.around.later(() => void this.flush(), ms);
  }

  private keep(draft: Draft, synced: boolean): void {
    const kept: Kept = { draft, at: this.around.now(), synced };
    try {
      this.around.shelf.setItem(shelfKey(this.ticket, draft.kind), JSON.stringify(kept));
    } catch {
      // The device's storage is full or forbidden; the server copy remains.
    }
  }

  private become(state: DraftState): void {
    this.state = state;
    this.around.onState?.(state);
  }
}

/** A part of the device's storage, apart from what others keep there. */
export function ownShelf(shelf: Shelf, prefix: string): Shelf {
  return {
    getItem: (key) => shelf.getItem(prefix + key),
    setItem: (key, value) => shelf.setItem(prefix + key, value),
    removeItem: (key) => shelf.removeItem(prefix + key),
  };
}

export interface Recovered {
  drafts: Partial<Record<DraftKind, Draft>>;
  /** Drafts that only this device has and the server should get. */
  unsynced: DraftKind[];
}

/** What to show on opening: per kind, the newer of the device's and the server's copy. */
export function recoverDrafts(ticket: number, server: Draft | null, shelf: Shelf): Recovered {
  const recovered: Recovered = { drafts: {}, unsynced: [] };
  for (const kind of ['reply', 'note'] as const) {
    const kept = readKept(shelf, ticket, kind);
    const remote = server?.kind === kind ? server : null;
    const remoteAt = remote?.updated_at ? Date.parse(remote.updated_at) : 0;
    if (kept && (!kept.synced ? !remote || kept.at >= remoteAt : !remote && server !== null)) {
      recovered.drafts[kind] = kept.draft;
      if (!kept.synced) recovered.unsynced.push(kind);
    } else if (remote) recovered.drafts[kind] = remote;
  }
  return recovered;
}

function readKept(shelf: Shelf, ticket: number, kind: DraftKind): Kept | null {
  try {
    const text = shelf.getItem(shelfKey(ticket, kind));
    return text ? (JSON.parse(text) as Kept) : null;
  } catch {
    return null;
  }
}
