/**
 * The page inside a mail's frame. The frame has no scripts (sandbox and policy both forbid them), no forms, no fonts or
 * styles from elsewhere; pictures from elsewhere stay out until a person asks.
 */
export interface FrameOptions {
  html: string;
  images: boolean;
  paper: boolean;
  dark: boolean;
  origin: string;
  fonts: string;
}

export function framePage({ html, images, paper, dark, origin, fonts }: FrameOptions): string {
  const pictures = images ? `${origin} data: https: http:` : `${origin} data:`;
  const policy = `default-src 'none'; img-src ${pictures}; style-src 'unsafe-inline'; font-src ${origin} data:`;
  const onDark = dark && !paper;
  return `<!doctype html><html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer"><base target="_blank">
<style>${fonts}
:root{color-scheme:${onDark ? 'dark' : 'light'}}
html,body{margin:0;padding:0;background:transparent}
body{font:400 14px/21px 'Golos Text Variable',system-ui,sans-serif;color:${onDark ? '#e4e6e9' : '#1a2026'};
overflow-wrap:anywhere;${paper && dark ? 'background:#fff;padding:12px;border-radius:6px;' : ''}}
body>:first-child{margin-top:0}body>:last-child{margin-bottom:0}
p{margin:0 0 8px}ul,ol{margin:0 0 8px;padding-left:22px}
img{max-width:100%;height:auto}img[data-remote-src]{display:none}
table{max-width:100%}pre{white-space:pre-wrap}
a{color:${onDark ? '#6bc2e8' : '#036b91'}}
blockquote{margin:8px 0;padding-left:10px;border-left:2px solid ${onDark ? '#3a4046' : '#caced3'};color:${onDark ? '#aeb3b9' : '#474e55'}}
[data-type=mention]{color:${onDark ? '#6bc2e8' : '#036b91'};font-weight:500}
</style></head><body>${images ? withImages(html) : withoutImages(html)}</body></html>`;
}

const remote = /^\s*(https?:)?\/\//i;

/** How many pictures from elsewhere a mail holds, blocked by the server or not. */
export function remoteImages(html: string): number {
  const page = new DOMParser().parseFromString(html, 'text/html');
  return [...page.querySelectorAll('img')].filter(
    (image) => image.hasAttribute('data-remote-src') || remote.test(image.getAttribute('src') ?? ''),
  ).length;
}

/** The server takes remote sources away already; what slipped through is taken away here. */
export function withoutImages(html: string): string {
  if (!/\ssrc(set)?\s*=/i.test(html)) return html;
  const page = new DOMParser().parseFromString(html, 'text/html');
  for (const image of page.querySelectorAll('img')) {
    const source = image.getAttribute('src') ?? '';
    image.removeAttribute('srcset');
    if (!remote.test(source)) continue;
    image.setAttribute('data-remote-src', source);
    image.removeAttribute('src');
  }
  return page.body.innerHTML;
}

/** Gives the blocked pictures their sources back. */
export function withImages(html: string): string {
  const page = new DOMParser().parseFromString(html, 'text/html');
  for (const image of page.querySelectorAll('[data-remote-src]')) {
    image.setAttribute('src', image.getAttribute('data-remote-src') ?? '');
    image.removeAttribute('data-remote-src');
  }
  return page.body.innerHTML;
}

/** The bundled font's rules, so that a mail without its own style looks like the rest of the screen. */
export function fontRules(): string {
  const rules: string[] = [];
  for (const sheet of document.styleSheets) {
    try {
      for (const rule of sheet.cssRules) if (rule instanceof CSSFontFaceRule) rules.push(rule.cssText);
    } catch {
      // A sheet from elsewhere does not show its rules; ours do.
    }
  }
  return rules.join('\n');
}
