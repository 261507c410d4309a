import { describe, expect, it } from 'vitest';
import type { RouteForm } from '../../api/types';
import { draftOf, formOf, readSkills, usual } from './draft';

describe('a route while it is edited', () => {
  it('comes out as it went in', () => {
    const route: RouteForm = {
      ...usual,
      ...{ name: 'Mail', filter: 'channel:mail', class_id: 3, team_id: 2, mode: 'round_robin' },
      ...{ by_roster: true, skills: ['english', '1с'], prefer: ['last'], return_minutes: 15 },
    };
    expect(formOf(draftOf(route))).toEqual(route);
    expect(formOf(draftOf(usual), 4)).toEqual({ ...usual, version: 4 });
  });

  it('keeps tickets where they are when the minutes were emptied', () => {
    const emptied = { ...draftOf(usual), return_minutes: undefined as unknown as null };
    expect(formOf(emptied).return_minutes).toBeNull();
  });

  it('reads skills as they are typed, each once', () => {
    expect(readSkills(' English,  1С ; english,, сервер  баз\n')).toEqual(['english', '1с', 'сервер баз']);
    expect(readSkills('  ')).toEqual([]);
  });
});
