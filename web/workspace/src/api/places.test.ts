import { describe, expect, it } from 'vitest';
import { placeOf, room, tooMuch, type Kept } from './places';

describe('what is kept for reading without a connection', () => {
  it('is a ticket as it was opened, under one name', () => {
    expect(placeOf('/tickets/42')).toEqual({ key: '/tickets/42', shelf: 'ticket' });
    expect(placeOf('/tickets/42?before=7')).toEqual({ key: '/tickets/42?before=7', shelf: 'page' });
  });
  it('is not what was only glanced at', () => {
    expect(placeOf('/tickets/42?limit=3')).toBeNull();
  });
  it('is the top of a list, however many rows were asked for', () => {
    const asked = placeOf('/tickets?q=is%3Aopen&limit=50&sort=updated');
    expect(asked?.shelf).toBe('list');
    expect(placeOf('/tickets?q=is%3Aopen&sort=updated&limit=120')).toEqual(asked);
    expect(placeOf('/tickets?q=is%3Aopen&sort=updated&limit=120&cursor=x')).toBeNull();
  });
  it('keeps what the program asks for apart from what a person has seen', () => {
    const few = placeOf('/tickets?q=is%3Aopen&limit=5&sort=updated');
    expect(few?.shelf).toBe('beside');
    expect(few?.key).not.toBe(placeOf('/tickets?q=is%3Aopen&limit=50&sort=updated')?.key);
  });
  it('are cards and lists of customers, views and people', () => {
    for (const path of ['/contacts/3', '/organizations/3', '/contacts?q=&limit=60', '/views', '/agents']) {
      expect(placeOf(path), path).not.toBeNull();
    }
  });
  it('is nothing about passwords, sessions, tokens or settings of others', () => {
    for (const path of [
      '/session',
      '/me/tokens',
      '/me/sessions',
      '/audit',
      '/password-resets/x',
      '/messages/3/raw',
    ]) {
      expect(placeOf(path), path).toBeNull();
    }
  });
});

describe('what is kept has bounds', () => {
  const ticket = (n: number, size = 1): Kept => ({ key: `/tickets/${n}`, shelf: 'ticket', size });
  it('in number: the longest unseen go', () => {
    const all = Array.from({ length: room.ticket + 2 }, (_, n) => ticket(n));
    expect(tooMuch(all)).toEqual([`/tickets/${room.ticket}`, `/tickets/${room.ticket + 1}`]);
  });
  it('in size: one that is too large does not push the small ones out', () => {
    expect(tooMuch([ticket(1, 40), ticket(2, 90), ticket(3, 50)], room, 100)).toEqual(['/tickets/2']);
  });
});
