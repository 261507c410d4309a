import { describe, expect, it, vi } from 'vitest';
import { ApiError } from '../api/error';
import { brokenOf } from './broken';
import { byteToIndex, indexToByte } from './bytes';
import { narrowed, taken } from './completion';
import { Suggestions } from './suggestions.svelte';
import { inMode, modeOf } from './times';

const refusal = (at: number) => new ApiError(400, 'bad_query', 'Кавычка не закрыта.', { at });

describe('places in a query', () => {
  it('are the same in bytes and in the browser’s units, with Cyrillic and emoji before them', () => {
    const text = 'ящик 📦 status:opne';
    for (const part of ['ящ', '📦', 'status', 'opne']) {
      const index = text.indexOf(part);
      const bytes = new TextEncoder().encode(text.slice(0, index)).length;
      expect(indexToByte(text, index)).toBe(bytes);
      expect(byteToIndex(text, bytes)).toBe(index);
    }
  });

  it('inside a sign or beyond the end stay within the text', () => {
    expect(byteToIndex('я', 1)).toBe(0);
    expect(byteToIndex('ab', 99)).toBe(2);
  });
});

describe('a broken query', () => {
  it('points at the piece that is wrong', () => {
    const text = 'посылка kolor:red tag:x';
    const at = new TextEncoder().encode('посылка ').length;
    const broken = brokenOf(refusal(at), text);
    expect(broken && text.slice(broken.from, broken.to)).toBe('kolor:red');
    expect(broken?.why).toBe('Кавычка не закрыта.');
  });

  it('that breaks off points at its end', () => {
    expect(brokenOf(refusal(7), 'status:')).toMatchObject({ from: 7, to: 7 });
  });

  it('is not what a lost connection means', () => {
    expect(brokenOf(new ApiError(0, 'offline', ''), 'x')).toBeNull();
  });
});

describe('a completion', () => {
  const offer = (insert: string, kind: 'key' | 'value') => ({ insert, label: insert, detail: '', kind });

  it('replaces the piece it was offered for, counted in bytes', () => {
    const result = taken('тег st посылка', { from: 7, to: 9, items: [] }, offer('status:', 'key'));
    expect(result).toEqual({ text: 'тег status: посылка', caret: 'тег status:'.length });
  });

  it('of a value leaves room for the next condition', () => {
    const result = taken('is:o', { from: 3, to: 4, items: [] }, offer('open', 'value'));
    expect(result).toEqual({ text: 'is:open ', caret: 8 });
  });

  it('that was offered for a shorter text is taken right in the longer one, or not at all', () => {
    const answer = { from: 4, to: 4, items: [offer('вход', 'value'), offer('доставка', 'value')] };
    const rest = narrowed(answer, 'tag: слово', 'tag:до слово');
    expect(rest.items.map((one) => one.insert)).toEqual(['доставка']);
    expect(taken('tag:до слово', rest, rest.items[0]!).text).toBe('tag:доставка слово');
    expect(narrowed(answer, 'tag: слово', 'tag слово').items).toEqual([]);
    expect(narrowed(answer, 'tag: слово', 'tag: слово ещё').items).toEqual([]);
  });

  it('that comes late is dropped', async () => {
    vi.useFakeTimers();
    const answers: ((text: string) => void)[] = [];
    vi.stubGlobal('fetch', (url: string) => {
      const insert = new URL(url, 'http://x').searchParams.get('q') ?? '';
      const items = [offer(insert, 'key')];
      return new Promise((done) =>
        answers.push(() => done(new Response(JSON.stringify({ from: 0, to: 1, items })))),
      );
    });
    const suggestions = new Suggestions();
    suggestions.ask('s', 1);
    await vi.advanceTimersByTimeAsync(200);
    suggestions.ask('st', 2);
    await vi.advanceTimersByTimeAsync(200);
    answers[1]?.('');
    await vi.advanceTimersByTimeAsync(1);
    answers[0]?.('');
    await vi.advanceTimersByTimeAsync(1);
    expect(suggestions.answer.items.map((one) => one.insert)).toEqual(['st']);
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
});

describe('a condition on time', () => {
  const term = (value: string, comparison: '<' | '>' | null) => ({
    key: 'created',
    values: [value],
    negated: false,
    comparison,
  });

  it('is said in words and comes back the same', () => {
    expect(modeOf(term('2026-01-31', '>'), 'when')).toBe('after');
    expect(modeOf(term('2d', null), 'when')).toBe('within');
    expect(modeOf(term('2d', '>'), 'when')).toBe('older');
    expect(modeOf(term('4h', null), 'length')).toBe('longer');
    expect(modeOf({ ...term('4h', null), key: 'due' }, 'length'), 'within four hours').toBe('shorter');
    expect(modeOf({ ...term('4h', '>'), key: 'due' }, 'length')).toBe('longer');
    expect(inMode(term('2026-01-31', '>'), 'before')).toEqual(term('2026-01-31', '<'));
  });

  it('takes no day for a length', () => {
    expect(inMode(term('2026-01-31', '>'), 'within').values).toEqual(['1d']);
    expect(inMode(term('2d', null), 'after').values).toEqual([]);
  });
});
