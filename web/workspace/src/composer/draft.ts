/**
 * Nothing typed is ever lost. Every edit is kept on this device at once and on the server a moment later;
 * when the server cannot be reached the device keeps it and tries again. Knows no screen and no clock: they are handed in.
 */
import type { Draft, DraftKind } from '../api/types';

export type DraftState = 'idle' | 'pending' | 'saved' | 'local';

export interface DraftHome {
  /** Answers with the draft as it is kept there. */
  save(draft: Draft): Promise<Draft | undefined>;
  drop(): Promise<unknown>;
  /** What is kept there now, perhaps from another device. */
  read(): Promise<Draft | null>;
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
  /** Something was written while the server did not know: it must be asked before its copy is replaced. */
  private doubt = false;
  /** What has been sent there last, whether or not it was answered. */
  private sent = '';
  private at = 0;

  constructor(
    private readonly ticket: number,
    private readonly around: Surroundings,
  ) {}

  /** Begins over a copy of that age. */
  over(base: number): void {
    this.base = base;
  }

  /** Goes on with what an earlier sitting could not save: written at that time, over a copy of that age. */
  resume(draft: Draft, at: number, base: number): void {
    this.doubt = true;
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
      if (this.doubt && (await this.clashes(draft))) return;
      this.sent = draft.body_html;
      const saved = await this.around.home.save(draft);
      this.doubt = false;
      this.failures = 0;
      this.base = ageOf(saved) || this.base;
      if (saved) this.around.onSaved?.(saved);
      if (this.waiting === draft) {
        this.waiting = null;
        this.keep(draft, true);
        this.become('saved');
      }
    } catch {
      this.doubt = true;
      this.become('local');
      const pause = retries[Math.min(this.failures++, retries.length - 1)] ?? quiet;
      if (!this.closed && this.waiting) this.plan(pause);
    }
  }

  /** True when the server's text is the newer one: then ours is not saved over it. */
  private async clashes(mine: Draft): Promise<boolean> {
    const theirs = await this.around.home.read();
    this.doubt = false;
    if (!theirs || ageOf(theirs) <= this.base || theirs.kind !== mine.kind) return false;
    this.base = ageOf(theirs);
    if (theirs.body_html === mine.body_html || theirs.body_html === this.sent) return false;
    const newer = this.base > this.at;
    this.around.onClash?.(newer ? { shown: theirs, other: mine } : { shown: mine, other: theirs });
    if (!newer) return false;
    this.waiting = null;
    this.around.shelf.removeItem(shelfKey(this.ticket, mine.kind));
    this.become('saved');
    return true;
  }

  private plan(ms: number): void {
    this.cancel();
    this.cancel = this.around.later(() => void this.flush(), ms);
  }

  private keep(draft: Draft, synced: boolean): void {
    const kept: Kept = { draft, at: synced ? this.around.now() : this.at, synced, base: this.base };
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
  unsynced: (Kept & { kind: DraftKind })[];
  /** Texts that gave way to newer ones and must be offered. */
  others: Draft[];
  /** The age of the server's copy as far as this device has heard of it. */
  base: number;
}

/**
 * What to show on opening: per kind, the newer of the device's and the server's copy. What was kept on this device after
 * the ticket was read is the newer one, saved or not: the screen has broken down, or there is no connection.
 */
export function recoverDrafts(
  ticket: number,
  server: Draft | null,
  shelf: Shelf,
  readAt = Number.POSITIVE_INFINITY,
): Recovered {
  const recovered: Recovered = { drafts: {}, unsynced: [], others: [], base: ageOf(server) };
  for (const kind of ['reply', 'note'] as const) {
    const kept = readKept(shelf, shelfKey(ticket, kind));
    const remote = server?.kind === kind ? server : null;
    const remoteAt = ageOf(remote);
    recovered.base = Math.max(recovered.base, kept?.base ?? 0);
    const fresher = kept !== null && kept.at > readAt;
    if (kept && (!kept.synced ? !remote || kept.at >= remoteAt : fresher || (!remote && server !== null))) {
      recovered.drafts[kind] = kept.draft;
      if (!kept.synced) recovered.unsynced.push({ ...kept, kind });
    } else if (remote) {
      recovered.drafts[kind] = remote;
      if (kept && !kept.synced && kept.draft.body_html !== remote.body_html)
        recovered.others.push(kept.draft);
    }
  }
  return recovered;
}

export const ageOf = (draft: Draft | null | undefined): number =>
  draft?.updated_at ? Date.parse(draft.updated_at) : 0;

const otherKey = (ticket: number) => `opora.other.${ticket}`;

/** The text that gave way waits on this device until somebody decides about it. */
export function keepOther(ticket: number, other: Draft | null, shelf: Shelf): void {
  try {
    if (other) shelf.setItem(otherKey(ticket), JSON.stringify(other));
    else shelf.removeItem(otherKey(ticket));
  } catch {
    // The device's storage is full or forbidden: it is offered in this sitting only.
  }
}

export function keptOther(ticket: number, shelf: Shelf): Draft | null {
  try {
    return JSON.parse(shelf.getItem(otherKey(ticket)) ?? 'null') as Draft | null;
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
