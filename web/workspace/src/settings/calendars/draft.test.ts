import { describe, expect, it } from 'vitest';
import {
  draftOf,
  hoursText,
  kindOf,
  monthsOf,
  nudge,
  officeWeek,
  overnight,
  readTime,
  specOf,
  weekText,
  weekdayOf,
  type Draft,
} from './draft';

const draft = (days: Draft['days'] = {}): Draft => ({
  name: 'x',
  time_zone: 'Europe/Moscow',
  week: officeWeek(),
  days,
});

describe('a calendar being edited', () => {
  it('goes back to the server as it came, named days as objects and nameless ones as hours', () => {
    const spec = {
      time_zone: 'UTC',
      week: officeWeek(),
      days: {
        '2026-05-01': { name: 'Day', hours: [] },
        '2026-04-30': [['09:00', '17:00']] as [string, string][],
      },
    };
    expect(specOf(draftOf('x', spec))).toEqual(spec);
    expect(Object.keys(specOf(draftOf('x', spec)).days)).toEqual(['2026-04-30', '2026-05-01']);
  });

  it('does not share its hours with what it was made from', () => {
    const spec = { time_zone: 'UTC', week: officeWeek(), days: {} };
    draftOf('x', spec).week.mon[0]![0] = '07:00';
    expect(spec.week.mon).toEqual([['09:00', '18:00']]);
  });

  it('tells how a day stands to its week', () => {
    const hours = (text: string): [string, string][] => [text.split('-') as [string, string]];
    const kinds = kindOf.bind(
      null,
      draft({
        '2026-05-01': { name: '', hours: [] },
        '2026-04-30': { name: '', hours: hours('09:00-17:00') },
        '2026-05-02': { name: '', hours: hours('10:00-12:00') },
        '2026-04-29': { name: '', hours: hours('08:00-20:00') },
        '2026-04-28': { name: 'Feast', hours: hours('09:00-18:00') },
      }),
    );
    expect(['01', '02', '03', '04'].map((day) => kinds(`2026-05-${day}`))).toEqual([
      'off',
      'moved',
      'weekend',
      'usual',
    ]);
    expect(['28', '29', '30'].map((day) => kinds(`2026-04-${day}`))).toEqual(['usual', 'other', 'short']);
  });

  it('reads times the way people type them', () => {
    const typed = ['9', '930', '0930', '9.30', ' 9:30 ', '24', '24:00', '25', '9:60', 'noon', ''];
    expect(typed.map(readTime)).toEqual([
      ...['09:00', '09:30', '09:30', '09:30', '09:30', '24:00', '24:00'],
      ...['25', '9:60', 'noon', ''],
    ]);
  });

  it('moves a time to the next quarter and stays within the day', () => {
    expect([nudge('09:00', 1, 1440), nudge('09:10', 1, 1440), nudge('09:10', -1, 1440)]).toEqual([
      ...['09:15', '09:15', '09:00'],
    ]);
    expect([nudge('00:05', -1, 1440), nudge('23:50', 1, 1440), nudge('23:50', 1, 1425)]).toEqual([
      ...['00:00', '24:00', '23:45'],
    ]);
  });

  it('knows a night shift', () => {
    expect(overnight(['22:00', '06:00'])).toBe(true);
    expect(overnight(['09:00', '09:00'])).toBe(true);
    expect(overnight(['09:00', '24:00'])).toBe(false);
  });

  it('says a week in few words', () => {
    const week = officeWeek();
    week.sat = [
      ['10:00', '13:00'],
      ['14:00', '16:00'],
    ];
    expect(weekText(week, (day) => day, 'closed')).toBe('mon–fri 09:00–18:00; sat 10:00–13:00, 14:00–16:00');
    expect(
      weekText({ ...week, mon: [], tue: [], wed: [], thu: [], fri: [], sat: [] }, (day) => day, 'closed'),
    ).toBe('closed');
    expect(hoursText(week.sat)).toBe('10:00–13:00, 14:00–16:00');
  });

  it('lays out a year by civil dates, whatever the zone of the browser', () => {
    const months = monthsOf(2028);
    expect(months[1]).toMatchObject({ before: 1 });
    expect(months[1]?.dates.at(-1)).toBe('2028-02-29');
    expect(months.flatMap((month) => month.dates)).toHaveLength(366);
    expect(weekdayOf('2026-05-01')).toBe('fri');
  });
});
