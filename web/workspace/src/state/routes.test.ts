import { describe, expect, it } from 'vitest';
import { href, parseRoute, safeNext, type Route } from './routes';

const round = (route: Route) => {
  const [path = '', search = ''] = href(route).split('?');
  return parseRoute(path, search);
};

describe('addresses', () => {
  it.each<Route>([
    { screen: 'view', key: 'mine', ticket: null },
    { screen: 'view', key: 'all_open', ticket: 1042 },
    { screen: 'view', key: 'all', ticket: 1042, message: 77 },
    { screen: 'view', key: 'all', ticket: 1042, talk: 5 },
    { screen: 'search', q: 'посылка "не пришла" tag:x', ticket: 7 },
    { screen: 'search', q: 'посылка', ticket: 7, message: 91 },
    { screen: 'search', q: 'посылка', ticket: 7, talk: 5 },
    { screen: 'settings', section: 'roles' },
    { screen: 'quarantine', pile: 'quarantined' },
    { screen: 'quarantine', pile: 'aside' },
    { screen: 'contacts', id: null },
    { screen: 'contacts', id: 12 },
    { screen: 'organizations', id: 3 },
    { screen: 'import', id: null },
    { screen: 'import', id: 7 },
    { screen: 'mailbox' },
    { screen: 'login', next: '/views/mine/5' },
    { screen: 'reset', token: 'abc' },
    { screen: 'invitation', token: 'x-y' },
  ])('come back as they went: $screen', (route) => expect(round(route)).toEqual(route));

  it('of mails are understood in the forms the server writes', () => {
    expect(parseRoute('/password-reset/s3', '')).toEqual({ screen: 'reset', token: 's3' });
    expect(parseRoute('/invitation/s3', '')).toEqual({ screen: 'invitation', token: 's3' });
    expect(parseRoute('/tickets/12', '')).toEqual({ screen: 'view', key: 'all', ticket: 12 });
    expect(parseRoute('/demo/mailbox', '')).toEqual({ screen: 'mailbox' });
  });

  it('that are unknown lead home', () => {
    expect(parseRoute('/nowhere', '')).toEqual({ screen: 'view', key: 'mine', ticket: null });
  });

  it('after login never lead to another site', () => {
    expect(safeNext('//evil.example')).toBe('/');
    expect(safeNext('/\\evil.example')).toBe('/');
    expect(safeNext('https://evil.example')).toBe('/');
    expect(safeNext('/views/mine')).toBe('/views/mine');
  });
});
