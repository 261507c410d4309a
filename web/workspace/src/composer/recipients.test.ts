import { describe, expect, it } from 'vitest';
import { parseAddresses, shortAddress, writeAddress } from './recipients';

describe('addresses as people type them', () => {
  it('are read with and without names, separated by commas, semicolons and lines', () => {
    const { addresses, wrong } = parseAddresses(
      'anna@shop.example, Иван Петров <ivan@почта.рф>; x@y.example\nz@y.example',
    );
    expect(addresses).toEqual([
      { name: '', address: 'anna@shop.example' },
      { name: 'Иван Петров', address: 'ivan@почта.рф' },
      { name: '', address: 'x@y.example' },
      { name: '', address: 'z@y.example' },
    ]);
    expect(wrong).toEqual([]);
  });

  it('keep a comma inside a quoted name', () => {
    expect(parseAddresses('"Petrova, Anna" <anna@shop.example>').addresses).toEqual([
      { name: 'Petrova, Anna', address: 'anna@shop.example' },
    ]);
  });

  it('that are none are handed back, not dropped', () => {
    expect(parseAddresses('anna@shop.example, not an address, @, a@').wrong).toEqual([
      'not an address',
      '@',
      'a@',
    ]);
  });

  it('are taken once, whatever their letters', () => {
    expect(parseAddresses('A@b.example, a@B.example').addresses).toHaveLength(1);
  });

  it('are written so that they can be read again', () => {
    const address = { name: 'Anna', address: 'anna@shop.example' };
    expect(parseAddresses(writeAddress(address)).addresses).toEqual([address]);
    expect(shortAddress({ name: '', address: 'a@b.c' })).toBe('a@b.c');
  });
});
