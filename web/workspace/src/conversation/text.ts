/** Plain message text as pieces: words, links, addresses, colleagues. Nothing here produces HTML. */
export type TextPiece =
  { type: 'text' | 'mention'; text: string } | { type: 'link'; text: string; href: string };

const links = /\bhttps?:\/\/[^\s<>"«»]+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/giu;

export function textPieces(text: string, colleagues: string[] = []): TextPiece[] {
  const names = colleagues.filter(Boolean).map(escaped);
  const wanted = names.length > 0 ? new RegExp(`@(?:${names.join('|')})|${links.source}`, 'giu') : links;
  const pieces: TextPiece[] = [];
  let at = 0;
  for (const match of text.matchAll(wanted)) {
    let found = match[0];
    if (match.index > at) pieces.push({ type: 'text', text: text.slice(at, match.index) });
    if (found.startsWith('@')) pieces.push({ type: 'mention', text: found });
    else {
      found = trimmed(found);
      pieces.push({ type: 'link', text: found, href: found.includes('://') ? found : `mailto:${found}` });
    }
    at = match.index + found.length;
  }
  if (at < text.length) pieces.push({ type: 'text', text: text.slice(at) });
  return pieces;
}

/** A full stop or bracket at the end belongs to the sentence, not to the link. */
function trimmed(link: string): string {
  let end = link.replace(/[.,;:!?'"»]+$/, '');
  if (end.endsWith(')') && !end.includes('(')) end = end.slice(0, -1);
  return end;
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

const plainTags = new Set(['HTML', 'HEAD', 'BODY', 'P', 'DIV', 'BR', 'SPAN']);

/** True when the HTML says nothing that its text does not: no pictures, lists, tables, emphasis, colours. */
export function saysNoMoreThanText(html: string): boolean {
  const page = new DOMParser().parseFromString(html, 'text/html');
  return [...page.querySelectorAll('*')].every(
    (element) => plainTags.has(element.tagName) && !element.hasAttribute('style'),
  );
}

/** True when the mail brings its own colours or layout and wants white paper in a dark theme. */
export function bringsOwnPaper(html: string): boolean {
  return /<table|<font|bgcolor=|style=|color=/i.test(html);
}
