/** The conditions there are, asked for once per language while the page is open. */
import { api } from '../api';
import type { FilterKey, Locale } from '../api/types';

const known = new Map<Locale, Promise<FilterKey[]>>();

export function filterKeys(language: Locale): Promise<FilterKey[]> {
  let asked = known.get(language);
  if (!asked) {
    asked = api.filter.keys().then(({ items }) => items);
    known.set(language, asked);
    // People and tags come and go, and a failure is not for ever.
    asked.catch(() => known.delete(language));
    setTimeout(() => known.delete(language), 60_000);
  }
  return asked;
}
