/** What stands in a group's heading. */
import type { Group, Priority, Status } from '../api/types';
import { priorityName, statusName } from '../conversation/words';
import { day } from '../format/index.svelte';
import { zone } from '../format/zone.svelte';
import { t } from '../i18n/index.svelte';
import { fieldInstant } from '../later/zoned';
import { directory } from '../state/directory.svelte';
import type { Slot } from './paging';

export function groupLabel(group: Group, key: string, rows: readonly Slot[]): string {
  switch (group) {
    case 'status':
      return statusName(key as Status);
    case 'priority':
      return priorityName(key as Priority);
    case 'assignee':
      return key === '' ? t('assignee.nobody') : directory.agentName(Number(key));
    case 'team':
      return key === '' ? t('ticket.no_team') : directory.teamName(Number(key));
    case 'inbox':
      return directory.inboxes.find((inbox) => inbox.id === Number(key))?.name ?? `#${key}`;
    case 'organization':
      if (key === '') return t('group.no_organization');
      return (
        rows.find((row) => row?.contact.organization?.id === Number(key))?.contact.organization?.name ?? ''
      );
    case 'day':
      return day(new Date(fieldInstant(`${key}T12:00`, zone.current) ?? 0).toISOString());
    default:
      return '';
  }
}
