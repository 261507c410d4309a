import { describe, expect, it } from 'vitest';
import type { Message, TicketEvent } from '../api/types';
import { framePage, remoteImages, withImages, withoutImages } from './frame';
import { bringsOwnPaper, saysNoMoreThanText, textPieces } from './text';
import { freshIds, timeline } from './timeline';

const message = (id: number, kind: Message['kind'], at = id) =>
  ({ id, kind, created_at: new Date(at * 1000).toISOString() }) as Message;
const event = (id: number, at: number) =>
  ({ id, kind: 'ticket.status', at: new Date(at * 1000).toISOString() }) as TicketEvent;

describe('the stream', () => {
  it('puts messages and events into one order and groups neighbouring events', () => {
    const moments = timeline(
      [message(1, 'customer', 1), message(2, 'reply', 9)],
      [event(3, 2), event(4, 3), event(5, 20)],
      () => 'said',
      () => false,
    );
    expect(moments.map((one) => (one.type === 'message' ? one.message.id : one.events.length))).toEqual([
      1, 2, 2, 1,
    ]);
  });

  it('leaves out events that nobody needs to read', () => {
    expect(
      timeline(
        [message(1, 'customer')],
        [event(2, 5)],
        () => null,
        () => false,
      ),
    ).toHaveLength(1);
  });

  it('marks customer messages as new that came after the last one seen, whoever has answered since', () => {
    const messages = [
      message(1, 'customer'),
      message(2, 'customer'),
      message(3, 'reply'),
      message(4, 'note'),
      message(5, 'customer'),
    ];
    expect([...freshIds(messages, 1)]).toEqual([2, 5]);
    expect(freshIds(messages, 5).size).toBe(0);
  });

  it('marks for whoever has never been here what we have not answered', () => {
    const messages = [message(1, 'customer'), message(2, 'reply'), message(3, 'customer')];
    expect([...freshIds(messages, 0)]).toEqual([3]);
    expect([...freshIds([message(1, 'customer')], 0)]).toEqual([1]);
  });
});

describe('plain words', () => {
  it('make links of addresses and leave the full stop outside', () => {
    const pieces = textPieces('Смотрите https://lavka.example/a?b=1. Пишите a@b.example, спасибо');
    expect(pieces.filter((piece) => piece.type === 'link')).toEqual([
      { type: 'link', text: 'https://lavka.example/a?b=1', href: 'https://lavka.example/a?b=1' },
      { type: 'link', text: 'a@b.example', href: 'mailto:a@b.example' },
    ]);
    expect(pieces.map((piece) => piece.text).join('')).toContain('1. Пишите');
  });

  it('never link a script', () => {
    expect(textPieces('javascript:alert(1)').every((piece) => piece.type === 'text')).toBe(true);
  });

  it('tint a colleague by the whole name', () => {
    expect(textPieces('@Олег Титов, глянь', ['Олег Титов'])[0]).toEqual({
      type: 'mention',
      text: '@Олег Титов',
    });
  });
});

describe('the frame of a mail', () => {
  const options = {
    html: '<p>x</p>',
    images: false,
    paper: false,
    dark: false,
    origin: 'https://desk.example',
    fonts: '',
  };

  it('forbids everything but own pictures and inline styles until images are asked for', () => {
    expect(framePage(options)).toContain("default-src 'none'; img-src https://desk.example data:;");
    expect(framePage(options)).not.toContain('script-src');
    expect(framePage({ ...options, images: true })).toContain(
      'img-src https://desk.example data: https: http:;',
    );
  });

  it('gives blocked pictures their sources only when asked', () => {
    const html = '<img data-remote-src="https://news.example/p.gif">';
    expect(framePage({ ...options, html })).toContain('data-remote-src');
    expect(withImages(html)).toBe('<img src="https://news.example/p.gif">');
  });

  it('blocks remote pictures even if the server let them through, and counts them', () => {
    const html =
      '<img src="https://news.example/a.gif"><img src="//x.example/b.gif"><img src="/api/v1/attachments/3">';
    expect(remoteImages(html)).toBe(2);
    expect(withoutImages(html).match(/ src="([^"]*)"/g)).toEqual([' src="/api/v1/attachments/3"']);
  });

  it('knows mail that says no more than its text, and mail that wants its own paper', () => {
    expect(saysNoMoreThanText('<p>a<br>b</p><div>c</div>')).toBe(true);
    expect(saysNoMoreThanText('<p><b>a</b></p>')).toBe(false);
    expect(bringsOwnPaper('<table bgcolor="#fff">')).toBe(true);
    expect(bringsOwnPaper('<p><b>a</b></p>')).toBe(false);
  });
});
