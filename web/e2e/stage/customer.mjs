/** A customer with a mail program: begins a conversation, and answers in it. */
import { randomBytes } from 'node:crypto';
import { support } from './department.mjs';

export function customer(desk, { name = 'Anna Karelina', address = 'anna@karelina.example' } = {}) {
  const letters = [];

  /** A letter, in reply to the one before; `more` are further lines of its head, `body` replaces the words. */
  async function write(subject, words, { more = ['Content-Type: text/plain; charset=utf-8'], body } = {}) {
    const id = `<${randomBytes(8).toString('hex')}@karelina.example>`;
    const before = letters.at(-1);
    await desk.receive([
      `From: ${name} <${address}>`,
      `To: ${support}`,
      `Subject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=`,
      `Message-Id: ${id}`,
      ...(before ? [`In-Reply-To: ${before}`, `References: ${letters.join(' ')}`] : []),
      ...more,
      '',
      body ?? words,
    ]);
    letters.push(id);
    return desk.ticketOf(subject);
  }

  /** A letter with a picture beside its words. */
  const show = (subject, words, filename, png) =>
    write(subject, words, {
      more: ['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary="part"'],
      body: [
        '--part',
        'Content-Type: text/plain; charset=utf-8',
        '',
        words,
        '--part',
        'Content-Type: image/png',
        `Content-Disposition: attachment; filename="${filename}"`,
        'Content-Transfer-Encoding: base64',
        '',
        png.toString('base64'),
        '--part--',
        '',
      ].join('\r\n'),
    });

  return { write, show };
}
