/** Conditions on time as a form shows them: a mode in words, and a day or a length. */
import type { Comparison, Term } from '../api/types';

export const whenModes = ['on', 'after', 'since', 'before', 'until', 'within', 'older'] as const;
export const lengthModes = ['longer', 'shorter'] as const;
export type TimeMode = (typeof whenModes)[number] | (typeof lengthModes)[number];
export const units = ['m', 'h', 'd', 'w'] as const;
export type Unit = (typeof units)[number];

const signs: Record<TimeMode, Comparison | null> = {
  on: null,
  after: '>',
  since: '>=',
  before: '<',
  until: '<=',
  within: null,
  older: '>',
  longer: '>',
  shorter: '<',
};

export const takesLength = (mode: TimeMode) => ['within', 'older', 'longer', 'shorter'].includes(mode);

export function lengthOf(value: string | undefined): { count: number; unit: Unit } | null {
  const found = /^(\d+)([mhdw])$/.exec(value ?? '');
  return found ? { count: Number(found[1]), unit: found[2] as Unit } : null;
}

/** In which words the form says a condition. */
export function modeOf({ key, values, comparison }: Term, kind: 'when' | 'length'): TimeMode {
  const shorter = comparison === '<' || comparison === '<=';
  // Without a sign something is due within so long, and somebody waits at least so long.
  if (kind === 'length') return shorter || (key === 'due' && !comparison) ? 'shorter' : 'longer';
  if (lengthOf(values[0])) return comparison && !shorter ? 'older' : 'within';
  return whenModes.find((mode) => !takesLength(mode) && signs[mode] === (comparison ?? null)) ?? 'on';
}

/** The condition said in another mode; a value that does not fit it starts anew. */
export function inMode(term: Term, mode: TimeMode): Term {
  const fits = (lengthOf(term.values[0]) !== null) === takesLength(mode);
  const values = fits ? term.values : takesLength(mode) ? ['1d'] : [];
  return { ...term, comparison: signs[mode], values };
}
