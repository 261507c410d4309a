/** Whose address it already is, when the server refuses to give one to two people. */
import { api, ApiError } from '../api';

export function isTaken(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    error.fields.some(({ field, code }) => field === 'addresses' && code === 'taken')
  );
}

/** The server does not say who has it, so they are looked for by each of the addresses; null when nobody is found. */
export async function ownerOf(
  addresses: readonly { address: string }[],
  except: number | null,
): Promise<number | null> {
  for (const { address } of addresses) {
    const page = await api.contacts.list({ q: address, limit: 5 }).catch(() => null);
    const owner = page?.items.find((one) => one.id !== except);
    if (owner) return owner.id;
  }
  return null;
}
