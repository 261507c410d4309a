/** The server counts a query in bytes of UTF-8, the browser in UTF-16 units; these two go between them. */
function bytesOf(sign: string): number {
  const code = sign.codePointAt(0) ?? 0;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

/** The place in the text after so many bytes; a count that ends inside a sign means the sign's beginning. */
export function byteToIndex(text: string, bytes: number): number {
  let index = 0;
  let left = bytes;
  for (const sign of text) {
    left -= bytesOf(sign);
    if (left < 0) return index;
    index += sign.length;
  }
  return index;
}

export function indexToByte(text: string, index: number): number {
  let bytes = 0;
  for (const sign of text.slice(0, index)) bytes += bytesOf(sign);
  return bytes;
}
