/** How each view is sorted: the view's own order unless this person chose another, remembered on this device. */
export const sorts = ['waiting', 'due', 'updated', '-updated', 'created', '-created'] as const;
export type Sort = (typeof sorts)[number];

const key = 'opora.sorts';
const chosen = $state<Record<string, string>>(read());

function read(): Record<string, string> {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '{}') as Record<string, string>;
  } catch {
    return {};
  }
}

export function sortOf(place: string, usual: string): string {
  return chosen[place] ?? usual;
}

export function chooseSort(place: string, sort: string): void {
  chosen[place] = sort;
  localStorage.setItem(key, JSON.stringify(chosen));
}
