/** What the text itself says: does it speak of an attachment, is there anything in it at all. */

const attachmentTalk = [
  /(?<!\p{L})(прикрепил|прикрепля|прикрепл[её]н|прикладыва|приложил|приложен[аоы]?(?!\p{L})|приложенн\p{L}+ (файл|документ|скан|фото|акт|счет|счёт)|прилага|вложил|вкладыва(ю|ем)(?!\p{L})|высыла\p{L}* файл|во вложени|в приложени[ие] к письму|в аттач)/iu,
  /(?<!\p{L})(см\.?|смотрите|посмотрите) (вложени|приложени|файл)/iu,
  /\b(attached|attaching|attachments?|enclosed|i attach|see the file)\b/i,
];

/** True when the words promise a file, in Russian or English. Quoted lines do not count. */
export function promisesAttachment(text: string): boolean {
  const own = text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('>'))
    .join('\n');
  return attachmentTalk.some((talk) => talk.test(own));
}

/** The words of an HTML fragment, one line a block. */
export function plainText(html: string): string {
  const page = new DOMParser().parseFromString(
    html.replace(/<\/(p|li|div|h\d|blockquote)>|<br\s*\/?>/gi, '\n$&'),
    'text/html',
  );
  return (page.body.textContent ?? '').replace(/ /g, ' ');
}

function essence(html: string): string {
  return plainText(html).replace(/\s+/g, ' ').trim();
}

/** The words of the writer alone: what is quoted from others is left out. */
export function ownWords(html: string): string {
  const page = new DOMParser().parseFromString(html, 'text/html');
  for (const quote of page.querySelectorAll('blockquote')) quote.remove();
  return plainText(page.body.innerHTML);
}

/** Nothing was written: the body is empty, or just the greeting and closing that were put there for the person. */
export function isBlank(html: string, prepared = ''): boolean {
  if (/<img\b/i.test(html)) return false;
  const text = essence(html);
  return text === '' || text === essence(prepared);
}
