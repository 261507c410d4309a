/** Whose address it already is, when the server refuses to give one to two people. */
import { ApiError } from '../api';

export function takenBy(error: unknown): number | null {
  if (!(error instanceof ApiError)) return null;
  const taken = (
    error.fields as { field: string; code: string; detail?: string; contact_id?: unknown }[]
  ).find((one) => one.field === 'addresses' && one.code === 'taken');
  if (!taken) return null;
  const id = taken.contact_id ?? error.body.contact_id;
  if (typeof id === 'number') return id;
  // The server names the contact only in its sentence.
  const named = /(\d+)\D*$/.exec(taken.detail ?? '')?.[1];
  return named ? Number(named) : null;
}
