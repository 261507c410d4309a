/**
 * Addresses of the screens: every place can be linked to, reloaded and gone back to.
 * Pure: text in, route out, and the other way round.
 */
import type { Pile } from '../api/types';

export const settingsSections = [
  'profile',
  'keys',
  'inboxes',
  'teams',
  'people',
  'roles',
  'brands',
  'plans',
  'templates',
  'calendars',
  'sla',
  'routes',
  'fields',
  'audit',
] as const;
export type SettingsSection = (typeof settingsSections)[number];

export type Route =
  | { screen: 'view'; key: string; ticket: number | null; message?: number; talk?: number }
  | { screen: 'search'; q: string; ticket: number | null; message?: number; talk?: number }
  | { screen: 'quarantine'; pile: Pile }
  | { screen: 'contacts'; id: number | null }
  | { screen: 'organizations'; id: number | null }
  | { screen: 'import'; id: number | null }
  | { screen: 'roster'; date: string | null }
  | { screen: 'wall' }
  | { screen: 'settings'; section: SettingsSection }
  | { screen: 'mailbox' }
  | { screen: 'login'; next: string }
  | { screen: 'setup' }
  | { screen: 'reset'; token: string | null }
  | { screen: 'invitation'; token: string };

export const home: Route = { screen: 'view', key: 'mine', ticket: null };

const resetPaths = ['reset', 'password-reset', 'password-resets'];
const invitationPaths = ['invite', 'invitation', 'invitations'];

export function parseRoute(pathname: string, search: string): Route {
  const [first = '', second = '', third = ''] = pathname.split('/').filter(Boolean).map(decodeURIComponent);
  const query = new URLSearchParams(search);
  const message = id(query.get('m') ?? '');
  const talk = id(query.get('talk') ?? '');
  const view = (key: string, ticket: number | null): Route => ({
    screen: 'view',
    key,
    ticket,
    ...(ticket !== null && message !== null && { message }),
    ...(ticket !== null && talk !== null && { talk }),
  });
  if (first === 'views' && second) return view(second, id(third));
  if (first === 'tickets') return view('all', id(second));
  if (first === 'search') {
    return {
      screen: 'search',
      q: query.get('q') ?? '',
      ticket: id(second),
      ...(message !== null && { message }),
      ...(talk !== null && { talk }),
    };
  }
  if (first === 'quarantine') {
    return { screen: 'quarantine', pile: second === 'aside' ? 'aside' : 'quarantined' };
  }
  if (first === 'contacts' && second === 'import') return { screen: 'import', id: id(third) };
  if (first === 'contacts' || first === 'organizations') return { screen: first, id: id(second) };
  if (first === 'roster') {
    return { screen: 'roster', date: /^\d{4}-\d\d-\d\d$/.test(second) ? second : null };
  }
  if (first === 'wall') return { screen: 'wall' };
  if (first === 'settings') return { screen: 'settings', section: section(second) };
  if (first === 'mailbox' || (first === 'demo' && second === 'mailbox')) return { screen: 'mailbox' };
  if (first === 'login') return { screen: 'login', next: safeNext(query.get('next')) };
  if (first === 'setup') return { screen: 'setup' };
  if (resetPaths.includes(first)) return { screen: 'reset', token: second || query.get('token') };
  if (invitationPaths.includes(first)) {
    return { screen: 'invitation', token: second || (query.get('token') ?? '') };
  }
  return home;
}

export function href(route: Route): string {
  switch (route.screen) {
    case 'view':
      return `/views/${encodeURIComponent(route.key)}${route.ticket ? `/${route.ticket}${within(route)}` : ''}`;
    case 'search':
      return (
        `/search${route.ticket ? `/${route.ticket}` : ''}?q=${encodeURIComponent(route.q)}` +
        (route.ticket ? within(route, '&') : '')
      );
    case 'quarantine':
      return route.pile === 'aside' ? '/quarantine/aside' : '/quarantine';
    case 'contacts':
    case 'organizations':
      return `/${route.screen}${route.id ? `/${route.id}` : ''}`;
    case 'import':
      return `/contacts/import${route.id ? `/${route.id}` : ''}`;
    case 'roster':
      return `/roster${route.date ? `/${route.date}` : ''}`;
    case 'settings':
      return `/settings/${route.section}`;
    case 'login':
      return route.next && route.next !== '/' ? `/login?next=${encodeURIComponent(route.next)}` : '/login';
    case 'reset':
      return route.token ? `/reset/${encodeURIComponent(route.token)}` : '/reset';
    case 'invitation':
      return `/invitations/${encodeURIComponent(route.token)}`;
    default:
      return `/${route.screen}`;
  }
}

/** What is sought inside the ticket. */
function within({ message, talk }: { message?: number; talk?: number }, sign = '?'): string {
  if (talk) return `${sign}talk=${talk}`;
  return message ? `${sign}m=${message}` : '';
}

/** Screens that are open to a person who has not signed in. */
export function isPublic(route: Route): boolean {
  return ['login', 'setup', 'reset', 'invitation'].includes(route.screen);
}

/** Only paths of our own: `//elsewhere.example` must not become a way out. */
export function safeNext(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) ? next : '/';
}

function id(text: string): number | null {
  return /^\d+$/.test(text) ? Number(text) : null;
}

function section(text: string): SettingsSection {
  return settingsSections.find((known) => known === text) ?? 'profile';
}
