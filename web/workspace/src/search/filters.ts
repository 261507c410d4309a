/** What a query is made of: filters (`status:open`, `-tag:x`, `created:>2026-01-01`) and words. */
export interface Piece {
  text: string;
  filter: boolean;
}

const filter = /^-?[a-z_]+:(?:"[^"]*"|\S+)$/i;

/** The query in pieces, spaces included, so that joining them gives the query back. */
export function queryPieces(q: string): Piece[] {
  const parts = q.match(/\s+|-?[a-z_]+:"[^"]*"?|"[^"]*"?|[^\s]+/gi) ?? [];
  return parts.map((text) => ({ text, filter: filter.test(text) }));
}

/** Words and nothing else: the search finds them in texts. As soon as there is a filter, the ticket list takes over. */
export function onlyWords(q: string): boolean {
  return queryPieces(q).every((piece) => !piece.filter);
}
