/** A policy while it is edited: lengths as they are typed, and what is still wrong with them. Pure. */
import type { Locale, Priority, PolicyMetric, SlaPolicy, SlaPolicyForm } from '../../api/types';
import { metrics } from '../../sla/words';
import { readLength, workingDay, writeLength } from './lengths';

export const priorities: Priority[] = ['low', 'normal', 'high', 'urgent'];

export type Typed = Record<PolicyMetric, Record<Priority, string>>;

export interface Draft extends Omit<SlaPolicyForm, 'targets' | 'version'> {
  typed: Typed;
}

export const usual: SlaPolicyForm = {
  name: '',
  active: true,
  filter: '',
  calendar_id: null,
  targets: {},
  pauses: ['waiting', 'on_hold'],
  warn_percent: 75,
  escalation: { tell_leads: false, priority: null, team_id: null },
};

export const dayOf = ({ calendar_id }: Pick<SlaPolicyForm, 'calendar_id'>): number =>
  calendar_id === null ? 24 : workingDay;

const forEach = <Key extends string, T>(keys: readonly Key[], of: (key: Key) => T): Record<Key, T> =>
  Object.fromEntries(keys.map((key) => [key, of(key)])) as Record<Key, T>;

export function draftOf(policy: SlaPolicyForm | SlaPolicy, language: Locale): Draft {
  const { name, active, filter, calendar_id, pauses, warn_percent, escalation } = policy;
  const typed = forEach(metrics, (metric) =>
    forEach(priorities, (priority) =>
      writeLength(policy.targets[metric]?.[priority], language, dayOf(policy)),
    ),
  );
  return {
    ...{ name, active, filter, calendar_id, warn_percent, typed },
    pauses: [...pauses],
    escalation: { ...escalation },
  };
}

/** Those that cannot be understood. */
export function misread(draft: Draft): { metric: PolicyMetric; priority: Priority }[] {
  return metrics.flatMap((metric) =>
    priorities
      .filter((priority) => readLength(draft.typed[metric][priority], dayOf(draft)) === undefined)
      .map((priority) => ({ metric, priority })),
  );
}

/** As the server takes it; a metric that promises nothing is left out. */
export function formOf({ typed, ...draft }: Draft, version?: number): SlaPolicyForm {
  const day = dayOf(draft);
  const targets = Object.fromEntries(
    metrics
      .map((metric) => {
        const row = forEach(priorities, (priority) => readLength(typed[metric][priority], day) ?? null);
        return [metric, row] as const;
      })
      .filter(([, row]) => priorities.some((priority) => row[priority] !== null)),
  );
  return {
    ...draft,
    name: draft.name.trim(),
    filter: draft.filter.trim(),
    targets,
    ...(version !== undefined && { version }),
  };
}

/** The first length of a row goes to all its priorities. */
export function spread(row: Record<Priority, string>): Record<Priority, string> {
  const first = [row.normal, row.low, row.high, row.urgent].find((text) => text.trim() !== '') ?? '';
  return forEach(priorities, () => first);
}
