/** What can be done to the chosen tickets: for the bar, for the keys and for the palette alike. */
import type { IconName } from '@opora/ui';
import { t } from '../i18n/index.svelte';
import type { Action } from '../keys/bindings';
import { hint } from '../keys/keyboard.svelte';
import { panes, type PaletteMode } from '../shell/panes.svelte';
import { session } from '../state/session.svelte';
import { asking } from './asking.svelte';

export interface Deed {
  id: string;
  icon: IconName;
  label: string;
  hint: string;
  action?: Action;
  /** It has a place in the bar. */
  bar: boolean;
  run: () => void;
}

export function massDeeds(): Deed[] {
  const pick = (mode: PaletteMode) => () => (panes.palette = mode);
  const deeds: [permission: string, deed: Deed][] = [
    ['ticket.edit', { id: 'status', icon: 'dot', label: t('mass.status'), hint: hint('status'), action: 'status', bar: true, run: pick('status') }],
    ['ticket.edit', { id: 'solve', icon: 'check', label: t('mass.solve'), hint: hint('solve_next'), action: 'solve_next', bar: false, run: () => asking.ask({ status: 'solved' }) }],
    ['ticket.assign', { id: 'assign', icon: 'user', label: t('mass.assign'), hint: hint('assign'), action: 'assign', bar: true, run: pick('assign') }],
    ['ticket.assign', { id: 'assign_me', icon: 'user', label: t('mass.assign_me'), hint: hint('assign_me'), action: 'assign_me', bar: false, run: () => asking.ask({ assignee_id: session.me?.id ?? null }) }],
    ['ticket.assign', { id: 'team', icon: 'users', label: t('mass.team'), hint: hint('team'), action: 'team', bar: true, run: pick('team') }],
    ['ticket.edit', { id: 'priority', icon: 'prio-high', label: t('mass.priority'), hint: hint('priority'), action: 'priority', bar: true, run: pick('priority') }],
    ['ticket.edit', { id: 'tag', icon: 'tag', label: t('mass.tags'), hint: hint('tag'), action: 'tag', bar: true, run: pick('tag') }],
    ['ticket.reply', { id: 'reply', icon: 'reply', label: t('mass.reply'), hint: hint('reply'), action: 'reply', bar: true, run: () => asking.ask({}, 'reply') }],
    ['ticket.note', { id: 'note', icon: 'lock', label: t('mass.note'), hint: hint('note'), action: 'note', bar: true, run: () => asking.ask({}, 'note') }],
  ]; // prettier-ignore
  return deeds.filter(([permission]) => session.may(permission)).map(([, deed]) => deed);
}
