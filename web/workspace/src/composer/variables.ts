/** Variables in the HTML of an answer or a template. Pure. */
export const variables = [
  'contact.name',
  'contact.first_name',
  'contact.organization',
  'ticket.number',
  'ticket.subject',
  'agent.name',
  'agent.first_name',
  'brand.name',
  'inbox.name',
  'inbox.address',
  'today',
] as const;
export type VariableName = (typeof variables)[number];

const marked = /<span data-variable="([^"]*)">.*?<\/span>/g;
const written = /\{\{\s*([a-z_.]+)\s*\}\}/g;
const known = (name: string) => (variables as readonly string[]).includes(name);

/** Those that still wait for a person, in their order; also the known ones somebody typed by hand. */
export function unresolved(html: string): string[] {
  const found: string[] = [];
  const rest = html.replace(marked, (_, name: string) => {
    found.push(name);
    return '';
  });
  for (const [, name = ''] of rest.matchAll(written)) if (known(name)) found.push(name);
  return found;
}

/** For the editor: written variables become pieces. */
export function asPieces(html: string): string {
  const piece = (whole: string, name: string) =>
    known(name) ? `<span data-variable="${name}">{{${name}}}</span>` : whole;
  // Every second part is a piece already, perhaps one of a name we do not know.
  return html
    .split(/(<span data-variable="[^"]*">.*?<\/span>)/)
    .map((part, at) => (at % 2 === 1 ? part : part.replace(written, piece)))
    .join('');
}

/** For the server: pieces become `{{name}}` again. */
export function asWritten(html: string): string {
  return html.replace(marked, (_, name: string) => `{{${name}}}`);
}

/** A look at the template with somebody's values in it. */
export function filledWith(html: string, value: (name: string) => string): string {
  return asWritten(html).replace(written, (whole, name: string) => {
    if (!known(name)) return whole;
    return value(name).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  });
}
