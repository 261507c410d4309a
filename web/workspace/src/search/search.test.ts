import { describe, expect, it } from 'vitest';
import { onlyWords, queryPieces } from './filters';
import { snippetPieces } from './marks';

describe('a query', () => {
  it('falls into filters and words and can be put together again', () => {
    const q = 'status:open,new -tag:"очень срочно" посылка "не пришла"';
    const pieces = queryPieces(q);
    expect(pieces.map((piece) => piece.text).join('')).toBe(q);
    expect(pieces.filter((piece) => piece.filter).map((piece) => piece.text)).toEqual([
      'status:open,new',
      '-tag:"очень срочно"',
    ]);
  });

  it('of words alone is searched in texts; with a filter it narrows the list', () => {
    expect(onlyWords('где посылка')).toBe(true);
    expect(onlyWords('"exact words" 88213')).toBe(true);
    expect(onlyWords('status:open посылка')).toBe(false);
    expect(onlyWords('waiting:>4h')).toBe(false);
  });
});

describe('a snippet', () => {
  it('keeps its marks and turns everything else into text', () => {
    expect(snippetPieces('где <mark>посылка</mark> &lt;b&gt; <img src=x onerror=alert(1)>')).toEqual([
      { text: 'где ', hit: false },
      { text: 'посылка', hit: true },
      { text: ' <b> ', hit: false },
    ]);
  });
});
