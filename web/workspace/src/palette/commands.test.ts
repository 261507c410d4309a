import { describe, expect, it } from 'vitest';
import { setLocale } from '../i18n/index.svelte';
import { offered } from './commands';

describe('the palette', () => {
  it('offers to search for words that are no command, and nothing else', () => {
    setLocale('en');
    expect(offered('all', 'broken kettle').map(({ id }) => id)).toEqual(['search']);
  });

  it('offers a command by its own words', () => {
    setLocale('en');
    expect(offered('all', 'new tick').map(({ id }) => id)).toContain('new_ticket');
  });

  it('offers a tag that is not there yet', () => {
    expect(offered('tag', 'very fresh').map(({ id }) => id)).toEqual(['new_tag']);
  });
});
