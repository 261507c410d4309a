/** Pictures on their way into a letter: a photograph of twelve megapixels leaves as one that fits a screen. */

export const longestEdge = 2000;

/** Null when it is small enough already. */
export function fitted(
  width: number,
  height: number,
  edge = longestEdge,
): { width: number; height: number } | null {
  const longest = Math.max(width, height);
  if (longest <= edge) return null;
  const part = edge / longest;
  return { width: Math.max(1, Math.round(width * part)), height: Math.max(1, Math.round(height * part)) };
}

export interface Prepared {
  file: File;
  /** It really is one: its bytes could be read as a picture. */
  picture: boolean;
}

/** The original stays when it is small, when it moves, and when shrinking it saves nothing. */
export async function prepared(file: File): Promise<Prepared> {
  if (!/^image\/(png|jpe?g|gif|webp)$/.test(file.type)) return { file, picture: false };
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    return { file, picture: false };
  }
  const size = file.type === 'image/gif' ? null : fitted(bitmap.width, bitmap.height);
  const smaller = size && (await redrawn(bitmap, size, file));
  bitmap.close();
  return { file: smaller && smaller.size < file.size ? smaller : file, picture: true };
}

async function redrawn(
  bitmap: ImageBitmap,
  { width, height }: { width: number; height: number },
  { name, type }: File,
): Promise<File | null> {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const pen = canvas.getContext('2d');
  if (!pen) return null;
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(bitmap, 0, 0, width, height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, type, 0.9));
  // A browser that cannot write this type writes another; the name must not lie.
  return blob && blob.type === type ? new File([blob], name, { type }) : null;
}
