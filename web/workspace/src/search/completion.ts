/** What becomes of a query when an offered completion is taken. */
import type { Completions } from '../api/types';
import { byteToIndex, indexToByte } from './bytes';

export type Offer = Completions['items'][number];

export function taken(
  text: string,
  { from, to }: Completions,
  offer: Offer,
): { text: string; caret: number } {
  const before = text.slice(0, byteToIndex(text, from)) + offer.insert;
  const after = text.slice(byteToIndex(text, to));
  // After a whole condition the next one may be typed at once.
  const gap = offer.kind === 'value' && after === '' ? ' ' : '';
  return { text: before + gap + after, caret: before.length + gap.length };
}

export const noOffers: Completions = { from: 0, to: 0, items: [] };

/**
 * What is still right of an answer when the text has grown at its piece: until the next answer comes, nobody can take
 * an offer meant for another text. After any other change nothing is.
 */
export function narrowed(answer: Completions, before: string, now: string): Completions {
  const [from, to] = [byteToIndex(before, answer.from), byteToIndex(before, answer.to)];
  const grown = now.length - before.length;
  if (grown < 0 || !now.startsWith(before.slice(0, to)) || now.slice(to + grown) !== before.slice(to)) {
    return noOffers;
  }
  const typed = now
    .slice(from, to + grown)
    .replaceAll('"', '')
    .toLowerCase();
  const fits = ({ insert, label, detail }: Offer) =>
    [insert.replaceAll('"', ''), label, detail].some((text) => text.toLowerCase().startsWith(typed));
  return { from: answer.from, to: indexToByte(now, to + grown), items: answer.items.filter(fits) };
}
