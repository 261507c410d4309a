/** A route while it is edited: skills as they are typed, an empty number. Pure. */
import type { RouteForm, RouteMode, TicketRoute } from '../../api/types';

export const modes: RouteMode[] = ['round_robin', 'least_loaded', 'manual'];

export interface Draft extends Omit<RouteForm, 'skills' | 'prefer' | 'version'> {
  skills: string;
  last: boolean;
}

export const usual: RouteForm = {
  name: '',
  active: true,
  filter: '',
  class_id: null,
  team_id: null,
  mode: 'least_loaded',
  by_roster: false,
  skills: [],
  prefer: [],
  return_minutes: null,
};

/** "English,  1С , english": each once, in the order in which they are typed. */
export function readSkills(typed: string): string[] {
  const skills = typed
    .split(/[,;\n]/)
    .map((skill) => skill.trim().replace(/\s+/g, ' ').toLowerCase())
    .filter((skill) => skill !== '');
  return [...new Set(skills)];
}

export function draftOf(route: RouteForm | TicketRoute): Draft {
  const { name, active, filter, class_id, team_id, mode, by_roster, return_minutes } = route;
  return {
    ...{ name, active, filter, class_id, team_id, mode, by_roster, return_minutes },
    skills: route.skills.join(', '),
    last: route.prefer.includes('last'),
  };
}

/** As the server takes it. What a number field that was emptied holds is no number. */
export function formOf({ skills, last, ...draft }: Draft, version?: number): RouteForm {
  return {
    ...draft,
    name: draft.name.trim(),
    filter: draft.filter.trim(),
    return_minutes: draft.return_minutes ?? null,
    skills: readSkills(skills),
    prefer: last ? ['last'] : [],
    ...(version !== undefined && { version }),
  };
}
