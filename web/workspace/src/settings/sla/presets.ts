/** Policies to begin with: what customers expect of each channel [S8.11], the support plans [S2.1], the second line [S7.1]. */
import type { PolicyMetric, SlaPolicyForm, SlaTarget } from '../../api/types';
import { usual } from './draft';

const minute = 60;
const hour = 60 * minute;

const always = (seconds: number): SlaTarget => ({
  low: seconds,
  normal: seconds,
  high: seconds,
  urgent: seconds,
});
const promise = (
  filter: string,
  targets: Partial<Record<PolicyMetric, SlaTarget>>,
  more: Partial<SlaPolicyForm> = {},
): SlaPolicyForm => ({ ...usual, filter, targets, ...more });

const answers = (seconds: number) => ({
  first_response: always(seconds),
  next_response: always(seconds),
});

export const presetNames = ['mail', 'chat', 'social', 'phone', 'premium', 'standard', 'tier2'] as const;
export type PresetName = (typeof presetNames)[number];

/** Those for some tickets stand before the one for all others: the first that fits decides. */
export const presets: Record<PresetName, SlaPolicyForm> = {
  mail: promise('channel:mail', { first_response: always(hour) }),
  chat: promise('channel:chat', { first_response: always(2 * minute + 40) }),
  social: promise('channel:telegram,vk,whatsapp,max', { first_response: always(hour) }),
  phone: promise('channel:phone', { first_response: always(5 * minute) }),
  premium: promise('tag:premium', answers(4 * hour)),
  standard: promise('', answers(8 * hour)),
  tier2: promise(
    'team:"Tier 2"',
    { pick_up: always(hour) },
    { escalation: { tell_leads: true, priority: null, team_id: null } },
  ),
};

/** The second line under the name it has here. */
export function presetFor(name: PresetName, teams: readonly { name: string }[]): SlaPolicyForm {
  const form = structuredClone(presets[name]);
  if (name !== 'tier2') return form;
  const second = teams.find((team) =>
    /tier[\s-]?2|\bl2\b|2[\s-]?(nd|я|ая)?[\s-]?(line|линия)|втор/i.test(team.name),
  );
  return { ...form, filter: second ? `team:"${second.name}"` : '' };
}
