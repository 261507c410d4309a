/** Rows in groups: what belongs together, and which group stands first. */
import type { Group, TicketRow } from '../api/types';
import { priorities, statuses } from '../conversation/words';
import { zone } from '../format/zone.svelte';
import { fieldValue } from '../later/zoned';

export interface Grouped {
  rows: TicketRow[];
  groups: { key: string; count: number }[];
}

const none = '';

/** What a row's group is called inside; `day` looks at the time the list is ordered by. */
export function groupKey(row: TicketRow, group: Group, sort: string): string {
  switch (group) {
    case 'status':
    case 'priority':
      return row[group];
    case 'assignee':
      return row.assignee_id === null ? none : String(row.assignee_id);
    case 'team':
      return row.team_id === null ? none : String(row.team_id);
    case 'inbox':
      return String(row.inbox_id);
    case 'organization':
      return row.contact.organization ? String(row.contact.organization.id) : none;
    case 'day':
      return dayOf(sort.endsWith('created') ? row.created_at : row.updated_at);
    default:
      return none;
  }
}

/** The day it was where the reader lives. */
function dayOf(iso: string): string {
  return fieldValue(Date.parse(iso), zone.current).slice(0, 10);
}

/** Statuses and priorities in their own order, days as they come, names by the alphabet and nobody last. */
export function grouped(
  rows: TicketRow[],
  group: Group,
  sort: string,
  label: (key: string) => string,
): Grouped {
  if (group === 'none') return { rows, groups: [] };
  const piles = new Map<string, TicketRow[]>();
  for (const row of rows) {
    const key = groupKey(row, group, sort);
    const pile = piles.get(key);
    if (pile) pile.push(row);
    else piles.set(key, [row]);
  }
  const keys = [...piles.keys()];
  const rank: readonly string[] =
    group === 'status' ? statuses : group === 'priority' ? [...priorities].reverse() : [];
  if (rank.length > 0) keys.sort((a, b) => rank.indexOf(a) - rank.indexOf(b));
  else if (group !== 'day') {
    const names = new Map(keys.map((key) => [key, label(key)]));
    keys.sort((a, b) =>
      a === none ? 1 : b === none ? -1 : (names.get(a) ?? '').localeCompare(names.get(b) ?? ''),
    );
  }
  const ordered = keys.flatMap((key) => piles.get(key) ?? []);
  return { rows: ordered, groups: keys.map((key) => ({ key, count: piles.get(key)?.length ?? 0 })) };
}
