/** A message's words on their way into the answer. */
import type { Message } from '../api/types';
import { fullTime } from '../format/index.svelte';
import { t } from '../i18n/index.svelte';

export const wordsOf = (message: Message) => (message.visible.trim() || message.text).trim();

/** Blocks for the editor: who said it and when, what was said, and an empty line to go on. */
export function quoteHtml(intro: string, words: string): string {
  const line = (text: string) => {
    const paragraph = document.createElement('p');
    paragraph.textContent = text;
    return paragraph.outerHTML;
  };
  const lines = words
    .trim()
    .split(/\n\s*\n|\n/)
    .map(line)
    .join('');
  return `${line(intro)}<blockquote>${lines}</blockquote><p></p>`;
}

export function quoted(message: Message, selection: string): string {
  const name = message.author.name || message.author.address || t('message.nobody');
  const intro = t('quote.intro', { name, time: fullTime(message.created_at) });
  return quoteHtml(intro, selection.trim() || wordsOf(message));
}

/** What is selected inside this element, or inside the mail's frame in it. */
export function selectedIn(element: HTMLElement): string {
  const inside = element.querySelector('iframe')?.contentDocument?.getSelection()?.toString() ?? '';
  if (inside.trim()) return inside;
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return '';
  return element.contains(selection.getRangeAt(0).commonAncestorContainer) ? selection.toString() : '';
}
