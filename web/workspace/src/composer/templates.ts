/** Templates in the composer: the order in which they are offered, and what one becomes in a ticket. */
import { api } from '../api';
import { zone } from '../format/zone.svelte';
import type { FilledTemplate, Template } from '../api/types';

/** Those whose shortcut begins with the letters come first, then the server's own order. */
export function found(templates: Template[], letters: string): Template[] {
  const wanted = letters.toLowerCase();
  if (wanted === '') return templates;
  const rank = ({ shortcut }: Template) => {
    const own = shortcut.toLowerCase();
    return own === wanted ? 0 : own !== '' && own.startsWith(wanted) ? 1 : 2;
  };
  return templates
    .map((template, at) => ({ template, at }))
    .sort((a, b) => rank(a.template) - rank(b.template) || a.at - b.at)
    .map(({ template }) => template);
}

/** A single paragraph goes into the line that is being written instead of breaking it. */
export function inLine(html: string): string {
  const only = /^\s*<p>((?:(?!<\/?p\b)[\s\S])*)<\/p>\s*$/.exec(html);
  return only?.[1] ?? html;
}

const kept = new Map<string, Promise<FilledTemplate>>();

/** Looked at first, chosen a moment later: asked for once. The ticket may change, so it is not kept for long. */
export function filledTemplate({ id, version }: Template, ticketId: number): Promise<FilledTemplate> {
  const key = `${id}.${version}.${ticketId}`;
  let filled = kept.get(key);
  if (!filled) {
    filled = api.templates.filled(id, ticketId, zone.current);
    kept.set(key, filled);
    const forget = () => kept.delete(key);
    filled.then(() => setTimeout(forget, 30_000), forget);
  }
  return filled;
}
