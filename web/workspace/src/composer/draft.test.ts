import { describe, expect, it } from 'vitest';
import type { Draft } from '../api/types';
import {
  clearDrafts,
  DraftKeeper,
  keepOther,
  keptOther,
  ownShelf,
  recoverDrafts,
  type DraftHome,
  type Shelf,
} from './draft';

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
  const state = { down: false, dropped: 0, gate: Promise.resolve(), theirs: null as Draft | null };
  const clashes: { shown: Draft; other: Draft }[] = [];
  const home: DraftHome = {
    save: async (one) => {
      await state.gate;
      if (state.down) throw new Error('offline');
      saved.push(one.body_html);
      return { ...one, updated_at: new Date(now).toISOString() };
    },
    read: async () => {
      if (state.down) throw new Error('offline');
      return state.theirs;
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
    onClash: (clash) => void clashes.push(clash),
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
  return { keeper, saved, state, box, pass, settle, clashes };
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
    expect(recoverDrafts(7, null, box).unsynced.map((one) => one.kind)).toEqual(['reply']);
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

  it('what gave way to a newer text is offered', () => {
    const { keeper, box } = world();
    keeper.edit(draft('typed offline'));
    const newer = { ...draft('from another device'), updated_at: new Date(9_000).toISOString() };
    expect(recoverDrafts(7, newer, box).others.map((one) => one.body_html)).toEqual(['typed offline']);
    const same = { ...draft('typed offline'), updated_at: new Date(9_000).toISOString() };
    expect(recoverDrafts(7, same, box).others).toEqual([]);
  });

  it('what was kept after the ticket was read is the newer one, saved or not', async () => {
    const { keeper, box, pass } = world();
    keeper.edit(draft('before the screen broke down'));
    await pass(800);
    expect(recoverDrafts(7, null, box, 1_500).drafts.reply?.body_html).toBe('before the screen broke down');
    const older = { ...draft('older'), updated_at: new Date(900).toISOString() };
    expect(recoverDrafts(7, older, box, 1_500).drafts.reply?.body_html).toBe('before the screen broke down');
    expect(recoverDrafts(7, null, box, 2_000).drafts).toEqual({});
  });

  it('a broken record on the device harms nothing', () => {
    const { box } = world();
    box.setItem('opora.draft.7.reply', '{');
    expect(recoverDrafts(7, null, box).drafts).toEqual({});
  });
});

describe('a draft written without a connection', () => {
  const later = (body_html: string, at: number) => ({
    ...draft(body_html),
    updated_at: new Date(at).toISOString(),
  });

  async function offline() {
    const all = world();
    all.state.down = true;
    all.keeper.edit(draft('mine'));
    await all.pass(800);
    all.state.down = false;
    return all;
  }

  it('goes up at once when the connection is back', async () => {
    const { keeper, saved, settle } = await offline();
    keeper.again();
    await settle();
    expect(saved).toEqual(['mine']);
  });

  it('replaces an older one from elsewhere, which is offered', async () => {
    const { keeper, saved, state, clashes, settle } = await offline();
    state.theirs = later('theirs', 900);
    keeper.again();
    await settle();
    expect(saved).toEqual(['mine']);
    expect(clashes.map(({ other }) => other.body_html)).toEqual(['theirs']);
  });

  it('gives way to a newer one from elsewhere, and is offered', async () => {
    const { keeper, saved, state, clashes, settle, pass, box } = await offline();
    state.theirs = later('theirs', 5_000);
    keeper.again();
    await settle();
    await pass(60_000);
    expect(saved).toEqual([]);
    expect(clashes.map(({ shown, other }) => [shown.body_html, other.body_html])).toEqual([
      ['theirs', 'mine'],
    ]);
    expect(recoverDrafts(7, state.theirs, box).drafts.reply?.body_html).toBe('theirs');
  });

  it('does not take its own earlier words for those of somebody else', async () => {
    const { keeper, saved, state, clashes, pass, settle } = world();
    keeper.edit(draft('m'));
    await pass(800);
    state.theirs = later('m', 1_800);
    state.down = true;
    keeper.edit(draft('mine'));
    await pass(800);
    state.down = false;
    keeper.again();
    await settle();
    expect([saved, clashes]).toEqual([['m', 'mine'], []]);
  });

  it('that was put aside waits until somebody decides', () => {
    const { box } = world();
    keepOther(7, draft('aside'), box);
    expect(keptOther(7, box)?.body_html).toBe('aside');
    keepOther(7, null, box);
    expect(keptOther(7, box)).toBeNull();
  });
});

it('drafts that the server has too leave the device after a month', () => {
  localStorage.clear();
  const put = (key: string, synced: boolean) =>
    localStorage.setItem(key, JSON.stringify({ draft: draft('x'), at: 0, synced }));
  put('u1.opora.draft.7.reply', true);
  put('u1.opora.draft.8.reply', false);
  localStorage.setItem('opora.locale', 'ru');
  clearDrafts(localStorage, 31 * 86_400_000);
  expect(Object.keys(localStorage).sort()).toEqual(['opora.locale', 'u1.opora.draft.8.reply']);
});
