/** An error as a sentence a person can act on: our catalogue by its code, else the server's own words. */
import { ApiError } from '../api/error';
import { lookUp, t } from './index.svelte';

export function errorText(error: unknown): string {
  if (!(error instanceof ApiError)) return t('error.unknown');
  if (error.code === 'validation') {
    const parts = error.fields
      .filter((one) => one.detail)
      .map((one) => {
        const field = lookUp(`field.${one.field}`);
        return field ? t('error.field', { field, detail: one.detail }) : one.detail;
      });
    return parts.length > 0 ? parts.join('; ') : error.detail || t('error.validation');
  }
  if (error.code === 'throttled' && error.retryAfter) {
    return t('error.throttled_for', { n: error.retryAfter });
  }
  return lookUp(`error.${error.code}`) ?? (error.detail || t('error.unknown'));
}
