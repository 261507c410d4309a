/** What becomes of a query when an offered completion is taken. */
import type { Completions } from '../api/types';
import { byteToIndex } from './bytes';

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
