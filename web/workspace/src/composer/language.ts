/** In which language somebody writes, by its letters; for the browser's spelling. Pure. */
import type { Locale } from '../api/types';

const enough = 12;

/** The language of the words, or null while there are too few of them to tell. */
export function languageOf(words: string): Locale | null {
  const cyrillic = words.match(/[а-яё]/gi)?.length ?? 0;
  const latin = words.match(/[a-z]/gi)?.length ?? 0;
  if (cyrillic + latin < enough) return null;
  return cyrillic * 2 >= latin ? 'ru' : 'en';
}
