/** The attributes of one tag as written, e.g. `a href="x" class=y`. Names in lower case; entities stay as they are. */
const attribute = /([a-z][a-z0-9:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;

export function attributes(inside: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = '', double, single, plain] of inside.matchAll(attribute)) {
    found[name.toLowerCase()] ??= (double ?? single ?? plain ?? '').trim();
  }
  return found;
}

/** A word taken literally inside a regular expression. */
export function codes(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
