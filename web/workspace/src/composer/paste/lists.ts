/** Word's lists come as marked paragraphs; here they become lists again, one inside another by their level. */
type Kind = 'ul' | 'ol';

export function withLists(root: HTMLElement): void {
  for (const paragraph of [...root.querySelectorAll<HTMLElement>('p[data-level]')]) gather(paragraph);
}

/** Takes the run of list paragraphs that begins here. */
function gather(start: HTMLElement): void {
  if (!start.dataset.level || !start.parentElement) return;
  const open: { list: HTMLElement; level: number }[] = [];
  const place = start.ownerDocument.createComment('');
  start.before(place);
  let next: Element | null = start;
  while (next instanceof HTMLElement && next.dataset.level) {
    const after: Element | null = next.nextElementSibling;
    add(next, open, place);
    next = after;
  }
  place.remove();
}

function add(paragraph: HTMLElement, open: { list: HTMLElement; level: number }[], place: Comment): void {
  const level = Number(paragraph.dataset.level);
  const kind: Kind = paragraph.dataset.list === 'ol' ? 'ol' : 'ul';
  while (open.length > 0 && (open.at(-1)?.level ?? 0) > level) open.pop();
  let here = open.at(-1);
  if (here && here.level === level && here.list.tagName.toLowerCase() !== kind && open.length === 1) {
    open.pop();
    here = undefined;
  }
  if (!here || here.level < level) {
    const list = paragraph.ownerDocument.createElement(kind);
    const parent = here?.list.lastElementChild;
    if (parent) parent.append(list);
    else place.before(list);
    here = { list, level };
    open.push(here);
  }
  const item = paragraph.ownerDocument.createElement('li');
  delete paragraph.dataset.level;
  delete paragraph.dataset.list;
  item.append(paragraph);
  here.list.append(item);
}
