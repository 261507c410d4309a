import { describe, expect, it } from 'vitest';
import { clean } from './clean';
import { longest, pasted, richest, sized } from './paste';

const rich = (html: string) => {
  const result = sized(clean(html), '');
  return result.kind === 'rich' ? result.html : result.kind;
};

describe('a paste', () => {
  it('keeps paragraphs, emphasis, lists, links, code and tables, and drops their dress', () => {
    expect(rich('<p class="x" style="color:red" onclick="a()">a <b>b</b> <i lang=ru>c</i></p>')).toBe(
      '<p>a <strong>b</strong> <em>c</em></p>',
    );
    expect(rich('<ul style="margin:0"><li>a</li></ul><ol><li>b</li></ol>')).toBe(
      '<ul><li>a</li></ul><ol><li>b</li></ol>',
    );
    expect(rich('<a href="https://x.example/?a=1&amp;b=2" target=_blank>x</a>')).toBe(
      '<a href="https://x.example/?a=1&amp;b=2">x</a>',
    );
    expect(rich('<table border=1><tbody><tr><td colspan=2 width=9>a</td></tr></tbody></table>')).toBe(
      '<table><tbody><tr><td colspan="2">a</td></tr></tbody></table>',
    );
    expect(rich('<h2>Title</h2><pre><code>if (a &lt; b)</code></pre>')).toBe(
      '<p><strong>Title</strong></p><pre><code>if (a &lt; b)</code></pre>',
    );
  });

  it('carries nothing that runs, loads or hides', () => {
    const html = rich(
      '<script>alert(1)</script><style>p{}</style><p><a href="javascript:alert(1)">a</a>' +
        '<img src="https://spy.example/p.gif" alt="logo" onerror="x()"><iframe src="x">no</iframe>' +
        '<svg><script>1</script></svg><!-- <p>hidden</p> --></p>',
    );
    expect(html).toBe('<p>alogo</p>');
  });

  it('takes the words of tags that only look like markup', () => {
    expect(rich('<p>5 < 6 and <3 and < p></p>')).toContain('5 &lt; 6 and &lt;3');
  });

  it('leaves nothing open that was left open, and ends an attribute that never ends', () => {
    expect(rich('<p><b>a')).toBe('<p><strong>a</strong></p>');
    expect(() => clean('<p title="never <b>ends</b> <p>x')).not.toThrow();
    expect(clean('<a href="x>y')).not.toContain('href');
  });

  it('reads the emphasis that Google and browsers write as style', () => {
    expect(
      rich(
        '<b style="font-weight:normal" id="docs-internal-guid-1"><span style="font-weight:700">a</span> b</b>',
      ),
    ).toBe('<strong>a</strong> b');
    expect(rich('<span style="font-style:italic">a</span>')).toBe('<em>a</em>');
  });

  it('takes only the copied part of the page', () => {
    expect(rich('<html><body>before<!--StartFragment--><p>a</p><!--EndFragment-->after</body></html>')).toBe(
      '<p>a</p>',
    );
  });
});

describe('a paste from Word', () => {
  const item = (level: number, marker: string, words: string) =>
    `<p class=MsoListParagraph style='margin-left:36pt;mso-list:l0 level${level} lfo1'><![if !supportLists]>` +
    `<span style='font-family:Symbol'><span style='mso-list:Ignore'>${marker}<span style='font:7pt'>&nbsp;&nbsp; ` +
    `</span></span></span><![endif]>${words}<o:p></o:p></p>`;

  it('gets its lists back, one inside another', () => {
    expect(rich(item(1, '·', 'a') + item(2, 'o', 'b') + item(1, '·', 'c'))).toBe(
      '<ul><li><p>a</p><ul><li><p>b</p></li></ul></li><li><p>c</p></li></ul>',
    );
  });

  it('gets numbered lists numbered, in Latin and in Russian', () => {
    expect(rich(item(1, '1.', 'a') + item(1, '2.', 'b'))).toBe('<ol><li><p>a</p></li><li><p>b</p></li></ol>');
    expect(rich(item(1, 'а)', 'а'))).toBe('<ol><li><p>а</p></li></ol>');
  });

  it('keeps what stands between two lists between them', () => {
    expect(rich(`${item(1, '·', 'a')}<p class=MsoNormal>x</p>${item(1, '·', 'b')}`)).toBe(
      '<ul><li><p>a</p></li></ul><p>x</p><ul><li><p>b</p></li></ul>',
    );
  });
});

describe('a big paste', () => {
  it('of five megabytes becomes clean in slices and stays a letter when its words are few', async () => {
    const dress = `<p class="MsoNormal" style="${'mso-bidi-font-family:Calibri;'.repeat(40)}">word</p>`;
    const html = dress.repeat(Math.ceil(5_000_000 / dress.length));
    const result = await pasted(html, 'word');
    expect(result.kind).toBe('rich');
  });

  it('goes in without its dress when it is too long for a letter, and as a file when even its words are', async () => {
    const long = `<p>${'a '.repeat(richest)}</p>`;
    expect(await pasted(long, 'short')).toEqual({ kind: 'plain', text: 'short' });
    expect((await pasted(long, 'a'.repeat(longest + 1))).kind).toBe('file');
  });

  it('hands over the pictures that lie inside it', () => {
    const result = sized(clean('<p>a<img src="data:image/png;base64,iVBORw0KGgo=" alt="x"></p>'), '');
    expect(
      result.kind === 'rich' && result.pictures.map((file) => [file.name, file.type, file.size]),
    ).toEqual([['image-1.png', 'image/png', 8]]);
  });
});
