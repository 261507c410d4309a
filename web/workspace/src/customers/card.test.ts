import { describe, expect, it } from 'vitest';
import { ApiError } from '../api';
import { Card, type CardKind } from './card.svelte';
import { changesIn, rebased } from './editing';

interface Thing {
  id: number;
  version: number;
  name: string;
  notes: string;
}
type Draft = { name: string; notes: string };

/** A server with one thing, which a colleague can change behind our back. */
function server(kept: CardKind<Thing, Draft>['kept'] = new Map()) {
  let thing: Thing = { id: 1, version: 1, name: 'Anna', notes: '' };
  const kind: CardKind<Thing, Draft> = {
    kept,
    open: () => Promise.resolve({ ...thing }),
    draftOf: ({ name, notes }) => ({ name, notes }),
    change: async (_, changes, version) => {
      if (version !== thing.version) throw new ApiError(409, 'conflict', '');
      thing = { ...thing, ...changes, version: version + 1 };
      return { ...thing };
    },
  };
  const colleague = (changes: Partial<Draft>) => {
    thing = { ...thing, ...changes, version: thing.version + 1 };
  };
  return { kind, colleague, now: () => thing };
}

describe('changes in place', () => {
  it('are only what differs from what was read', () => {
    expect(changesIn({ a: 1, b: [1] }, { a: 1, b: [1, 2] })).toEqual({ b: [1, 2] });
  });

  it('clash only where both changed the same thing to something else', () => {
    const base = { a: 'a', b: 'b', c: 'c' };
    expect(rebased(base, { ...base, a: 'mine', b: 'same' }, { ...base, b: 'same', c: 'theirs' })).toEqual({
      draft: { a: 'mine', b: 'same', c: 'theirs' },
      clashes: [],
    });
    expect(rebased(base, { ...base, a: 'mine' }, { ...base, a: 'theirs' }).clashes).toEqual(['a']);
  });
});

describe('a card', () => {
  it('saves past a colleague who changed something else meanwhile', async () => {
    const { kind, colleague, now } = server();
    const card = new Card(1, kind);
    await card.load();
    card.draft!.notes = 'VIP';
    colleague({ name: 'Anna K.' });
    expect(await card.save()).toBe(true);
    expect(now()).toMatchObject({ name: 'Anna K.', notes: 'VIP' });
    expect(card.dirty).toBe(false);
  });

  it('asks whose words stay when both changed the same, and either answer works', async () => {
    for (const mine of [true, false]) {
      const { kind, colleague, now } = server();
      const card = new Card(1, kind);
      await card.load();
      card.draft!.notes = 'mine';
      colleague({ notes: 'theirs' });
      expect(await card.save()).toBe(false);
      expect(card.clashes).toEqual(['notes']);
      expect(card.theirs('notes')).toBe('theirs');
      expect(card.draft!.notes, 'nothing typed is lost').toBe('mine');
      await card.settle(mine);
      expect(now().notes).toBe(mine ? 'mine' : 'theirs');
      expect(card.draft!.notes).toBe(mine ? 'mine' : 'theirs');
      expect(card.dirty).toBe(false);
    }
  });

  it('keeps what was typed when the server fails, and when the person looks elsewhere', async () => {
    const kept: CardKind<Thing, Draft>['kept'] = new Map();
    const { kind, now } = server(kept);
    const failing = { ...kind, change: () => Promise.reject(new ApiError(503, 'busy', '')) };
    const card = new Card(1, failing);
    await card.load();
    card.draft!.name = 'Typed';
    expect(await card.save()).toBe(false);
    expect(card.wrong).toBeInstanceOf(ApiError);
    card.end();
    const later = new Card(1, kind);
    await later.load();
    expect(later.returned).toBe(true);
    expect(later.draft!.name).toBe('Typed');
    await later.save();
    expect(now().name).toBe('Typed');
    expect(kept.size).toBe(0);
  });
});
