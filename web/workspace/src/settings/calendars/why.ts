/** Why a calendar is refused, in our words where there are some. */
import { ApiError } from '../../api/error';
import { errorText } from '../../i18n/errors';
import { lookUp } from '../../i18n/index.svelte';

export function whyNot(error: unknown): string {
  const code = error instanceof ApiError ? error.fields[0]?.code : undefined;
  return (code && lookUp(`calendar.why.${code}`)) || errorText(error);
}
