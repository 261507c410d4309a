/** Whose address it already is, when the server refuses to give one to two people. */
import { ApiError } from '../api';

export function takenBy(error: unknown): number | null {
  if (!(error instanceof ApiError)) return null;
  const fields = error.fields as { code: string; contact_id?: unknown }[];
  const taken = fields.find((one) => one.code === 'taken');
  if (!taken && error.code !== 'taken') return null;
  const id = taken?.contact_id ?? error.body.contact_id;
  return typeof id === 'number' ? id : null;
}
