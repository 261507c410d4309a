import { describe, expect, it } from 'vitest';
import { longest, readLength, writeLength } from './lengths';

const hour = 3600;
const day = 24 * hour;

describe('a length as it is typed', () => {
  it.each([
    ['8 ч', 8 * hour],
    ['8ч', 8 * hour],
    ['8 часов', 8 * hour],
    ['15 мин', 900],
    ['15 минут', 900],
    ['15 мин.', 900],
    ['2:40', 2 * hour + 40 * 60],
    ['0:02:40', 160],
    ['2 мин 40 с', 160],
    ['2 мин. 40 сек.', 160],
    ['2 минуты и 40 секунд', 160],
    ['1 д', day],
    ['1 день', day],
    ['2 недели', 14 * day],
    ['8 h', 8 * hour],
    ['8H', 8 * hour],
    ['15 min', 900],
    ['1 d', day],
    ['1h30m', 1.5 * hour],
    ['1 hour and 30 minutes', 1.5 * hour],
    ['1,5 ч', 1.5 * hour],
    ['1.5h', 1.5 * hour],
    ['5 с', 5],
    ['5s', 5],
    ['8', 8 * hour],
    ['0,5', 1800],
    ['  90   мин ', 90 * 60],
    ['1 д 4 ч', 28 * hour],
  ])('%s', (typed, seconds) => expect(readLength(typed)).toBe(seconds));

  it.each(['', '  ', '-', '—'])('"%s" promises nothing', (typed) => expect(readLength(typed)).toBeNull());

  it.each([
    'soon',
    '5 попугаев',
    '2:75',
    '0',
    '0 ч',
    '-5 ч',
    '8 ч и',
    '1:2:3:4',
    '99999999999 ч',
    'ч',
    '400 д',
  ])('"%s" is not understood rather than guessed', (typed) => expect(readLength(typed)).toBeUndefined());

  it('knows a working day from a day of the wall clock', () => {
    expect(readLength('1 д', 8)).toBe(8 * hour);
    expect(readLength('1 нед', 8)).toBe(40 * hour);
    expect(readLength('8 ч', 8)).toBe(8 * hour);
  });
});

describe('a length as it is shown', () => {
  it('is written in the reader’s language', () => {
    expect(writeLength(160, 'ru')).toBe('2 мин 40 с');
    expect(writeLength(8 * hour, 'en')).toBe('8 h');
    expect(writeLength(8 * hour, 'en', 8)).toBe('1 d');
    expect(writeLength(null, 'ru')).toBe('');
  });

  it('reads back as what it was, whatever it was', () => {
    let seed = 1;
    for (let n = 0; n < 500; n++) {
      seed = (seed * 48_271) % 2_147_483_647;
      const seconds = (seed % longest) + 1;
      for (const language of ['ru', 'en'] as const)
        for (const dayHours of [8, 24])
          expect(readLength(writeLength(seconds, language, dayHours), dayHours)).toBe(seconds);
    }
  });
});
