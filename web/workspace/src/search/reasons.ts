/** Why filters that are kept somewhere cannot be used any more, in the reader's words: the list of tickets says so. */
import { api } from '../api';
import { brokenOf } from './broken';

export async function reasonsOf(
  broken: readonly { id: number; filter: string }[],
): Promise<Record<number, string>> {
  const told = await Promise.all(
    broken.map(async ({ id, filter }) => {
      const error: unknown = await api.tickets.list({ q: filter, limit: 1 }).then(
        () => null,
        (error: unknown) => error,
      );
      return [id, error === null ? '' : (brokenOf(error, filter)?.why ?? '')] as const;
    }),
  );
  return Object.fromEntries(told);
}
