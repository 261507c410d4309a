/** Reads the sources themselves: what a person sees comes from the catalogues, and its words are there when it is shown. */
import { parse, type AST } from 'svelte/compiler';
import { describe, expect, it } from 'vitest';

const all: Record<string, string> = {
  ...import.meta.glob<string>('../**/*.svelte', { query: '?raw', import: 'default', eager: true }),
  ...import.meta.glob<string>('../**/*.ts', { query: '?raw', import: 'default', eager: true }),
};
const sources = Object.fromEntries(
  Object.entries(all)
    .filter(([path]) => !path.endsWith('.test.ts') && !path.endsWith('.d.ts'))
    .map(([path, text]) => [path.replace(/^\.\.\//, '').replace(/^\.\//, 'i18n/'), text]),
);
const code = Object.entries(sources).filter(([path]) => !path.startsWith('i18n/'));

/** Names, which are the same in every language, and keys as they stand on the keyboard. */
const names =
  /^(Русский|English|Zammad|Chatwoot|Esc|Tab|Ctrl|Enter|SMTP|IMAP|API|CSV|AaĞЖ|B|I|H|IANA)$|^[a-z]+:\/\/\S*$|^\S+@\S+$|^\w+\.example$/;
const spoken = (text: string) =>
  text
    .replace(/&\w+;/g, ' ')
    .split(/\s+/)
    .filter((word) => /\p{L}{2,}/u.test(word) && !names.test(word.replace(/^[.,:;()]+|[.,:;()]+$/g, '')));

const heard = [
  'aria-label',
  'aria-description',
  'aria-roledescription',
  'aria-valuetext',
  'title',
  'placeholder',
  'alt',
  'label',
  'text',
  'closeLabel',
];

/** Literal words in the markup: text between tags, attributes that are read out, strings in braces. */
function literals(source: string): string[] {
  const found: string[] = [];
  const tree = parse(source, { modern: true });
  const expression = (node: unknown): void => {
    // Only what is printed as it stands: 'a', `a`, x ? 'a' : 'b'.
    const one = node as {
      type: string;
      value?: unknown;
      quasis?: { value: { cooked: string } }[];
      [key: string]: unknown;
    };
    if (one.type === 'Literal' && typeof one.value === 'string') found.push(...spoken(one.value));
    if (one.type === 'TemplateLiteral')
      for (const { value } of one.quasis ?? []) found.push(...spoken(value.cooked));
    if (one.type === 'ConditionalExpression') [one.consequent, one.alternate].forEach(expression);
    if (one.type === 'LogicalExpression') [one.left, one.right].forEach(expression);
  };
  const walk = (node: unknown, inside: string): void => {
    if (Array.isArray(node)) return node.forEach((child) => walk(child, inside));
    if (typeof node !== 'object' || node === null) return;
    const one = node as AST.BaseNode & Record<string, unknown>;
    if (one.type === 'Text' && inside === '') found.push(...spoken(String(one.data)));
    if (one.type === 'ExpressionTag' && inside === '') expression(one.expression);
    if (one.type === 'Attribute') {
      if (!heard.includes(String(one.name))) return;
      for (const part of [one.value].flat()) {
        const value = part as Record<string, unknown> & { type?: string };
        if (value.type === 'Text') found.push(...spoken(String(value.data)));
        if (value.type === 'ExpressionTag') expression(value.expression);
      }
      return;
    }
    if (
      ['Script', 'StyleSheet', 'SpreadAttribute', 'OnDirective', 'StyleDirective', 'ClassDirective'].includes(
        String(one.type),
      )
    )
      return;
    for (const [key, child] of Object.entries(one)) if (key !== 'expression') walk(child, inside);
  };
  walk(tree.fragment, '');
  return found;
}

const withoutComments = (text: string) => text.replace(/<!--[^]*?-->|\/\*[^]*?\*\/|(^|\s)\/\/.*$/gm, '');

describe('what a person reads', () => {
  it('stands in the catalogues and nowhere in the markup', () => {
    const outside = code
      .filter(([path]) => path.endsWith('.svelte'))
      .flatMap(([path, source]) => literals(source).map((word) => `${path}: ${word}`));
    expect(outside).toEqual([]);
  });

  it('is never written in Russian outside of the Russian catalogue', () => {
    const outside = code.flatMap(([path, source]) =>
      (withoutComments(source).match(/(['"`>])[^'"`<>\n]*[а-яё]{2}[^'"`<>\n]*/gi) ?? [])
        .filter((text) => spoken(text.slice(1)).length > 0)
        // Regular expressions that recognise what people write are no words of ours.
        .filter((text) => !/[[\]|\\^]/.test(text))
        .map((text) => `${path}: ${text}`),
    );
    expect(outside).toEqual([]);
  });

  it('is found at all: a word in the markup would be seen by this very check', () => {
    expect(literals('<p>Hello {name}</p>')).toEqual(['Hello']);
    expect(literals('<button aria-label="Close it">×</button>')).toEqual(['Close', 'it']);
    expect(literals("<p>{open ? 'Opened' : t('x')}</p>")).toEqual(['Opened']);
    expect(literals('<p class="words">{t("x")} · №</p>')).toEqual([]);
  });
});

/** What a file imports; `later` also what it imports when it is asked to. */
function imports(path: string, later: boolean): string[] {
  const pattern = later ? /(?:from|import)\s*\(?\s*'(\.[^']*)'/g : /(?:from|import)\s*'(\.[^']*)'/g;
  return [...(sources[path] ?? '').matchAll(pattern)].flatMap(([, from = '']) => {
    const clean = path.split('/').slice(0, -1);
    for (const part of from.split('/')) {
      if (part === '..') clean.pop();
      else if (part !== '.') clean.push(part);
    }
    const joined = clean.join('/');
    return [joined, `${joined}.ts`, `${joined}/index.ts`].filter((name) => name in sources);
  });
}

/** Every file one can come to from these, without passing some. */
function reachable(
  from: string,
  later: boolean,
  without: (path: string) => boolean = () => false,
): Set<string> {
  const seen = new Set<string>();
  const go = (path: string) => {
    if (seen.has(path) || without(path)) return;
    seen.add(path);
    imports(path, later).forEach(go);
  };
  go(from);
  return seen;
}

describe('words that come with their screens', () => {
  const parts = Object.entries(sources).filter(
    ([path, text]) => /^i18n\/\w+\.ts$/.test(path) && /^learn\(/m.test(text),
  );

  it('are known', () => {
    expect(parts.length).toBeGreaterThan(1);
    expect(reachable('main.ts', true).size).toBeGreaterThan(100);
  });

  it.each(parts.map(([path]) => /(\w+)\.ts$/.exec(path)?.[1] ?? ''))(
    '%s: nobody uses them who may come without them',
    (part) => {
      const keys = [...(sources[`i18n/en/${part}.ts`] ?? '').matchAll(/^ {2}'([^']+)':/gm)].map(
        ([, key]) => key ?? '',
      );
      // Whoever imports them, be it by way of others, has them before its own first word.
      const early = reachable('main.ts', true, (path) => reachable(path, false).has(`i18n/${part}.ts`));
      const uses = (source: string) =>
        [...source.matchAll(/\bt\(\s*(?:'([^']+)'|`([^$`]+)\$)/g)].flatMap(([, whole, start]) =>
          keys.filter((key) => key === whole || (start !== undefined && key.startsWith(start))),
        );
      const tooEarly = [...early]
        .filter((path) => !path.startsWith('i18n/'))
        .flatMap((path) => uses(sources[path] ?? '').map((key) => `${path}: ${key}`));
      expect(tooEarly).toEqual([]);
    },
  );
});
