import { describe, expect, it } from 'vitest';
import type { Template } from '../api/types';
import { languageOf } from './language';
import { fitted } from './pictures';
import { found, inLine } from './templates';
import { walked } from './pickers/walk';

it('a picture keeps its shape when it is made to fit, and its size when it fits', () => {
  expect(fitted(4000, 3000)).toEqual({ width: 2000, height: 1500 });
  expect(fitted(100, 9000)).toEqual({ width: 22, height: 2000 });
  expect(fitted(30_000, 1)).toEqual({ width: 2000, height: 1 });
  expect(fitted(2000, 2000)).toBeNull();
});

describe('the language of what is written', () => {
  it('follows the letters, a few foreign names notwithstanding', () => {
    expect(languageOf('Здравствуйте! Проверьте Chrome и Firefox')).toBe('ru');
    expect(languageOf('Please look at the parcel')).toBe('en');
  });
  it('is not guessed from a word or two', () => {
    expect(languageOf('ok')).toBeNull();
    expect(languageOf('12345 67890 !!!')).toBeNull();
  });
});

describe('templates', () => {
  const template = (id: number, shortcut: string) => ({ id, shortcut }) as Template;
  it('whose shortcut is meant come first', () => {
    const all = [template(1, ''), template(2, 'refund'), template(3, 're')];
    expect(found(all, 're').map((one) => one.id)).toEqual([3, 2, 1]);
    expect(found(all, '').map((one) => one.id)).toEqual([1, 2, 3]);
  });
  it('of one paragraph go into the line', () => {
    expect(inLine('<p>a <b>b</b></p>')).toBe('a <b>b</b>');
    expect(inLine('<p>a</p><p>b</p>')).toBe('<p>a</p><p>b</p>');
    expect(inLine('<pre>a</pre>')).toBe('<pre>a</pre>');
  });
});

it('arrows walk a list round, and other keys do not', () => {
  expect(walked('ArrowDown', 2, 3)).toBe(0);
  expect(walked('ArrowUp', 0, 3)).toBe(2);
  expect(walked('KeyA', 0, 3)).toBeNull();
  expect(walked('ArrowDown', 0, 0)).toBeNull();
});
