import { describe, expect, it } from 'vitest';
import type { Message } from '../api/types';
import { arrowHead, worthKeeping } from './marks';
import { quoteHtml, quoted } from './passing';
import { picturesOf } from './pictures.svelte';

const message = (more: Partial<Message>) =>
  ({
    id: 1,
    author: { type: 'contact', id: 1, name: 'Anna', address: 'anna@x.example' },
    subject: '',
    text: 'whole text\n> old',
    visible: 'new words',
    attachments: [],
    created_at: '2026-11-22T08:00:00.000Z',
    ...more,
  }) as unknown as Message;

describe('a quoted message', () => {
  it('keeps its lines, names its author, and leaves room to go on', () => {
    expect(quoteHtml('Anna:', 'a\n\nb')).toBe('<p>Anna:</p><blockquote><p>a</p><p>b</p></blockquote><p></p>');
  });
  it('never becomes markup', () => {
    expect(quoteHtml('<b>', '<img src=x>')).toContain('&lt;img src=x&gt;');
    expect(quoteHtml('<b>', 'x')).not.toContain('<b>');
  });
  it('is the selection when there is one, else what is not quoted from earlier', () => {
    expect(quoted(message({}), ' only this ')).toContain('<p>only this</p>');
    expect(quoted(message({}), '')).toContain('<p>new words</p>');
  });
});

it('the light box walks every picture of the conversation once, and nothing else', () => {
  const file = (id: number, content_type: string) => ({ id, content_type }) as Message['attachments'][0];
  const messages = [
    message({ attachments: [file(1, 'image/png'), file(2, 'application/pdf')] }),
    message({ attachments: [file(1, 'image/png'), file(3, 'image/jpeg'), file(4, 'image/svg+xml')] }),
  ];
  expect(picturesOf(messages).map((one) => one.id)).toEqual([1, 3]);
});

describe('marks', () => {
  it('have arrow heads behind their point', () => {
    const [left, right] = arrowHead({ x: 0, y: 0 }, { x: 100, y: 0 }, 10);
    expect(left.x).toBeLessThan(100);
    expect(right.y).toBeCloseTo(-left.y);
  });
  it('made by a slip of the hand are dropped', () => {
    expect(worthKeeping({ tool: 'box', from: { x: 1, y: 1 }, to: { x: 2, y: 2 } })).toBe(false);
    expect(worthKeeping({ tool: 'text', at: { x: 1, y: 1 }, words: '  ' })).toBe(false);
    expect(worthKeeping({ tool: 'arrow', from: { x: 1, y: 1 }, to: { x: 50, y: 2 } })).toBe(true);
  });
});
