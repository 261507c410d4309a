/** A search snippet as pieces of plain text: only <mark> is understood, everything else becomes text. */
export interface SnippetPiece {
  text: string;
  hit: boolean;
}

export function snippetPieces(html: string): SnippetPiece[] {
  const pieces: SnippetPiece[] = [];
  let hit = false;
  for (const part of html.split(/(<\/?mark>)/i)) {
    if (/^<mark>$/i.test(part)) hit = true;
    else if (/^<\/mark>$/i.test(part)) hit = false;
    else if (part !== '') pieces.push({ text: decoded(part), hit });
  }
  return pieces;
}

function decoded(html: string): string {
  // Inside an element: at the start of a page the parser would swallow the space between a mark and its neighbour.
  return new DOMParser().parseFromString(`<div>${html}</div>`, 'text/html').body.textContent ?? '';
}
