/**
 * From the clipboard into the text. Small pastes are cleaned at once; a big one in slices, with the screen alive in
 * between; what is too long to be a letter goes in without its dress, and what is too long even so becomes a file.
 */
import { cleaning } from './clean';
import { withLists } from './lists';

export const atOnce = 60_000;
/** Clean HTML longer than this would make writing slow. */
export const richest = 400_000;
/** Plain words longer than this are a file, not an answer. */
export const longest = 200_000;

export type Pasted =
  | { kind: 'rich'; html: string; pictures: File[] }
  | { kind: 'plain'; text: string }
  | { kind: 'file'; text: string };

const breathe = () => new Promise<void>((done) => setTimeout(done));

export async function pasted(html: string, text: string): Promise<Pasted> {
  const walk = cleaning(html);
  let step = walk.next();
  let since = performance.now();
  while (!step.done) {
    if (performance.now() - since > 8) {
      await breathe();
      since = performance.now();
    }
    step = walk.next();
  }
  return sized(step.value, text);
}

/** What a paste of this size becomes. Data pictures do not count: they leave the text. */
export function sized(cleaned: string, text: string): Pasted {
  const { html, pictures } = withoutData(cleaned);
  if (html.length <= richest) return { kind: 'rich', html: shaped(html), pictures };
  return text.length <= longest ? { kind: 'plain', text } : { kind: 'file', text };
}

function shaped(html: string): string {
  const page = new DOMParser().parseFromString(html, 'text/html');
  withLists(page.body);
  return page.body.innerHTML;
}

/** Pictures that lie inside the HTML become files of their own, as if they had been dropped. */
function withoutData(html: string): { html: string; pictures: File[] } {
  const pictures: File[] = [];
  const rest = html.replace(/<img src="data:image\/(\w+);base64,([^"]*)" alt="[^"]*">/g, (_, type, data) => {
    const file = picture(String(type), String(data), pictures.length + 1);
    if (file && pictures.length < 20) pictures.push(file);
    return '';
  });
  return { html: rest, pictures };
}

function picture(type: string, data: string, n: number): File | null {
  try {
    const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
    return new File([bytes], `image-${n}.${type === 'jpeg' ? 'jpg' : type}`, { type: `image/${type}` });
  } catch {
    return null;
  }
}
