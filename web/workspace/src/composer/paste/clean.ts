/**
 * What is pasted from office programs and web pages, reduced to its structure: paragraphs, emphasis, lists, links,
 * code, quotes, tables. One walk over the text, no page is built, so its cost grows with the length and nothing in it
 * can run or load. The walk can pause (`cleaning` is a generator): a huge paste does not freeze the screen.
 */
import { attributes, codes } from './attributes';

/** Dropped together with what is inside. */
const silent = new Set([
  'style',
  'script',
  'title',
  'xml',
  'noscript',
  'template',
  'iframe',
  'object',
  'svg',
  'math',
  'button',
  'select',
  'textarea',
]);
const kept: Record<string, string> = {
  p: 'p',
  div: 'p',
  section: 'p',
  article: 'p',
  br: 'br',
  strong: 'strong',
  b: 'strong',
  em: 'em',
  i: 'em',
  u: 'u',
  s: 's',
  del: 's',
  strike: 's',
  ul: 'ul',
  ol: 'ol',
  li: 'li',
  blockquote: 'blockquote',
  pre: 'pre',
  code: 'code',
  kbd: 'code',
  samp: 'code',
  table: 'table',
  tr: 'tr',
  td: 'td',
  th: 'th',
  a: 'a',
  img: 'img',
};
const heading = /^h[1-6]$/;
const bare = new Set(['br', 'img', 'hr', 'meta', 'link', 'input', 'col', 'base', 'wbr', 'area', 'source']);
/** How many characters are walked between two pauses. */
const stride = 50_000;

interface Open {
  tag: string;
  /** What closes it in the result; may be nothing. */
  close: string;
}

