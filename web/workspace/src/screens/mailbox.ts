/** The demo mailbox's letters, whose addresses come as text or as name and address. */
import type { Address, DemoMail } from '../api/types';

export function asAddress(value: Address | Address[] | string): Address {
  if (Array.isArray(value)) return value[0] ?? { name: '', address: '' };
  if (typeof value !== 'string') return value;
  const angled = /^(.*?)\s*<([^>]+)>$/.exec(value);
  return angled
    ? { name: (angled[1] ?? '').replaceAll('"', ''), address: angled[2] ?? '' }
    : { name: '', address: value };
}

/** "out" leaves support and reaches the customer. */
export function fromSupport(mail: DemoMail): boolean {
  return mail.direction === 'out';
}

export function answerSubject(subject: string): string {
  return /^re:/i.test(subject) ? subject : `Re: ${subject}`;
}
