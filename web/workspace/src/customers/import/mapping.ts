/** Which column of a file becomes what. Pure. */
import type { AddressKind, ColumnTarget, Field, Mapping } from '../../api/types';

const addressTargets: readonly AddressKind[] = [
  'mail',
  'phone',
  'telegram',
  'whatsapp',
  'viber',
  'vk',
  'other',
];
export const plainTargets = ['name', 'organization', 'notes', ...addressTargets] as const;
export type MappingProblem =
  { code: 'nobody' } | { code: 'twice'; target: string; columns: [string, string] };

/** What stands in the way of importing; several addresses of one person are fine, two names are not. */
export function mappingProblem(columns: readonly string[], mapping: Mapping): MappingProblem | null {
  const taken = new Map<string, string>();
  for (const column of columns) {
    const target = mapping[column] ?? null;
    if (target === null) continue;
    const before = taken.get(target);
    if (before !== undefined && !addressTargets.some((kind) => kind === target))
      return { code: 'twice', target, columns: [before, column] };
    taken.set(target, column);
  }
  return taken.has('mail') || taken.has('phone') || taken.has('name') ? null : { code: 'nobody' };
}

/** Only what the server asked about: its columns, and targets that exist. */
export function startMapping(columns: readonly string[], guess: Mapping, fields: readonly Field[]): Mapping {
  const known = new Set<ColumnTarget>([
    ...plainTargets,
    ...fields.map((field) => `field:${field.key}` as const),
  ]);
  return Object.fromEntries(
    columns.map((column) => {
      const target = guess[column] ?? null;
      return [column, known.has(target) ? target : null];
    }),
  );
}

/** From 0 to 1. */
export function doneShare(one: {
  total: number;
  created: number;
  updated: number;
  skipped: number;
  bad: number;
}): number {
  if (one.total <= 0) return 0;
  return Math.min(1, (one.created + one.updated + one.skipped + one.bad) / one.total);
}
