/** The «Решить» button: finds the next ticket, goes there, says why this one. */
import { errorText } from '../i18n/errors';
import { t } from '../i18n/index.svelte';
import { list } from '../list/list.svelte';
import { chooseNext } from '../state/next';
import { router } from '../state/router.svelte';
import { toasts } from '../state/toasts.svelte';
import { span } from '../format/index.svelte';

export async function takeNext(): Promise<void> {
  try {
    const choice = await chooseNext(list.openId);
    if (!choice) return toasts.show(t('next.nothing'), 'good');
    router.go({ screen: 'view', key: choice.view, ticket: choice.ticket.id });
    const waits = span(Date.now() - Date.parse(choice.ticket.waiting_since ?? choice.ticket.updated_at));
    toasts.show(choice.view === 'mine' ? t('next.mine', { waits }) : t('next.unassigned', { waits }));
  } catch (error) {
    toasts.show(errorText(error), 'bad');
  }
}
