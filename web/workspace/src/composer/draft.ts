/**
 * Nothing typed is ever lost. Every edit is kept on this device at once and on the server a moment later; when the server
 * cannot be reached the device keeps it and tries again, and what was written elsewhere meanwhile is never replaced unseen.
 * An answer and a note of one ticket have a keeper each. Knows no screen and no clock: they are handed in.
 */
import type { Draft, DraftKind } from '../api/types';

export type DraftState = 'idle' | 'pending' | 'saved' | 'local';

/** The draft as it is kept now; or another one, written elsewhere since, that was not replaced. */
export type Saved = { kept: Draft | undefined } | { instead: Draft };

/** `over` says which copy was known, by its `updated_at`; null when there was none. */
export interface DraftHome {
  save(draft: Draft, over: string | null): Promise<Saved>;
  /** Answers with another one, written elsewhere since, that was not thrown away. */
  drop(over: string | null): Promise<Draft | null>;
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
  /** What the server's copy said of its age when this was written; 0 when there was none. */
  base?: number;
}
export interface Surroundings {
  home: DraftHome;
  shelf: Shelf;
  now: () => number;
  later: (run: () => void, ms: number) => () => void;
  onState?: (state: DraftState) => void;
  onSaved?: (draft: Draft) => void;
  /** The server has another text, written elsewhere meanwhile. The newer one is shown, the other must be offered. */
  onClash?: (clash: { shown: Draft; other: Draft }) => void;
  /** Mine was thrown away; the server has another text, which must be offered. */
  onOther?: (other: Draft) => void;
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
  /** The age of the server's copy as it is known, in milliseconds; 0 when there is none. */
  private base = 0;
  /** Words that were sent there and not answered for: they may be there or not. */
  private unanswered: string[] = [];
  private at = 0;

  constructor(
    private readonly ticket: number,
    private readonly kind: DraftKind,
    private readonly around: Surroundings,
  ) {}

  /** Begins over a copy of that age. */
  over(base: number): void {
    this.base = base;
  }

  /** Goes on with what an earlier sitting could not save: written at that time, over a copy of that age. */
  resume(draft: Draft, at: number, base: number): void {
    this.base = base;
    this.edit(draft, at);
  }

  /** The connection is back: no need to wait for the next try. */
  again(): void {
    if (this.waiting && this.state === 'local') void this.flush();
  }

  edit(draft: Draft, at = this.around.now()): void {
    this.at = at;
    this.keep(draft, false);
    this.waiting = draft;
    this.become('pending');
    this.plan(quiet);
  }

  /** Sends what waits, now. */
  async flush(): Promise<void> {
    this.cancel();
    await this.landed();
    if (this.waiting) await this.fly(this.push(this.waiting));
  }

  /** Stops saving and waits for what is under way, so that a late save cannot bring a sent draft back. */
  async settle(): Promise<void> {
    this.cancel();
    this.waiting = null;
    await this.landed();
  }

  /** The text was sent or thrown away. What is written from now on is another one. */
  async clear(dropOnServer: boolean): Promise<void> {
    this.cancel();
    this.waiting = null;
    this.around.shelf.removeItem(shelfKey(this.ticket, this.kind));
    this.become('idle');
    await this.landed();
    const there = this.base > 0 || this.unanswered.length > 0;
    const known = this.known();
    this.base = 0;
    this.unanswered = [];
    if (dropOnServer && there) await this.fly(this.drop(known));
  }

  /** Leaving the ticket: the last words go out, further retries stop (the device still has them). */
  close(): void {
    this.closed = true;
    void this.flush();
  }

