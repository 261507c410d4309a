import { describe, expect, it } from 'vitest';
import { addressProblems, cleanAddress, guessKind, madeMain } from './addresses';

const mail = (address: string) => ({ kind: 'mail' as const, address });

describe('addresses of a customer', () => {
  it('lose what programs wrap around them when they are pasted', () => {
    expect(cleanAddress('mail', ' <mailto:anna@acme.example> ')).toBe('anna@acme.example');
    expect(cleanAddress('phone', 'tel:+7 921 000-00-00')).toBe('+7 921 000-00-00');
    expect(cleanAddress('telegram', 'https://t.me/anna_k')).toBe('@anna_k');
    expect(cleanAddress('vk', 'https://m.vk.com/anna.k')).toBe('anna.k');
    expect(cleanAddress('mail', '\u200banna@acme.example\ufeff')).toBe('anna@acme.example');
  });

  it('say by themselves what they are, when they can', () => {
    expect(guessKind('anna@acme.example')).toBe('mail');
    expect(guessKind('+7 (921) 000-00-00')).toBe('phone');
    expect(guessKind('@anna_k')).toBe('telegram');
    expect(guessKind('vk.com/anna')).toBe('vk');
    expect(guessKind('anna')).toBeNull();
    expect(guessKind('12')).toBeNull();
  });

  it.each([
    ['mail', 'anna@acme', 'mail'],
    ['mail', 'anna acme.example', 'mail'],
    ['mail', 'анна@почта.рф', null],
    ['mail', '', 'empty'],
    ['phone', '12', 'phone'],
    ['phone', '+7 (921) 000-00-00', null],
    ['whatsapp', 'anna', 'phone'],
    ['telegram', '@an', 'telegram'],
    ['telegram', '123456789', null],
    ['vk', 'anna k', 'vk'],
    ['other', 'skype:anna', null],
  ] as const)('of kind %s, "%s" is wrong as: %s', (kind, address, problem) => {
    expect(addressProblems([{ kind, address }])).toEqual([problem]);
  });

  it('may not stand in the list twice, however they are written', () => {
    expect(addressProblems([mail('Anna@Acme.example'), mail('anna@acme.example')])).toEqual([null, 'twice']);
    expect(
      addressProblems([
        { kind: 'phone', address: '+7 921 000-00-00' },
        { kind: 'phone', address: '+79210000000' },
      ]),
    ).toEqual([null, 'twice']);
  });

  it('become the main one by going to the front, mail only', () => {
    const all = [
      mail('a@x.example'),
      { kind: 'phone' as const, address: '+79210000000' },
      mail('b@x.example'),
    ];
    expect(madeMain(all, 2).map((one) => one.address)).toEqual([
      'b@x.example',
      'a@x.example',
      '+79210000000',
    ]);
    expect(madeMain(all, 1)).toEqual(all);
  });
});
