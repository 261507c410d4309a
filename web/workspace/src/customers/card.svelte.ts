/**
 * One card being looked at and changed in place. What was typed and not saved is kept when the person looks elsewhere,
 * and moved onto what colleagues have saved meanwhile.
 */
import { ApiError, asOf } from '../api';
import { changesIn, rebased } from './editing';

export interface CardKind<Thing, Draft> {
  open: (id: number) => Promise<Thing>;
  change: (id: number, changes: Partial<Draft>, version: number, base: Draft) => Promise<Thing>;
  draftOf: (thing: Thing) => Draft;
  /** Typed and not saved, by id; outlives the card. */
  kept: Map<number, { base: unknown; draft: unknown }>;
}

export class Card<Thing extends { id: number; version: number }, Draft extends object> {
  saved = $state.raw<Thing | null>(null);
  draft = $state<Draft | null>(null);
  busy = $state(false);
  failed = $state.raw<unknown>(null);
  /** Why it was not saved. */
  wrong = $state.raw<unknown>(null);
  clashes = $state.raw<(keyof Draft)[]>([]);
  /** What is shown is what this device remembers, since then. */
  asOf = $state<number | null>(null);
  /** There was something unsaved from before. */
  returned = $state(false);
  private base = $state.raw<Draft | null>(null);
  private ended = false;

  readonly changes = $derived<Partial<Draft>>(
    this.base && this.draft ? changesIn(this.base, $state.snapshot(this.draft) as Draft) : {},
  );
  readonly dirty = $derived(Object.keys(this.changes).length > 0);

  constructor(
    readonly id: number,
    private readonly kind: CardKind<Thing, Draft>,
  ) {}

  async load(): Promise<void> {
    this.failed = null;
    try {
      const thing = await this.kind.open(this.id);
      if (this.ended) return;
      this.asOf = asOf(thing);
      const before = this.kind.kept.get(this.id) as { base: Draft; draft: Draft } | undefined;
      this.take(thing);
      if (before) {
        this.moveOnto(thing, before.base, before.draft);
        this.returned = this.dirty;
      }
    } catch (error) {
      if (!this.ended) this.failed = error;
    }
  }

  /** After a break in the connection: as it is now, under what was typed. */
  async catchUp(): Promise<void> {
    if (this.busy || this.clashes.length > 0) return;
    if (!this.saved || !this.draft) return this.load();
    const now = await this.kind.open(this.id).catch(() => null);
    if (!now || this.ended || asOf(now) !== null || !this.base || !this.draft) return;
    this.asOf = null;
    this.moveOnto(now, this.base, $state.snapshot(this.draft) as Draft);
  }

  /** True when it is saved. What clashes with a colleague's change is asked about, the rest goes through. */
  async save(): Promise<boolean> {
    if (!this.saved || !this.dirty || this.busy) return false;
    this.busy = true;
    this.wrong = null;
    try {
      for (let tries = 0; ; tries++) {
        try {
          this.take(await this.kind.change(this.id, this.changes, this.saved.version, this.base as Draft));
          return true;
        } catch (error) {
          if (!(error instanceof ApiError && error.status === 409) || tries > 2) throw error;
          const now = await this.kind.open(this.id);
          this.moveOnto(now, this.base as Draft, $state.snapshot(this.draft) as Draft);
          if (this.clashes.length > 0) return false;
          if (!this.dirty) return true;
        }
      }
    } catch (error) {
      this.wrong = error;
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** What a colleague has written, shown beside mine. */
  theirs(key: keyof Draft): Draft[keyof Draft] | undefined {
    return this.base?.[key];
  }

  /** Of what clashes, either mine or theirs stays. */
  async settle(mine: boolean): Promise<boolean> {
    if (!mine && this.base) this.draft = { ...($state.snapshot(this.draft) as Draft), ...this.picked() };
    this.clashes = [];
    return mine || this.dirty ? this.save() : false;
  }

  discard(): void {
    if (this.saved) this.take(this.saved);
  }

  /** The server has given a newer one by another way: a merge, an undo. */
  take(thing: Thing): void {
    this.saved = thing;
    this.base = this.kind.draftOf(thing);
    this.draft = this.kind.draftOf(thing);
    this.clashes = [];
    this.wrong = null;
    this.returned = false;
    this.kind.kept.delete(this.id);
  }

  /** Nobody looks any more. */
  end(): void {
    this.ended = true;
    if (this.dirty) this.kind.kept.set(this.id, { base: this.base, draft: $state.snapshot(this.draft) });
    else if (this.saved) this.kind.kept.delete(this.id);
  }

  private picked(): Partial<Draft> {
    const base = this.base as Draft;
    return Object.fromEntries(this.clashes.map((key) => [key, base[key]])) as Partial<Draft>;
  }

  private moveOnto(thing: Thing, base: Draft, mine: Draft): void {
    const theirs = this.kind.draftOf(thing);
    const moved = rebased(base, mine, theirs);
    this.saved = thing;
    this.base = theirs;
    this.draft = moved.draft;
    this.clashes = moved.clashes;
  }
}
