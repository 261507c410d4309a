import { describe, expect, it } from 'vitest';
import { noticeOf, ownPath } from './notice';

describe('a push message', () => {
  it('becomes a notice that leads to its ticket', () => {
    const { title, options } = noticeOf(
      JSON.stringify({
        title: 'Анна упомянула вас',
        body: '#1042',
        url: '/tickets/1042?m=7',
        tag: 'ticket-1042',
      }),
    );
    expect([title, options.body, options.tag, options.data.url]).toEqual([
      'Анна упомянула вас',
      '#1042',
      'ticket-1042',
      '/tickets/1042?m=7',
    ]);
  });
  it('that is broken is still a notice', () => {
    expect(noticeOf('{').options.body).toBe('{');
    expect(noticeOf('null').title).toBe('Opora');
    expect(noticeOf('{"title":5}').title).toBe('Opora');
  });
  it('never leads to another site', () => {
    for (const url of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:1', 7]) {
      expect(ownPath(url), String(url)).toBe('/');
    }
  });
});