  private async push(draft: Draft): Promise<void> {
    const before = [...this.unanswered];
    this.unanswered.push(draft.body_html);
    try {
      let saved = await this.around.home.save(draft, this.known());
      while ('instead' in saved) {
        if (this.givesWay(draft, saved.instead, before)) return;
        saved = await this.around.home.save(draft, this.known());
      }
      this.unanswered = [];
      this.failures = 0;
      this.base = ageOf(saved.kept) || this.base;
      if (saved.kept) this.around.onSaved?.(saved.kept);
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

  /** True when the server's text is the newer one: then ours is not saved over it. */
  private givesWay(mine: Draft, theirs: Draft, own: string[]): boolean {
    this.base = ageOf(theirs);
    if (theirs.body_html === mine.body_html || own.includes(theirs.body_html)) return false;
    const newer = this.base > this.at;
    this.around.onClash?.(newer ? { shown: theirs, other: mine } : { shown: mine, other: theirs });
    if (!newer) return false;
    this.unanswered = [];
    this.waiting = null;
    this.around.shelf.removeItem(shelfKey(this.ticket, this.kind));
    this.become('saved');
    return true;
  }

  private async drop(known: string | null): Promise<void> {
    const theirs = await this.around.home.drop(known).catch(() => null);
    if (!theirs) return;
    this.base = ageOf(theirs);
    this.around.onOther?.(theirs);
  }

  /** One after another: what is under way is waited for. */
  private async landed(): Promise<void> {
    while (this.flight) await this.flight;
  }

  private async fly(work: Promise<void>): Promise<void> {
    this.flight = work.finally(() => (this.flight = null));
    await this.flight;
  }

  private known(): string | null {
    return this.base > 0 ? new Date(this.base).toISOString() : null;
  }

  private plan(ms: number): void {
    this.cancel();
    this.cancel = this.around.later(() => void this.flush(), ms);
  }

  private keep(draft: Draft, synced: boolean): void {
    const kept: Kept = { draft, at: synced ? this.around.now() : this.at, synced, base: this.base };
    try {
      this.around.shelf.setItem(shelfKey(this.ticket, this.kind), JSON.stringify(kept));
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
  draft: Draft | null;
  /** That draft, when only this device has it and the server should get it. */
  unsynced: Kept | null;
  /** A text that gave way to a newer one and must be offered. */
  other: Draft | null;
  /** The age of the server's copy as far as this device has heard of it. */
  base: number;
}

/**
 * What to show on opening: the newer of the device's and the server's copy. What was kept on this device after the ticket
 * was read is the newer one, saved or not: the screen has broken down, or there is no connection.
 */
export function recoverDraft(
  ticket: number,
  kind: DraftKind,
  remote: Draft | null,
  shelf: Shelf,
  readAt = Number.POSITIVE_INFINITY,
): Recovered {
  const kept = readKept(shelf, shelfKey(ticket, kind));
  const base = Math.max(ageOf(remote), kept?.base ?? 0);
  if (!kept) return { draft: remote, unsynced: null, other: null, base };
  const mine = kept.synced ? kept.at > readAt : !remote || kept.at >= ageOf(remote);
  if (mine) return { draft: kept.draft, unsynced: kept.synced ? null : kept, other: null, base };
  const gaveWay = remote !== null && !kept.synced && kept.draft.body_html !== remote.body_html;
  return { draft: remote, unsynced: null, other: gaveWay ? kept.draft : null, base };
}

export const ageOf = (draft: Draft | null | undefined): number =>
  draft?.updated_at ? Date.parse(draft.updated_at) : 0;

const otherKey = (ticket: number, kind: DraftKind) => `opora.other.${ticket}.${kind}`;

/** The text that gave way waits on this device until somebody decides about it. */
export function keepOther(ticket: number, kind: DraftKind, other: Draft | null, shelf: Shelf): void {
  const key = otherKey(ticket, kind);
  try {
    if (other) shelf.setItem(key, JSON.stringify(other));
    else shelf.removeItem(key);
  } catch {
    // The device's storage is full or forbidden: it is offered in this sitting only.
  }
}

export function keptOther(ticket: number, kind: DraftKind, shelf: Shelf): Draft | null {
  try {
    return JSON.parse(shelf.getItem(otherKey(ticket, kind)) ?? 'null') as Draft | null;
  } catch {
    return null;
  }
}

const month = 30 * 86_400_000;

/** Drafts that the server has too need not lie here for ever, whoever wrote them. */
export function clearDrafts(storage: Storage, now: number): void {
  const keys = Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? '');
  for (const key of keys.filter((one) => /^u\d+\.opora\.draft\./.test(one))) {
    const kept = readKept(storage, key);
    if (!kept || (kept.synced && now - kept.at > month)) storage.removeItem(key);
  }
}

function readKept(shelf: Pick<Shelf, 'getItem'>, key: string): Kept | null {
  try {
    const text = shelf.getItem(key);
    return text ? (JSON.parse(text) as Kept) : null;
  } catch {
    return null;
  }
}