/** Yields after every stride, returns the clean HTML. */
export function* cleaning(html: string): Generator<void, string> {
  const out: string[] = [];
  const open: Open[] = [];
  const source = fragment(html);
  let at = 0;
  let next = stride;
  let marker = '';
  let inMarker = false;
  while (at < source.length) {
    if (at > next) {
      next = at + stride;
      yield;
    }
    const tagAt = source.indexOf('<', at);
    const text = source.slice(at, tagAt === -1 ? source.length : tagAt);
    if (inMarker) marker += text;
    else if (text) out.push(text.replace(/\0/g, ''));
    if (tagAt === -1) break;
    if (source.startsWith('<!--', tagAt)) {
      const end = source.indexOf('-->', tagAt + 4);
      at = end === -1 ? source.length : end + 3;
      continue;
    }
    const end = tagEnd(source, tagAt);
    if (end === -1) break;
    const inside = source.slice(tagAt + 1, end);
    at = end + 1;
    if (inside.startsWith('!') || inside.startsWith('?')) {
      // Word writes a list's bullet as text, between these two marks.
      if (/^!\[if !supportLists/i.test(inside)) [inMarker, marker] = [true, ''];
      else if (inMarker && /^!\[endif/i.test(inside)) {
        inMarker = false;
        nameList(out, marker);
      }
      continue;
    }
    const tag = /^\/?\s*([a-z][a-z0-9:-]*)/i.exec(inside)?.[1]?.toLowerCase();
    if (!tag) {
      if (!inMarker) out.push('&lt;', inside.replaceAll('<', '&lt;'), '&gt;');
      continue;
    }
    if (inside.startsWith('/')) {
      if (!inMarker) close(tag, open, out);
      continue;
    }
    if (silent.has(tag)) {
      if (!inside.endsWith('/')) at = pastClosing(source, tag, at);
      continue;
    }
    if (inMarker) continue;
    if (tag === 'hr') out.push('<p></p>');
    const [opening, closing] = element(tag, inside);
    out.push(opening);
    if (!bare.has(tag) && !inside.endsWith('/')) open.push({ tag, close: closing });
    else if (closing) out.push(closing);
  }
  while (open.length > 0) out.push(open.pop()?.close ?? '');
  return out.join('');
}

export function clean(html: string): string {
  const walk = cleaning(html);
  for (;;) {
    const step = walk.next();
    if (step.done) return step.value;
  }
}

/** What was copied, without the page around it. */
function fragment(html: string): string {
  const start = html.indexOf('<!--StartFragment-->');
  const end = html.lastIndexOf('<!--EndFragment-->');
  return start !== -1 && end > start ? html.slice(start + 20, end) : html;
}

/** The ">" that ends a tag: one inside quotes does not. */
function tagEnd(source: string, from: number): number {
  let quote = '';
  for (let at = from + 1; at < source.length; at++) {
    const char = source[at];
    if (quote) {
      if (char === quote) quote = '';
    } else if (char === '>') return at;
    else if ((char === '"' || char === "'") && source[at - 1]?.match(/[=\s]/)) quote = char;
  }
  // A quote that is never closed: then the next ">" must do.
  return source.indexOf('>', from);
}

function pastClosing(source: string, tag: string, from: number): number {
  const closing = new RegExp(`</\\s*${codes(tag)}\\s*>`, 'gi');
  closing.lastIndex = from;
  return closing.exec(source) ? closing.lastIndex : source.length;
}

function close(tag: string, open: Open[], out: string[]): void {
  const at = open.findLastIndex((one) => one.tag === tag);
  if (at === -1) return;
  while (open.length > at) out.push(open.pop()?.close ?? '');
}

function element(tag: string, inside: string): [string, string] {
  if (heading.test(tag)) return ['<p><strong>', '</strong></p>'];
  if (tag === 'span' || tag === 'font') return emphasis(attributes(inside).style ?? '');
  const name = kept[tag];
  if (!name) return ['', ''];
  const found = attributes(inside);
  const style = found.style ?? '';
  // Google wraps everything that is copied in a <b> that is none.
  if (name === 'strong' && /font-weight\s*:\s*(normal|400)/i.test(style)) return ['', ''];
  if (name === 'p' && (/mso-list\s*:/i.test(style) || /MsoListParagraph/i.test(found.class ?? '')))
    return [`<p data-level="${/level(\d)/i.exec(style)?.[1] ?? 1}">`, '</p>'];
  if (name === 'a') return link(found.href ?? '');
  if (name === 'img') return [image(found), ''];
  if (name === 'td' || name === 'th') return [`<${name}${spans(found)}>`, `</${name}>`];
  return [`<${name}>`, name === 'br' ? '' : `</${name}>`];
}

function emphasis(style: string): [string, string] {
  const strong = /font-weight\s*:\s*(bold|[6-9]00)/i.test(style);
  const slanted = /font-style\s*:\s*italic/i.test(style);
  return [
    (strong ? '<strong>' : '') + (slanted ? '<em>' : ''),
    (slanted ? '</em>' : '') + (strong ? '</strong>' : ''),
  ];
}

function link(href: string): [string, string] {
  return /^(https?:|mailto:|tel:)/i.test(href) ? [`<a href="${quoted(href)}">`, '</a>'] : ['', ''];
}

/** A picture that came along stays; one from elsewhere leaves its words, for nobody may be called by a paste. */
function image(found: Record<string, string>): string {
  const source = found.src ?? '';
  const alt = found.alt ?? '';
  if (/^data:image\/(png|jpe?g|gif|webp);base64,/i.test(source))
    return `<img src="${quoted(source)}" alt="${quoted(alt)}">`;
  if (source.startsWith('/api/v1/attachments/')) return `<img src="${quoted(source)}" alt="${quoted(alt)}">`;
  return alt.replaceAll('<', '&lt;');
}

function spans(found: Record<string, string>): string {
  const span = (name: 'colspan' | 'rowspan') => {
    const count = Math.min(50, Number.parseInt(found[name] ?? '', 10));
    return count > 1 ? ` ${name}="${count}"` : '';
  };
  return span('colspan') + span('rowspan');
}

/** The paragraph that was opened last belongs to a list; its marker tells which kind. */
function nameList(out: string[], marker: string): void {
  const at = out.findLastIndex((piece) => piece.startsWith('<p data-level'));
  const piece = out[at];
  if (piece === undefined) return;
  const ordered =
    /^[\s ]*(?:&nbsp;)*[\d\p{L}]{1,4}[.)]/u.test(marker) && !/^[\s ]*o(?:\s|&nbsp;)/.test(marker);
  out[at] = piece.replace('<p ', `<p data-list="${ordered ? 'ol' : 'ul'}" `);
}

function quoted(text: string): string {
  return text.replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
