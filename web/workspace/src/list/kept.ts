/** Lists looked at lately, so that going back to one shows it at once; the server is asked all the same. Pure but for memory. */
import { farthest, isComplete, prefixOf, type ListModel } from './paging';

const remembered = 8;
const rows = 100;
const lists = new Map<string, ListModel>();

export function keep(name: string, model: ListModel): void {
  lists.delete(name);
  if (model.slots.length === 0) return;
  const whole = isComplete(model) && model.slots.length <= rows;
  const top = model.slots.slice(0, Math.min(rows, prefixOf(model)));
  const length = whole ? top.length : Math.min(farthest, Math.max(top.length, model.total));
  const slots = [...top, ...new Array<null>(length - top.length).fill(null)];
  lists.set(name, { slots, cursors: new Map(), total: model.total, held: [], gone: new Set() });
  for (const oldest of lists.keys()) {
    if (lists.size <= remembered) break;
    lists.delete(oldest);
  }
}

export const kept = (name: string): ListModel | undefined => lists.get(name);
export const forget = (): void => lists.clear();
