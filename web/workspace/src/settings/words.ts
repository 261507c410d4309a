/** Names of roles and permissions in the reader's language; a custom role keeps the name it was given. */
import type { Role } from '../api/types';
import { lookUp } from '../i18n/index.svelte';

export const permissions = [
  'ticket.view',
  'ticket.view_all',
  'ticket.reply',
  'ticket.note',
  'ticket.edit',
  'ticket.assign',
  'contact.edit',
  'quarantine.manage',
  'people.manage',
  'inbox.manage',
  'settings.manage',
  'audit.view',
] as const;

export function roleName(role: Role | undefined): string {
  if (!role) return '';
  return (role.preset ? lookUp(`role.${role.key}`) : undefined) ?? role.name;
}
