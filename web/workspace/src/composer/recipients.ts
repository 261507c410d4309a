/** E-mail addresses as people type and paste them: `Anna <a@b.c>, "Last, First" <d@e.f>; g@h.i`. */
import type { Address } from '../api/types';

const shape = /^[^\s@<>,;"]+@[^\s@<>,;"]+$/u;

export interface Parsed {
  addresses: Address[];
  /** The pieces that are not addresses, as typed, so that nothing is dropped silently. */
  wrong: string[];
}

export function parseAddresses(text: string): Parsed {
  const addresses: Address[] = [];
  const wrong: string[] = [];
  for (const piece of pieces(text)) {
    const address = parseOne(piece);
    if (!address) wrong.push(piece);
    else if (!addresses.some((known) => sameAddress(known, address))) addresses.push(address);
  }
  return { addresses, wrong };
}

function parseOne(piece: string): Address | null {
  const angled = /^(.*?)[<‹]\s*([^<>‹›]+?)\s*[>›]$/u.exec(piece);
  const address = (angled?.[2] ?? piece).replace(/^mailto:/i, '').trim();
  if (!shape.test(address)) return null;
  const name = angled?.[1]?.trim().replace(/^["']|["']$/g, '') ?? '';
  return { name, address };
}

/** Splits at commas, semicolons and line ends, but not inside quotes or angle brackets. */
function pieces(text: string): string[] {
  const found: string[] = [];
  let piece = '';
  let quoted = false;
  let angled = false;
  for (const sign of text) {
    if (sign === '"') quoted = !quoted;
    if (!quoted && sign === '<') angled = true;
    if (!quoted && sign === '>') angled = false;
    if (!quoted && !angled && /[,;\n\r]/.test(sign)) {
      found.push(piece);
      piece = '';
    } else piece += sign;
  }
  found.push(piece);
  return found.map((one) => one.trim()).filter(Boolean);
}

export function sameAddress(a: Address, b: Address): boolean {
  return a.address.toLowerCase() === b.address.toLowerCase();
}

/** `Anna ‹a@b.c›`, or the bare address. */
export function writeAddress({ name, address }: Address): string {
  return name && name !== address ? `${name} ‹${address}›` : address;
}

/** The short form for a line of recipients. */
export function shortAddress({ name, address }: Address): string {
  return name || address;
}
