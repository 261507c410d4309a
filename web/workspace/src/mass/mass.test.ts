import { describe, expect, it } from 'vitest';
import type { MassAction } from '../api/types';
import { setLocale } from '../i18n/index.svelte';
import { isBusy, newer, part, undoLeft } from './progress';
import { paragraphs } from './text';
import { changeText, stateText } from './words';

const now = Date.parse('2026-11-22T12:00:00.000Z');
const job = (more: Partial<MassAction> = {}): MassAction => ({
  id: 1,
  state: 'running',
  total: 200,
  done: 0,
  failed: 0,
  skipped: 0,
  undo_until: null,
  created_at: '2026-11-22T11:59:00.000Z',
  action: { status: 'solved' },
  ...more,
});

describe('a mass action', () => {
  it('comes forward with every ticket it has been through, changed or not', () => {
    expect(part(job({ done: 40, skipped: 50, failed: 10 }))).toBe(0.5);
    expect(part(job({ state: 'undoing', done: 150 }))).toBe(0.25);
    expect(part(job({ total: 0 }))).toBe(1);
  });

  it('can be taken back as long as its minute lasts, and not while it runs', () => {
    const done = job({ state: 'done', undo_until: '2026-11-22T12:00:30.500Z' });
    expect(undoLeft(done, now)).toBe(31);
    expect(undoLeft(done, now + 60_000)).toBe(0);
    expect(undoLeft({ ...done, state: 'undoing' }, now)).toBe(0);
    expect(isBusy(done)).toBe(false);
  });

  it('never goes back when old news comes late', () => {
    const far = job({ done: 100 });
    expect(newer(far, job({ done: 20 }))).toBe(far);
    const over = job({ state: 'done', done: 200 });
    expect(newer(over, job({ done: 199 }))).toBe(over);
    expect(newer(far, over)).toBe(over);
    const back = job({ state: 'undoing', done: 120 });
    expect(newer(over, back)).toBe(back);
    expect(newer(back, job({ state: 'undoing', done: 90 })).done).toBe(90);
  });

  it('is told in a sentence, with the right form of the number', () => {
    setLocale('ru');
    expect(changeText({ status: 'solved', add_tags: ['vip', 'март'] })).toBe(
      'статус: Решено и добавить метки: vip, март',
    );
    expect(stateText(job({ state: 'done', done: 1 }))).toBe('Изменено 1 обращение');
    expect(stateText(job({ state: 'done', done: 3 }))).toBe('Изменены 3 обращения');
    expect(stateText(job({ state: 'done', done: 12 }))).toBe('Изменено 12 обращений');
    setLocale('en');
    expect(stateText(job({ done: 45 }))).toBe('45 of 200');
  });
});

it('words for many customers keep what looks like markup as words', () => {
  expect(paragraphs('Здравствуйте!\nЭто <b>\n\n1 < 2 & 3')).toBe(
    '<p>Здравствуйте!<br>Это &lt;b&gt;</p><p>1 &lt; 2 &amp; 3</p>',
  );
});
