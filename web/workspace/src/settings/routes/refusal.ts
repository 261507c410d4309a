/** What the server has against a form, field by field, in the reader's words where there are any. */
import '../../i18n/routing';
import type { ApiError } from '../../api';
import { lookUp } from '../../i18n/index.svelte';

export function reasonsAt(error: ApiError): Record<string, string> {
  return Object.fromEntries(
    error.fields.map(({ field, code, detail }) => [
      field,
      lookUp(`routing.wrong.${field}.${code}`) ?? detail,
    ]),
  );
}
