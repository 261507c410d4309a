import { describe, expect, it } from 'vitest';
import type { Attachment, Message, Ticket } from '../api/types';
import { forwarding, paragraphs } from './forwarding';

const file = (id: number, inline = false) => ({ id, filename: `f${id}`, inline }) as Attachment;
const message = (more: Partial<Message>) =>
  ({
    id: 1,
    author: { type: 'contact', id: 1, name: 'Anna', address: 'anna@x.example' },
    subject: '',
    text: 'whole text\n> old',
    visible: 'new words',
    html: null,
    attachments: [],
    created_at: '2026-11-22T08:00:00.000Z',
    ...more,
  }) as unknown as Message;
const ticket = { subject: 'Parcel' } as Ticket;

describe('a message that is passed on', () => {
  it('carries its subject, marked once, and its whole text under room for a word', async () => {
    const first = await forwarding(message({}), ticket);
    expect(first.subject).toMatch(/Parcel$/);
    expect(first.html).toMatch(/^<p><\/p><p><\/p><p>-+ .*<br>.*anna@x\.example/);
    expect(first.html).toContain('<p>whole text<br>&gt; old</p>');
    expect((await forwarding(message({ subject: 'Fwd: Parcel' }), ticket)).subject).toBe('Fwd: Parcel');
  });

  it('keeps its formatting, its pictures and its tables', async () => {
    const html =
      '<div style="color:red"><b>Bold</b> <a href="https://x.example/">link</a></div>' +
      '<img src="/api/v1/attachments/7" alt="cup"><table><tr><td>1</td></tr></table>';
    const { html: kept, files } = await forwarding(
      message({ html, attachments: [file(7, true), file(70), file(8)] }),
      ticket,
    );
    expect(kept).toContain('<strong>Bold</strong> <a href="https://x.example/">link</a>');
    expect(kept).toContain('<img src="/api/v1/attachments/7" alt="cup">');
    expect(kept).toContain('<td>1</td>');
    expect(kept).not.toContain('style');
    expect(files.map((one) => one.id)).toEqual([70, 8]);
  });

  it('brings nothing along that runs or calls elsewhere', async () => {
    const html =
      '<p onclick="x()">Hi<script>x()</script><img src="https://spy.example/p.gif" alt="">' +
      '<img data-remote-src="https://spy.example/q.gif" alt="sale"></p>';
    const { html: kept } = await forwarding(message({ html }), ticket);
    expect(kept).not.toMatch(/script|onclick|spy\.example/);
    expect(kept).toContain('Hi');
    expect(kept).toContain('sale');
  });

  it('falls back to its plain words when nothing else is left of it', async () => {
    const html = '<div><img data-remote-src="https://spy.example/all.png" alt=""></div>';
    expect((await forwarding(message({ html }), ticket)).html).toContain('whole text');
  });
});

it('plain words become paragraphs and never markup', () => {
  expect(paragraphs('a\nb\n\n<b>c & d')).toBe('<p>a<br>b</p><p>&lt;b&gt;c &amp; d</p>');
});
