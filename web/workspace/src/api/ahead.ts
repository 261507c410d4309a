/** Questions asked a moment before their answers are needed. Each answer is used once, and only while it is young. */
const young = 3_000;
const waiting = new Map<string, { answer: Promise<unknown>; at: number }>();

export function ahead(name: string, ask: () => Promise<unknown>): void {
  const now = Date.now();
  for (const [key, { at }] of waiting) if (now - at > young) waiting.delete(key);
  const answer = ask();
  // Whoever needs it hears of the failure; nobody else must.
  answer.catch(() => undefined);
  waiting.set(name, { answer, at: now });
}

/** When it was asked, if its answer waits. */
export const askedAt = (name: string): number | undefined => waiting.get(name)?.at;

/** It has changed since it was asked. */
export const forget = (name: string): boolean => waiting.delete(name);

/** The answer that is on its way, or a question of one's own. */
export function asked<T>(name: string, ask: () => Promise<T>): Promise<T> {
  const found = waiting.get(name);
  waiting.delete(name);
  return found && Date.now() - found.at <= young ? (found.answer as Promise<T>) : ask();
}
