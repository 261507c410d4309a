/** Words written after "send" was pressed and before the text had left: they are the beginning of the next one. */

/** What `now` has that `sent` had not; nothing when words were only taken away. */
export function laterWords(sent: string, now: string): string {
  const before = blocks(sent);
  const after = blocks(now);
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && same(before[head], after[head])) head += 1;
  let tail = 0;
  while (tail < most - head && same(before.at(-1 - tail), after.at(-1 - tail))) tail += 1;
  const gone = before.slice(head, before.length - tail);
  const [first, ...rest] = after.slice(head, after.length - tail);
  if (!first) return '';
  const begun = gone[0] ? addedTo(gone[0], first) : first.outerHTML;
  return [begun, ...rest.map((block) => block.outerHTML)].filter(saysSomething).join('');
}

/** Puts words where one writes: in the empty line of what was prepared, or before everything. */
export function framed(frame: string, words: string): { html: string; blocksBeforeCaret: number } {
  const at = Math.max(0, frame.indexOf('<p></p>'));
  const above = frame.slice(0, at) + words;
  return { html: above + frame.slice(at).replace('<p></p>', ''), blocksBeforeCaret: blocks(above).length };
}

/** A line that was written on: only what came to it. One that was rewritten: all of it. */
function addedTo(before: Element, after: Element): string {
  const paragraph = (html: string) => `<p>${html.trimStart()}</p>`;
  if (after.innerHTML.startsWith(before.innerHTML))
    return paragraph(after.innerHTML.slice(before.innerHTML.length));
  const old = before.textContent ?? '';
  const text = after.textContent ?? '';
  let head = 0;
  while (head < old.length && old[head] === text[head]) head += 1;
  if (!text.endsWith(old.slice(head)) || text.length <= old.length) return after.outerHTML;
  const words = document.createElement('p');
  words.textContent = text.slice(head, text.length - (old.length - head)).trim();
  return words.outerHTML;
}

function blocks(html: string): Element[] {
  return [...new DOMParser().parseFromString(html, 'text/html').body.children];
}

const same = (one: Element | undefined, other: Element | undefined) => one?.outerHTML === other?.outerHTML;

function saysSomething(html: string): boolean {
  return /<img\b/i.test(html) || html.replace(/<[^>]*>|&nbsp;/g, '').trim() !== '';
}
