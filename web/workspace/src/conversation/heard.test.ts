import { describe, expect, it } from 'vitest';
import type { Message } from '../api/types';
import { setLocale } from '../i18n/index.svelte';
import { heard } from './words';

const message = (more: Partial<Message>) =>
  ({
    id: 1,
    kind: 'customer',
    author: { type: 'contact', id: 1, name: 'Anna', address: 'anna@example.org' },
    visible: 'It\n\nworks  again.',
    ...more,
  }) as Message;

describe('what a screen reader says of a new message', () => {
  it('is who wrote it, what it is, and its words in one line', () => {
    setLocale('en');
    expect(heard(message({}))).toBe('New message, Anna: It works again.');
    expect(heard(message({ kind: 'note' }))).toBe('Note by Anna: It works again.');
    setLocale('ru');
    expect(heard(message({ kind: 'reply' }))).toBe('Ответ, Anna: It works again.');
  });

  it('does not read a novel', () => {
    expect(heard(message({ visible: 'word '.repeat(10_000) })).length).toBeLessThan(300);
  });

  it('has a name for whoever has none', () => {
    const author = { type: 'contact' as const, id: 1, name: '', address: 'anna@example.org' };
    expect(heard(message({ author }))).toContain('anna@example.org');
  });
});
