/** Reads a mail the way a strict customer's program does: headers, words in other alphabets, parts and their bytes. */

/** `raw` holds one character for each byte. */
export function readLetter(raw) {
  const text = raw.replace(/\r\n/g, '\n');
  const gap = text.indexOf('\n\n');
  const headers = text
    .slice(0, gap)
    .replace(/\n[ \t]+/g, ' ')
    .split('\n')
    .map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]);
  const all = (name) => headers.filter(([known]) => known === name).map(([, value]) => words(value));
  const [type, options] = withOptions(
    headers.find(([known]) => known === 'content-type')?.[1] ?? 'text/plain',
  );
  const [, placed] = withOptions(headers.find(([known]) => known === 'content-disposition')?.[1] ?? '');
  const body = text.slice(gap + 2);
  const parts = type.startsWith('multipart/') ? cut(body, options.boundary).map(readLetter) : [];
  const encoding = all('content-transfer-encoding')[0]?.toLowerCase();
  const bytes = decoded(body, encoding);
  return {
    raw,
    type,
    parts,
    bytes,
    text: bytes.toString('utf8'),
    filename: placed.filename ?? options.name,
    all,
    header: (name) => all(name)[0],
    /** Every part that holds no parts, this one included. */
    get leaves() {
      return parts.length > 0 ? parts.flatMap((part) => part.leaves) : [this];
    },
  };
}

function cut(body, boundary) {
  const pieces = `\n${body}`.split(`\n--${boundary}`);
  return pieces
    .slice(1)
    .filter((piece) => !piece.startsWith('--'))
    .map((piece) => piece.slice(piece.indexOf('\n') + 1));
}

function decoded(body, encoding) {
  if (encoding === 'base64') return Buffer.from(body, 'base64');
  if (encoding === 'quoted-printable') return quotedPrintable(body.replace(/=\n/g, ''));
  return Buffer.from(body, 'latin1');
}

function quotedPrintable(text) {
  return Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  );
}

/** RFC 2047: `=?utf-8?B?…?=`. Neighbouring words are one. */
function words(value) {
  return value
    .replace(/(=\?[^?]+\?[bq]\?[^?]*\?=)\s+(?==\?)/gi, '$1')
    .replace(/(?:=\?utf-8\?[bq]\?[^?]*\?=)+/gi, (run) =>
      Buffer.concat(
        [...run.matchAll(/=\?[^?]+\?([bq])\?([^?]*)\?=/gi)].map(([, how, what]) =>
          how.toLowerCase() === 'b'
            ? Buffer.from(what, 'base64')
            : quotedPrintable(what.replaceAll('_', ' ')),
        ),
      ).toString('utf8'),
    );
}

/** `type/sub; name="x"; filename*0*=utf-8''…` (RFC 2231). */
function withOptions(value) {
  const [first, ...rest] = value.match(/(?:[^;"]|"(?:[^"\\]|\\.)*")+/g) ?? [''];
  const found = {};
  for (const one of rest) {
    const [, name, more, what] = /^\s*([\w-]+)((?:\*\d*)*\*?)\s*=\s*(.*)$/s.exec(one) ?? [];
    if (!name) continue;
    const plain = what
      .trim()
      .replace(/^"(.*)"$/s, '$1')
      .replace(/\\(.)/g, '$1');
    found[name.toLowerCase()] =
      (found[name.toLowerCase()] ?? '') + (more.endsWith('*') ? percent(plain) : words(plain));
  }
  return [first.trim().toLowerCase(), found];
}

const percent = (text) => decodeURIComponent(text.replace(/^utf-8'[^']*'/i, ''));
