/** A message's words on their way into another text: quoted in the answer, or passed on to somebody else. */
import type { Message, Ticket } from '../api/types';
import { writeAddress } from '../composer/recipients';
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

/** The new mail: room for a word of one's own, then the message as it was. */
export function passedOn(message: Message, ticket: Ticket): { subject: string; body: string } {
  const subject = message.subject || ticket.subject;
  const { name, address } = message.author;
  const head = t('forward.head', {
    mark: t('forward.mark'),
    from: writeAddress({ name, address: address ?? '' }),
    time: fullTime(message.created_at),
    subject,
  });
  const already = /^\s*(fwd?|переслано)\s*:/i.test(subject);
  return {
    subject: already ? subject : t('forward.subject', { subject }),
    body: `\n\n${head}\n\n${message.text.trim() || message.visible}`,
  };
}

/** What is selected inside this element, or inside the mail's frame in it. */
export function selectedIn(element: HTMLElement): string {
  const inside = element.querySelector('iframe')?.contentDocument?.getSelection()?.toString() ?? '';
  if (inside.trim()) return inside;
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return '';
  return element.contains(selection.getRangeAt(0).commonAncestorContainer) ? selection.toString() : '';
}
