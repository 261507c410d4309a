/** What went wrong in a side conversation, in a sentence that names the people. */
import { ApiError } from '../api';
import { errorText } from '../i18n/errors';
import { locale, t } from '../i18n/index.svelte';
import { directory } from '../state/directory.svelte';

export function talkError(error: unknown): string {
  const unseeing = error instanceof ApiError ? cannotSee(error) : [];
  if (unseeing.length === 0) return errorText(error);
  const names = unseeing.map((id) => directory.agentName(id));
  return t('talks.cannot_see', { names: listed(names) });
}

export const listed = (names: string[]) =>
  new Intl.ListFormat(locale.current, { style: 'long', type: 'conjunction' }).format(names);

/** Who may not see the ticket: said beside the field's error, or in the whole answer. */
export function cannotSee(error: ApiError): number[] {
  const found = error.fields.find((one) => one.code === 'cannot_see');
  const ids = (found as { agent_ids?: unknown } | undefined)?.agent_ids ?? error.body.agent_ids;
  return Array.isArray(ids) ? ids.filter((id): id is number => typeof id === 'number') : [];
}
