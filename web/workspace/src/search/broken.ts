/** A filter that cannot be read: where it breaks, counted as the browser counts, and why in words. */
import { ApiError } from '../api/error';
import { errorText } from '../i18n/errors';
import { lookUp } from '../i18n/index.svelte';
import { byteToIndex } from './bytes';
import { queryPieces } from './filters';

export interface Broken {
  /** The wrong piece; at the end of the text it is empty. */
  from: number;
  to: number;
  why: string;
}

export function brokenOf(error: unknown, text: string): Broken | null {
  if (!(error instanceof ApiError) || error.code !== 'bad_query') return null;
  const { at, reason } = error.body;
  const from = byteToIndex(text, typeof at === 'number' ? at : 0);
  const why = error.detail || lookUp(`filter.why.${String(reason)}`) || errorText(error);
  return { from, to: endOfPiece(text, from), why };
}

function endOfPiece(text: string, from: number): number {
  let end = 0;
  for (const piece of queryPieces(text)) {
    end += piece.text.length;
    if (end > from) return end;
  }
  return text.length;
}
