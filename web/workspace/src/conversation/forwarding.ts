/**
 * A message on its way to somebody else: its words with their formatting and pictures, cleaned like anything that comes
 * from outside, under room for a word of one's own.
 */
import type { Attachment, Message, Ticket } from '../api/types';
import { pasted } from '../composer/paste/paste';
import { writeAddress } from '../composer/recipients';
import { fullTime } from '../format/index.svelte';
import { t } from '../i18n/index.svelte';

export interface Forwarding {
  subject: string;
  html: string;
  /** What is offered to go along; what the text shows goes by itself. */
  files: Attachment[];
  /** Pictures that lay inside the text. */
  pictures: File[];
}

export async function forwarding(message: Message, ticket: Ticket): Promise<Forwarding> {
  const subject = message.subject || ticket.subject;
  const already = /^\s*(fwd?|переслано)\s*:/i.test(subject);
  const { html, pictures } = await bodyOf(message);
  return {
    subject: already ? subject : t('forward.subject', { subject }),
    html: `<p></p><p></p>${paragraphs(headOf(message, subject))}<p></p>${html}`,
    files: message.attachments.filter((file) => !shows(html, file)),
    pictures,
  };
}

function headOf({ author, created_at }: Message, subject: string): string {
  return t('forward.head', {
    mark: t('forward.mark'),
    from: writeAddress({ name: author.name, address: author.address ?? '' }),
    time: fullTime(created_at),
    subject,
  });
}

async function bodyOf(message: Message): Promise<{ html: string; pictures: File[] }> {
  const text = message.text.trim() || message.visible.trim();
  if (message.html === null) return { html: paragraphs(text), pictures: [] };
  const result = await pasted(message.html, text);
  if (result.kind !== 'rich') return { html: paragraphs(result.text), pictures: [] };
  // A mail that is nothing but pictures from elsewhere leaves no words behind.
  const empty = result.html.replace(/<(?!img)[^>]*>/g, '').trim() === '';
  return { html: empty ? paragraphs(text) : result.html, pictures: result.pictures };
}

/** Empty lines part paragraphs, others break the line. */
export function paragraphs(text: string): string {
  const safe = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return safe
    .split(/\n{2,}/)
    .map((part) => `<p>${part.replaceAll('\n', '<br>')}</p>`)
    .join('');
}

const shows = (html: string, { id }: Attachment) =>
  new RegExp(`src="/api/v1/attachments/${id}(?!\\d)`).test(html);
