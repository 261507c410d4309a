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
  'view.share',
  'contact.edit',
  'quarantine.manage',
  'roster.manage',
  'people.manage',
  'inbox.manage',
  'settings.manage',
  'audit.view',
] as const;

const browsers: [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/YaBrowser\//, 'Yandex Browser'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const systems: [RegExp, string][] = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

/** "Chrome, Linux" of what a browser says about itself; as it stands when nothing is recognised. */
export function deviceName(userAgent: string): string {
  const known = [browsers, systems].map((list) => list.find(([sign]) => sign.test(userAgent))?.[1]);
  return known.filter(Boolean).join(', ') || userAgent;
}

export function roleName(role: Role | undefined): string {
  if (!role) return '';
  return (role.preset ? lookUp(`role.${role.key}`) : undefined) ?? role.name;
}
