import { describe, expect, it } from 'vitest';
import { dateOf, daysFrom, laid, laneCount, later, localOf, momentAt, mondayOf, placeOf } from './week';

const moscow = 'Europe/Moscow';
const at = (text: string) => Date.parse(text);
const item = (from: string, until: string) => ({ starts_at: from, ends_at: until });

describe('the roster by the clock of a zone', () => {
  it('a night in Moscow is the next day in Vladivostok', () => {
    const night = at('2026-11-22T20:00:00Z');
    expect(dateOf(night, moscow)).toBe('2026-11-22');
    expect(dateOf(night, 'Asia/Vladivostok')).toBe('2026-11-23');
  });

  it('weeks begin on Monday, also over the end of a year', () => {
    expect(mondayOf('2026-11-29')).toBe('2026-11-23');
    expect(mondayOf('2026-11-23')).toBe('2026-11-23');
    expect(later('2026-12-28', 7)).toBe('2027-01-04');
  });

  it('a day with a change of clocks is as wide as the others, and noon is not its middle', () => {
    const days = daysFrom('2026-03-23', 7, 'Europe/Berlin');
    expect(days[6]!.until - days[6]!.from).toBe(23 * 3_600_000);
    expect(placeOf(at('2026-03-29T00:00:00+01:00'), days)).toBe(6);
    expect(placeOf(at('2026-03-29T12:00:00+02:00'), days)).toBeCloseTo(6 + 11 / 23);
    expect(placeOf(at('2026-03-30T00:00:00+02:00'), days)).toBe(7);
    expect(momentAt(6 + 11 / 23, days)).toBe(at('2026-03-29T12:00:00+02:00'));
  });

  it('bars that touch share a lane, bars that meet do not, and those outside are left out', () => {
    const days = daysFrom('2026-11-23', 7, moscow);
    const placed = laid(
      [
        item('2026-11-23T00:00:00+03:00', '2026-11-25T00:00:00+03:00'),
        item('2026-11-25T00:00:00+03:00', '2026-11-26T00:00:00+03:00'),
        item('2026-11-24T10:00:00+03:00', '2026-11-24T19:00:00+03:00'),
        item('2026-11-20T10:00:00+03:00', '2026-11-20T19:00:00+03:00'),
        item('2026-11-29T22:00:00+03:00', '2026-11-30T06:00:00+03:00'),
      ],
      days,
    );
    expect(placed.map(({ lane }) => lane)).toEqual([0, 1, 0, 0]);
    expect(laneCount(placed)).toBe(2);
    const night = placed.at(-1)!;
    expect(night.left + night.width).toBeCloseTo(1);
  });

  it('a span becomes what a form says and midnight is the end of a day', () => {
    const say = (from: string, until: string) => localOf(at(from), at(until), moscow);
    expect(say('2026-11-23T10:00:00+03:00', '2026-11-23T19:00:00+03:00')).toEqual(
      { date: '2026-11-23', from: '10:00', to: '19:00', days: 0 },
    ); // prettier-ignore
    expect(say('2026-11-23T22:00:00+03:00', '2026-11-24T06:00:00+03:00')).toEqual(
      { date: '2026-11-23', from: '22:00', to: '06:00', days: 0 },
    ); // prettier-ignore
    expect(say('2026-11-23T00:00:00+03:00', '2026-11-30T00:00:00+03:00')).toEqual(
      { date: '2026-11-23', from: '00:00', to: '24:00', days: 6 },
    ); // prettier-ignore
  });
});
