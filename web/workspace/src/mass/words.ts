/** Actions on many tickets as sentences. */
import type { MassAction, MassChange } from '../api/types';
import { assigneeName, priorityName, statusName } from '../conversation/words';
import { locale, t } from '../i18n/index.svelte';
import { directory } from '../state/directory.svelte';

/** "status: Solved, with Anna, tags + vip". */
export function changeText(change: MassChange): string {
  const parts: string[] = [];
  if (change.status) parts.push(t('mass.do.status', { value: statusName(change.status) }));
  if (change.assignee_id !== undefined)
    parts.push(t('mass.do.assignee', { name: assigneeName(change.assignee_id) }));
  if (change.team_id !== undefined) {
    const team = change.team_id === null ? t('ticket.no_team') : directory.teamName(change.team_id);
    parts.push(t('mass.do.team', { name: team }));
  }
  if (change.priority) parts.push(t('mass.do.priority', { value: priorityName(change.priority) }));
  const tags = (list: string[] | undefined) => (list ?? []).join(', ');
  if (change.add_tags?.length) parts.push(t('mass.do.add_tags', { tags: tags(change.add_tags) }));
  if (change.remove_tags?.length) parts.push(t('mass.do.remove_tags', { tags: tags(change.remove_tags) }));
  if (change.reply) parts.push(t('mass.do.reply'));
  if (change.note) parts.push(t('mass.do.note'));
  return new Intl.ListFormat(locale.current, { type: 'conjunction' }).format(parts);
}

/** How far it has come, or how it ended. */
export function stateText(job: MassAction): string {
  const { state, done, total, failed, skipped } = job;
  if (state === 'running') return t('mass.running', { done: done + failed + skipped, total });
  if (state === 'undoing') return t('mass.undoing', { left: done });
  if (state === 'undone') return done > 0 ? t('mass.undone_partly', { n: done }) : t('mass.undone');
  if (state === 'cancelled') return t('mass.cancelled', { done, total });
  if (state === 'failed') return t('mass.broken', { done, total });
  return failed > 0 ? t('mass.done_failed', { n: done, failed }) : t('mass.done', { n: done });
}
