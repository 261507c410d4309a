/** What stands in a group's heading. */
import type { Group, Priority, Status, TicketRow } from '../api/types';
import { priorityName, statusName } from '../conversation/words';
import { day } from '../format/index.svelte';
import { t } from '../i18n/index.svelte';
import { directory } from '../state/directory.svelte';

export function groupLabel(group: Group, key: string, rows: TicketRow[]): string {
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
        rows.find((row) => row.contact.organization?.id === Number(key))?.contact.organization?.name ?? ''
      );
    case 'day':
      return day(`${key}T12:00:00`);
    default:
      return '';
  }
}
