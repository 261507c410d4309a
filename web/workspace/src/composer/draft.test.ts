import { describe, expect, it } from 'vitest';
import type { Draft } from '../api/types';
import {
  clearDrafts,
  DraftKeeper,
  keepOther,
  keptOther,
  ownShelf,
  recoverDraft,
  type DraftHome,
  type Shelf,
} from './draft';
import { framed, laterWords } from './later';

const draft = (body_html: string, kind: Draft['kind'] = 'reply'): Draft => ({
  kind,
  body_html,
  to: [],
  cc: [],
  bcc: [],
  attachments: [],
});

/** A world with a clock that is turned by hand and a server that can be taken away, or lose its answers. */
function world(kind: Draft['kind'] = 'reply', shelf = new Map<string, string>()) {
  const saved: string[] = [];
  let timers: { at: number; run: () => void }[] = [];
  let now = 1_000;
  const state = {
    down: false,
    lossy: false,
    dropped: 0,
    gate: Promise.resolve(),
    theirs: null as Draft | null,
  };
  const others: string[] = [];
  const clashes: { shown: Draft; other: Draft }[] = [];
  const home: DraftHome = {
    save: async (one, over) => {
      await state.gate;
      if (state.down) throw new Error('offline');
      const { theirs } = state;
      if (theirs && theirs.body_html !== one.body_html && theirs.updated_at !== over)
        return { instead: theirs };
      saved.push(one.body_html);
      state.theirs = { ...one, updated_at: new Date(now).toISOString() };
      if (state.lossy) throw new Error('the answer was lost');
      return { kept: state.theirs };
    },
    drop: async (over) => {
      state.dropped += 1;
      if (state.theirs && over && state.theirs.updated_at !== over) return state.theirs;
      state.theirs = null;
      return null;
    },
  };
  const box: Shelf = {
    getItem: (key) => shelf.get(key) ?? null,
    setItem: (key, value) => void shelf.set(key, value),
    removeItem: (key) => void shelf.delete(key),
  };
  const keeper = new DraftKeeper(7, kind, {
    home,
    shelf: box,
    now: () => now,
    onClash: (clash) => void clashes.push(clash),
    onOther: (other) => void others.push(other.body_html),
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
  return { keeper, saved, state, box, pass, settle, clashes, others };
}

describe('a draft', () => {
  it('is on the device with the first letter, before any server answered', () => {
    const { keeper, box, saved } = world();
    keeper.edit(draft('П'));
    expect(saved).toEqual([]);
    expect(recoverDraft(7, 'reply', null, box).draft?.body_html).toBe('П');
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
    expect(recoverDraft(7, 'reply', null, box).unsynced?.draft.body_html).toBe('kept');
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
    const cleared = keeper.clear(true);
    open();
    await settle();
    await cleared;
    expect(saved).toEqual(['late']);
    expect(state.dropped).toBe(1);
    expect(recoverDraft(7, 'reply', null, box).draft).toBeNull();
  });

  it('of a note ends without the draft of a reply', async () => {
    const shelf = new Map<string, string>();
    const reply = world('reply', shelf);
    const note = world('note', shelf);
    reply.keeper.edit(draft('to the customer', 'reply'));
    note.keeper.edit(draft('between us', 'note'));
    await note.keeper.clear(true);
    await reply.pass(800);
    expect(reply.saved, 'the end of the note does not stop the answer from being kept').toEqual([
      'to the customer',
    ]);
    expect(recoverDraft(7, 'reply', null, reply.box, 0).draft?.body_html).toBe('to the customer');
    expect(recoverDraft(7, 'note', null, reply.box).draft).toBeNull();
  });
});

describe('on opening a ticket', () => {
  it('the newer of the two copies wins', () => {
    const { keeper, box } = world();
    keeper.edit(draft('typed offline'));
    const older = { ...draft('older'), updated_at: new Date(500).toISOString() };
    const newer = { ...draft('from another device'), updated_at: new Date(9_000).toISOString() };
    expect(recoverDraft(7, 'reply', older, box).draft?.body_html).toBe('typed offline');
    expect(recoverDraft(7, 'reply', newer, box).draft?.body_html).toBe('from another device');
  });

  it('a draft that was saved and since sent elsewhere does not come back', async () => {
    const { keeper, box, pass } = world();
    keeper.edit(draft('sent from the phone'));
    await pass(800);
    expect(recoverDraft(7, 'reply', null, box).draft).toBeNull();
  });

  it('a colleague at the same computer does not find my words', () => {
    const { box } = world();
    ownShelf(box, 'u1.').setItem(
      'opora.draft.7.reply',
      JSON.stringify({ draft: draft('mine'), at: 1, synced: false }),
    );
    expect(recoverDraft(7, 'reply', null, ownShelf(box, 'u1.')).draft?.body_html).toBe('mine');
    expect(recoverDraft(7, 'reply', null, ownShelf(box, 'u2.')).draft).toBeNull();
  });

  it('what gave way to a newer text is offered', () => {
    const { keeper, box } = world();
    keeper.edit(draft('typed offline'));
    const newer = { ...draft('from another device'), updated_at: new Date(9_000).toISOString() };
    expect(recoverDraft(7, 'reply', newer, box).other?.body_html).toBe('typed offline');
    const same = { ...draft('typed offline'), updated_at: new Date(9_000).toISOString() };
    expect(recoverDraft(7, 'reply', same, box).other).toBeNull();
  });

  it('what was kept after the ticket was read is the newer one, saved or not', async () => {
    const { keeper, box, pass } = world();
    keeper.edit(draft('before the screen broke down'));
    await pass(800);
    expect(recoverDraft(7, 'reply', null, box, 1_500).draft?.body_html).toBe('before the screen broke down');
    const older = { ...draft('older'), updated_at: new Date(900).toISOString() };
    expect(recoverDraft(7, 'reply', older, box, 1_500).draft?.body_html).toBe('before the screen broke down');
    expect(recoverDraft(7, 'reply', null, box, 2_000).draft).toBeNull();
  });

  it('a broken record on the device harms nothing', () => {
    const { box } = world();
    box.setItem('opora.draft.7.reply', '{');
    expect(recoverDraft(7, 'reply', null, box).draft).toBeNull();
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
    expect(recoverDraft(7, 'reply', state.theirs, box).draft?.body_html).toBe('theirs');
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

  it("whose answers were lost is known again as one's own", async () => {
    const { keeper, saved, state, clashes, pass } = world();
    state.lossy = true;
    keeper.edit(draft('m'));
    await pass(800);
    state.lossy = false;
    state.down = true;
    keeper.edit(draft('mi'));
    await pass(800);
    state.down = false;
    keeper.edit(draft('mine'));
    await pass(800);
    expect([saved, clashes]).toEqual([['m', 'mine'], []]);
  });

  it('that was put aside waits until somebody decides', () => {
    const { box } = world();
    keepOther(7, 'reply', draft('aside'), box);
    keepOther(7, 'note', null, box);
    expect(keptOther(7, 'reply', box)?.body_html).toBe('aside');
    keepOther(7, 'reply', null, box);
    expect(keptOther(7, 'reply', box)).toBeNull();
  });
});

describe('a composer that is left open', () => {
  const elsewhere = (body_html: string, at: number) => ({
    ...draft(body_html),
    updated_at: new Date(at).toISOString(),
  });

  async function open() {
    const all = world();
    all.keeper.edit(draft('here'));
    await all.pass(800);
    return all;
  }

  it('does not write over what was written elsewhere since: it is offered', async () => {
    const { keeper, state, clashes, pass } = await open();
    state.theirs = elsewhere('on the telephone', 2_000);
    await pass(5_000);
    keeper.edit(draft('here again'));
    await pass(800);
    expect(clashes.map(({ shown, other }) => [shown.body_html, other.body_html])).toEqual([
      ['here again', 'on the telephone'],
    ]);
  });

  it('does not throw away what was written elsewhere since', async () => {
    const { keeper, state, others } = await open();
    state.theirs = elsewhere('on the telephone', 2_000);
    await keeper.clear(true);
    expect([state.theirs?.body_html, others]).toEqual(['on the telephone', ['on the telephone']]);
  });

  it('keeps what is typed while the text before it is being thrown away', async () => {
    const { keeper, saved, box, pass } = await open();
    const cleared = keeper.clear(true);
    keeper.edit(draft('the next one'));
    await cleared;
    expect(recoverDraft(7, 'reply', null, box).draft?.body_html).toBe('the next one');
    await pass(800);
    expect(saved.at(-1)).toBe('the next one');
  });

  it('hands in its last words when it is closed during a save', async () => {
    const { keeper, saved, state, pass, settle } = world();
    let go = () => {};
    state.gate = new Promise((opened) => (go = opened));
    keeper.edit(draft('first'));
    await pass(800);
    keeper.edit(draft('first and last'));
    keeper.close();
    go();
    await settle();
    await settle();
    expect(saved).toEqual(['first', 'first and last']);
  });
});

describe('words written after a text was sent', () => {
  const sent = '<p>Hello</p><p>It left.</p><p>Yours</p>';
  it('are what came to a line, or the lines that came', () => {
    expect(laterWords(sent, '<p>Hello</p><p>It left. And <b>this</b></p><p>Yours</p>')).toBe(
      '<p>And <b>this</b></p>',
    );
    expect(laterWords(sent, '<p>Hello</p><p>It left.</p><p>More</p><p>Yours</p>')).toBe('<p>More</p>');
    expect(laterWords(sent, '<p>Hello</p><p>It really left.</p><p>Yours</p>')).toBe('<p>really</p>');
    expect(laterWords('', '<p>All of it</p>')).toBe('<p>All of it</p>');
  });
  it('are all of a line that was rewritten', () => {
    expect(laterWords(sent, '<p>Hello</p><p>It stays.</p><p>Yours</p>')).toBe('<p>It stays.</p>');
  });
  it('are none when nothing came or something went', () => {
    expect(laterWords(sent, sent)).toBe('');
    expect(laterWords(sent, '<p>Hello</p><p>Yours</p>')).toBe('');
    expect(laterWords(sent, '<p>Hello</p><p>It left.</p><p></p><p>Yours</p>')).toBe('');
  });
  it('stand where one writes, with the caret behind them', () => {
    const frame = '<p>Hello</p><p></p><p>Yours</p>';
    const framedWords = { html: '<p>Hello</p><p>More</p><p>Yours</p>', blocksBeforeCaret: 2 };
    expect(framed(frame, '<p>More</p>')).toEqual(framedWords);
    expect(framed('', '<p>More</p>')).toEqual({ html: '<p>More</p>', blocksBeforeCaret: 1 });
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
