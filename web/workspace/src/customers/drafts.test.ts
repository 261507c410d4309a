import { describe, expect, it } from 'vitest';
import { contactForm, readDomains, wrongDomain } from './drafts';
import { rowsInSight } from './sight';
import { readZone } from './zones';

describe('what is typed into a card', () => {
  it('goes to the server as ids, nulls and clean addresses', () => {
    expect(
      contactForm({
        name: ' Anna ',
        addresses: [{ kind: 'mail', address: ' <anna@acme.example>' }],
        organization: { id: 4, name: 'Acme' },
        time_zone: '',
        locale: 'ru',
      }),
    ).toEqual({
      name: 'Anna',
      addresses: [{ kind: 'mail', address: 'anna@acme.example' }],
      organization: 'Acme',
      time_zone: '',
      locale: 'ru',
    });
    expect(contactForm({ time_zone: 'tokyo' })).toEqual({ time_zone: 'Asia/Tokyo' });
    expect(contactForm({ notes: 'only this' })).toEqual({ notes: 'only this' });
  });

  it('as fields is sent only where it differs, and an emptied one as null', () => {
    expect(contactForm({ fields: { a: 1, gone: 'x', b: null } }, { a: 2, gone: 'x', b: 'y' })).toEqual({
      fields: { a: 1, b: null },
    });
  });

  it('as domains may be pasted in any shape', () => {
    expect(readDomains('@acme.example, https://shop.acme.example/about; ACME.example')).toEqual([
      'acme.example',
      'shop.acme.example',
    ]);
    expect(wrongDomain('acme.example, acme')).toBe('acme');
    expect(wrongDomain('')).toBeUndefined();
  });

  it('as a time zone is found by its city, in any case', () => {
    expect(readZone('moscow')).toBe('Europe/Moscow');
    expect(readZone('america/new york')).toBe('America/New_York');
    expect(readZone('')).toBe('');
    expect(readZone('Atlantis')).toBeUndefined();
  });
});

it('of a hundred thousand rows only those in sight are drawn', () => {
  expect(rowsInSight(100_000, { top: 0, height: 800, rowHeight: 52 })).toEqual({ start: 0, end: 24 });
  expect(rowsInSight(100_000, { top: 52_000, height: 520, rowHeight: 52 })).toEqual({
    start: 992,
    end: 1018,
  });
  expect(rowsInSight(3, { top: 9999, height: 800, rowHeight: 52 })).toEqual({ start: 3, end: 3 });
  expect(rowsInSight(0, { top: 0, height: 800, rowHeight: 52 })).toEqual({ start: 0, end: 0 });
});
