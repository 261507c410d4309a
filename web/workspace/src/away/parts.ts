/** A part of the workspace that is loaded when first needed did not come: no connection, or a new version took its place. */
import { t } from '../i18n/index.svelte';
import { toasts } from '../state/toasts.svelte';

export function watchParts(): () => void {
  const missing = () =>
    toasts.show(t('broken.part_missing'), 'bad', { label: t('broken.reload'), run: () => location.reload() });
  addEventListener('vite:preloadError', missing);
  return () => removeEventListener('vite:preloadError', missing);
}
