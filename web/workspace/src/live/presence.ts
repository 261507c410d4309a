/**
 * Who is at a ticket, without the flicker of people passing by: somebody who comes is shown when they stay, somebody who
 * goes stays for a moment in case they return, and "typing" outlives the pauses between words. Timers are the caller's.
 */
export type Doing = 'viewing' | 'typing';
export interface Person {
  agent_id: number;
  name: string;
  state: Doing;
}

/** Shorter visits are people walking through the list. */
export const arriving = 600;
export const leaving = 5_000;
export const pausing = 3_000;

interface Timers {
  later: (run: () => void, ms: number) => () => void;
}

const clock: Timers = {
  later: (run, ms) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

export class Presence {
  private shown = new Map<number, Person>();
  private waiting = new Map<number, { to: Doing | 'gone'; stop: () => void }>();
  private first = true;

  constructor(
    private readonly show: (people: Person[]) => void,
    private readonly timers: Timers = clock,
  ) {}

  /** All who are there now, as the server tells it. */
  hear(people: Person[]): void {
    const there = new Map(people.map((person) => [person.agent_id, person]));
    let changed = false;
    for (const person of there.values()) changed = this.comes(person) || changed;
    for (const id of new Set([...this.shown.keys(), ...this.waiting.keys()])) {
      if (!there.has(id)) this.goes(id);
    }
    this.first = false;
    if (changed) this.tell();
  }

  /** The connection broke: nobody is known to be there, but nobody is known to have left either. */
  lose(): void {
    this.hear([]);
  }

  stop(): void {
    for (const { stop } of this.waiting.values()) stop();
    this.waiting.clear();
    this.shown.clear();
  }

  /** True when what is shown changes at once. */
  private comes(person: Person): boolean {
    const { agent_id: id } = person;
    const before = this.shown.get(id);
    // Whoever was there already when the ticket was opened is there; and somebody who types does not walk by.
    if (!before && !this.first && person.state === 'viewing') {
      const planned = this.waiting.get(id)?.to === 'viewing';
      if (!planned) this.plan(id, 'viewing', arriving, () => this.shown.set(id, person));
      return false;
    }
    if (before?.state === 'typing' && person.state === 'viewing') {
      this.plan(id, 'viewing', pausing, () => this.shown.set(id, person));
      return false;
    }
    this.forget(id);
    this.shown.set(id, person);
    return before?.state !== person.state || before.name !== person.name;
  }

  private goes(id: number): void {
    if (!this.shown.has(id)) this.forget(id);
    else this.plan(id, 'gone', leaving, () => this.shown.delete(id));
  }

  /** A plan that is already under way keeps its time. */
  private plan(id: number, to: Doing | 'gone', ms: number, change: () => void): void {
    if (this.waiting.get(id)?.to === to) return;
    this.forget(id);
    const stop = this.timers.later(() => {
      this.waiting.delete(id);
      change();
      this.tell();
    }, ms);
    this.waiting.set(id, { to, stop });
  }

  private forget(id: number): void {
    this.waiting.get(id)?.stop();
    this.waiting.delete(id);
  }

  private tell(): void {
    this.show([...this.shown.values()]);
  }
}
