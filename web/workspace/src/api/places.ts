/**
 * Which answers are kept on this device for reading without a connection, and under which name. Pure.
 * A ticket is kept as it was opened, a list as its first page; glances, later pages and searches while typing are not.
 */
export type Shelf = 'ticket' | 'page' | 'list' | 'card' | 'beside' | 'desk';

export interface Place {
  key: string;
  shelf: Shelf;
}

/** How many of each are kept; the longest unseen goes first. */
export const room: Record<Shelf, number> = {
  ticket: 200,
  page: 60,
  list: 80,
  card: 200,
  beside: 400,
  desk: 40,
};
/** All of them together, in bytes. */
export const mostBytes = 50 * 1024 * 1024;

/** Shorter lists are asked for by the program, not seen by a person, except beside a customer. */
const shortList = 50;

const desk = new Set([
  '/views',
  '/agents',
  '/teams',
  '/inboxes',
  '/brands',
  '/roles',
  '/tags',
  '/fields',
  '/filter/keys',
  '/first-run',
  '/notifications',
  '/me/notification-settings',
]);

export function placeOf(path: string): Place | null {
  const [name = '', search = ''] = path.split('?');
  const query = new URLSearchParams(search);
  if (query.has('cursor') || query.has('skip')) return null;
  if (/^\/tickets\/\d+$/.test(name)) {
    if (query.has('limit')) return null;
    return query.has('before') ? { key: path, shelf: 'page' } : { key: name, shelf: 'ticket' };
  }
  if (/^\/tickets\/\d+\/(reply-frame|talks|sla)$/.test(name) || /^\/talks\/\d+$/.test(name)) {
    return { key: path, shelf: 'beside' };
  }
  if (/^\/(contacts|organizations)\/\d+$/.test(name)) return { key: name, shelf: 'card' };
  if (/^\/(tickets|contacts|organizations)$/.test(name)) {
    if (name === '/tickets' && Number(query.get('limit') ?? shortList) >= shortList) query.delete('limit');
    else if (name !== '/tickets') query.delete('limit');
    query.sort();
    return { key: `${name}?${query}`, shelf: query.has('limit') ? 'beside' : 'list' };
  }
  if (name === '/templates') return query.get('q') ? null : { key: name, shelf: 'desk' };
  return desk.has(name) ? { key: path, shelf: 'desk' } : null;
}

/** What is kept, from the newest to the oldest, told by its size. */
export interface Kept {
  key: string;
  shelf: Shelf;
  size: number;
}

/** What has to go. */
export function tooMuch(newestFirst: Kept[], rooms = room, bytes = mostBytes): string[] {
  const counts = new Map<Shelf, number>();
  let sum = 0;
  return newestFirst
    .filter(({ shelf, size }) => {
      const count = (counts.get(shelf) ?? 0) + 1;
      if (count <= rooms[shelf] && sum + size <= bytes) {
        counts.set(shelf, count);
        sum += size;
        return false;
      }
      return true;
    })
    .map(({ key }) => key);
}
