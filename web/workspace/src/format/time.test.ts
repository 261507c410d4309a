import { describe, expect, it } from 'vitest';
import { ago, fileSize, moment, relative, span } from './time';

const now = new Date(2026, 10, 22, 15, 0).getTime();
const at = (...date: [number, number, number, number, number]) => new Date(...date).toISOString();

describe('times in a list', () => {
  it('are short and in the right language', () => {
    expect(ago(at(2026, 10, 22, 14, 54), now, 'ru')).toBe('6 мин');
    expect(ago(at(2026, 10, 22, 14, 54), now, 'en')).toBe('6 min');
    expect(ago(at(2026, 10, 22, 11, 30), now, 'ru')).toBe('3 ч');
    expect(ago(at(2026, 10, 21, 23, 50), now, 'ru')).toBe('вчера');
    expect(ago(at(2026, 10, 12, 9, 0), now, 'en')).toBe('12 Nov');
    expect(ago(at(2024, 10, 12, 9, 0), now, 'ru')).toMatch(/^12 нояб 2024$/);
    expect(ago(at(2026, 7, 24, 9, 0), now, 'ru')).toBe('24 авг');
  });

  it('of a message carry the day unless it is today', () => {
    expect(moment(at(2026, 10, 22, 9, 5), now, 'ru')).toBe('09:05');
    expect(moment(at(2026, 10, 12, 9, 5), now, 'ru')).toBe('12 нояб, 09:05');
  });

  it('of a fresh message say how long ago, and where the reader lives decides what is today', () => {
    expect(relative(at(2026, 10, 22, 14, 54), now, 'ru')).toBe('6 мин. назад');
    expect(relative(at(2026, 10, 22, 12, 54), now, 'en')).toBe('2 hr. ago');
    const night = '2026-11-22T22:30:00.000Z';
    const later = Date.parse('2026-11-23T07:00:00Z');
    expect(relative(night, later, 'en', 'Europe/Moscow')).toBe('01:30');
    expect(relative(night, later, 'en', 'UTC')).toBe('22 Nov, 22:30');
  });

  it('as spans use their largest unit', () => {
    expect(span(30_000, 'ru')).toBe('1 мин');
    expect(span(5 * 3_600_000, 'en')).toBe('5 h');
    expect(span(3 * 86_400_000, 'ru')).toBe('3 дн');
  });
});

it('sizes of files are written the way the language writes numbers', () => {
  expect(fileSize(219_000, 'ru')).toBe('214 КБ');
  expect(fileSize(2_621_440, 'ru')).toBe('2,5 МБ');
  expect(fileSize(2_621_440, 'en')).toBe('2.5 MB');
});
