/**
 * How a customer can be reached, and what is wrong with what was typed. Lenient: the server decides, we only catch slips
 * while they are easy to mend.
 */
import type { AddressKind, ContactAddress } from '../api/types';

export const addressKinds: readonly AddressKind[] = [
  'mail',
  'phone',
  'telegram',
  'whatsapp',
  'viber',
  'vk',
  'other',
];

export type AddressProblem = 'empty' | 'mail' | 'phone' | 'telegram' | 'vk' | 'long' | 'twice';

/** Addresses are pasted with what mail programs and browsers wrap around them. */
export function cleanAddress(kind: AddressKind, text: string): string {
  const plain = text.replace(/[\u200b-\u200f\u2060\ufeff\u202a-\u202e]/g, '').trim();
  if (kind === 'mail') return plain.replace(/^(?:mailto:|<)+|>$/gi, '');
  if (kind === 'phone' || kind === 'whatsapp' || kind === 'viber') return plain.replace(/^tel:/i, '');
  if (kind === 'telegram') return plain.replace(/^(?:https?:\/\/)?(?:t\.me|telegram\.me)\//i, '@');
  if (kind === 'vk') return plain.replace(/^(?:https?:\/\/)?(?:m\.)?vk\.(?:com|ru)\//i, '');
  return plain;
}

/** What somebody has pasted before saying what it is; null when it could be anything. */
export function guessKind(text: string): AddressKind | null {
  const plain = text.trim();
  if (/^(?:https?:\/\/)?(?:t\.me|telegram\.me)\//i.test(plain) || /^@[a-z]\w{3,}$/i.test(plain))
    return 'telegram';
  if (/^(?:https?:\/\/)?(?:m\.)?vk\.(?:com|ru)\//i.test(plain)) return 'vk';
  if (/^(?:mailto:|<)?[^\s@]+@[^\s@]+\.[^\s@]+$/i.test(plain)) return 'mail';
  if (/^(?:tel:)?\+?[\d\s().-]{7,}$/i.test(plain)) return 'phone';
  return null;
}

function slip(kind: AddressKind, address: string): AddressProblem | null {
  if (address === '') return 'empty';
  if (address.length > 320) return 'long';
  if (kind === 'mail') return /^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]+$/.test(address) ? null : 'mail';
  if (kind === 'phone' || kind === 'whatsapp' || kind === 'viber') {
    const digits = address.replace(/\D/g, '').length;
    return /^\+?[\d\s().-]+$/.test(address) && digits >= 5 && digits <= 15 ? null : 'phone';
  }
  if (kind === 'telegram') return /^(?:@?[a-z]\w{3,31}|\d{4,20})$/i.test(address) ? null : 'telegram';
  if (kind === 'vk') return /^[a-z0-9_.]{2,64}$/i.test(address) ? null : 'vk';
  return null;
}

const likeness = ({ kind, address }: ContactAddress) =>
  `${kind}:${kind === 'phone' ? address.replace(/[^\d+]/g, '') : address.toLowerCase()}`;

/** For each address what is wrong with it, or null. Of two alike the second is the wrong one. */
export function addressProblems(addresses: readonly ContactAddress[]): (AddressProblem | null)[] {
  const seen = new Set<string>();
  return addresses.map((one) => {
    const address = cleanAddress(one.kind, one.address);
    const wrong = slip(one.kind, address);
    if (wrong) return wrong;
    const like = likeness({ ...one, address });
    if (seen.has(like)) return 'twice';
    seen.add(like);
    return null;
  });
}

/** The main mail address is the first one of the list. */
export function madeMain(addresses: readonly ContactAddress[], at: number): ContactAddress[] {
  const chosen = addresses[at];
  if (!chosen || chosen.kind !== 'mail') return [...addresses];
  return [chosen, ...addresses.filter((_, other) => other !== at)];
}

export const mainMail = (addresses: readonly ContactAddress[]): number =>
  addresses.findIndex(({ kind }) => kind === 'mail');
