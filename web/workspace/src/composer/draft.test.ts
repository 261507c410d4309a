import { describe, expect, it } from 'vitest';
import type { Draft } from '../api/types';
import { DraftKeeper, ownShelf, recoverDrafts, type DraftHome, type Shelf } from './draft';

const draft = (body_html: string, kind: Draft['kind'] = 'reply'): Draft => ({
  kind,
  body_html,
  to: [],
  cc: [],
  bcc: [],
  attachments: [],
});

/** A world with a clock that is turned by hand and a server that can be taken away. */
function world() {
  const shelf = new Map<string, string>();
  const saved: string[] = [];
  let timers: { at: number; run: () => void }[] = [];
  let now = 1_000;
  const state = { down: false, dropped: 0, gate: Promise.resolve() };
  const home: DraftHome = {
    save: async (one) => {
      await state.gate;
      if (state.down) throw new Error('offline');
      saved.push(one.body_html);
    },
    drop: async () => void state.dropped++,
  };
  const box: Shelf = {
    getItem: (key) => shelf.get(key) ?? null,
    setItem: (key, value) => void shelf.set(key, value),
    removeItem: (key) => void shelf.delete(key),
  };
  const keeper = new DraftKeeper(7, {
    home,
    shelf: box,
    now: () => now,
    later: (run, ms) => {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => (timers = timers.filter((other) => other !== timer));
    },
  });
  const settle = async () => {
    for (let turn = 0; turn < 8; turn++) await Promise.resolve();
  };
  const pass = async (ms: number) => {
    now += ms;
    const due = timers.filter((timer) => timer.at <= now);
    timers = timers.filter((timer) => timer.at > now);
    due.forEach((timer) => timer.run());
    await settle();
  };
  return { keeper, saved, state, box, pass, settle };
}

describe('a draft', () => {
  it('is on the device with the first letter, before any server answered', () => {
    const { keeper, box, saved } = world();
    keeper.edit(draft('П'));
    expect(saved).toEqual([]);
    expect(recoverDrafts(7, null, box).drafts.reply?.body_html).toBe('П');
  });

  it('goes to the server once the person pauses, with the last words only', async () => {
    const { keeper, saved, pass } = world();
    keeper.edit(draft('a'));
    await pass(300);
    keeper.edit(draft('ab'));
    await pass(800);
    expect(saved).toEqual(['ab']);
    expect(keeper.state).toBe('saved');
  });

  it('stays on the device while the server is away and goes up when it is back', async () => {
    const { keeper, saved, state, box, pass } = world();
    state.down = true;
    keeper.edit(draft('kept'));
    await pass(800);
    expect(keeper.state).toBe('local');
    expect(recoverDrafts(7, null, box).unsynced).toEqual(['reply']);
    state.down = false;
    await pass(3_100);
    expect(saved).toEqual(['kept']);
    expect(keeper.state).toBe('saved');
  });

  it('that was sent is not brought back by a save still under way', async () => {
    const { keeper, saved, state, box, pass, settle } = world();
    let open = () => {};
    state.gate = new Promise((go) => (open = go));
    keeper.edit(draft('late'));
    await pass(800);
    const cleared = keeper.clear('reply', true);
    open();
    await settle();
    await cleared;
    expect(saved).toEqual(['late']);
    expect(state.dropped).toBe(1);
    expect(recoverDrafts(7, null, box).drafts).toEqual({});
  });

  it('of a note and of a reply do not overwrite each other on the device', () => {
    const { keeper, box } = world();
    keeper.edit(draft('to the customer', 'reply'));
    keeper.edit(draft('between us', 'note'));
    const { drafts } = recoverDrafts(7, null, box);
    expect(drafts.reply?.body_html).toBe('to the customer');
    expect(drafts.note?.body_html).toBe('between us');
  });
});

describe('on opening a ticket', () => {
  it('the newer of the two copies wins', () => {
    const { keeper, box } = world();
    keeper.edit(draft('typed offline'));
    const older = { ...draft('older'), updated_at: new Date(500).toISOString() };
    const newer = { ...draft('from another device'), updated_at: new Date(9_000).toISOString() };
    expect(recoverDrafts(7, older, box).drafts.reply?.body_html).toBe('typed offline');
    expect(recoverDrafts(7, newer, box).drafts.reply?.body_html).toBe('from another device');
  });

  it('a draft that was saved and since sent elsewhere does not come back', async () => {
    const { keeper, box, pass } = world();
    keeper.edit(draft('sent from the phone'));
    await pass(800);
    expect(recoverDrafts(7, null, box).drafts).toEqual({});
  });

  it('a colleague at the same computer does not find my words', () => {
    const { box } = world();
    ownShelf(box, 'u1.').setItem(
      'opora.draft.7.reply',
      JSON.stringify({ draft: draft('mine'), at: 1, synced: false }),
    );
    expect(recoverDrafts(7, null, ownShelf(box, 'u1.')).drafts.reply?.body_html).toBe('mine');
    expect(recoverDrafts(7, null, ownShelf(box, 'u2.')).drafts).toEqual({});
  });

  it('a broken record on the device harms nothing', () => {
    const { box } = world();
    box.setItem('opora.draft.7.reply', '{');
    expect(recoverDrafts(7, null, box).drafts).toEqual({});
  });
});
