/** Choosing people by their names. Pure. */
import type { Agent } from '../api/types';

const plain = (text: string) => text.toLowerCase().replaceAll('ё', 'е');

/** Those whose name has words that begin with the letters, who are here first; at most `limit`. */
export function fitting(agents: Agent[], letters: string, taken: number[], limit = 8): Agent[] {
  const wanted = plain(letters).split(/\s+/).filter(Boolean);
  return agents
    .filter((agent) => {
      if (taken.includes(agent.id)) return false;
      const words = plain(`${agent.name} ${agent.email}`).split(/[\s@._-]+/);
      return wanted.every((word) => words.some((one) => one.startsWith(word)));
    })
    .sort((a, b) => Number(b.online) - Number(a.online) || a.name.localeCompare(b.name))
    .slice(0, limit);
}

/** Colleagues who are called by name in the text. */
export function mentioned(html: string): number[] {
  const page = new DOMParser().parseFromString(html, 'text/html');
  const ids = [...page.querySelectorAll('[data-type="mention"][data-id]')].map((one) =>
    Number(one.getAttribute('data-id')),
  );
  return [...new Set(ids.filter((id) => Number.isInteger(id) && id > 0))];
}
