/** The «Решить» button: asks for the single most urgent ticket one may take, goes there, says why this one. */
import { api } from '../api';
import type { NextTicket } from '../api/types';
import { span } from '../format/index.svelte';
import { errorText } from '../i18n/errors';
import { t } from '../i18n/index.svelte';
import { list } from '../list/list.svelte';
import { live } from '../live/live.svelte';
import { serverNow } from '../state/clock';
import { router } from '../state/router.svelte';
import { toasts } from '../state/toasts.svelte';

/** What was given and passed over is not given again for so long. */
const passedFor = 15 * 60_000;

class Next {
  /** How many are free; nothing while that is not known. */
  free = $state<number | null>(null);
  private given = new Map<number, number>();

  follow(): () => void {
    const ask = () =>
      void api.tickets.free().then(
        ({ count }) => (this.free = count),
        () => undefined,
      );
    ask();
    // Counts are told anew when tickets moved.
    const stops = [live.on('views', ask), live.onResume(ask)];
    return () => stops.forEach((stop) => stop());
  }

  async take(): Promise<void> {
    try {
      const next = await this.ask();
      if (!next) return toasts.show(t('next.nothing'), 'good');
      this.given.set(next.ticket.id, serverNow());
      this.free = next.left;
      router.go({ screen: 'view', key: 'mine', ticket: next.ticket.id });
      toasts.show(why(next));
    } catch (error) {
      toasts.show(errorText(error), 'bad');
    }
  }

  /** When everything was passed over one begins anew; what is open stays out. */
  private async ask(): Promise<NextTicket | null> {
    const since = serverNow() - passedFor;
    this.given = new Map([...this.given].filter(([, at]) => at > since));
    const open = list.openId === null ? [] : [list.openId];
    const passed = [...this.given.keys()].filter((id) => id !== list.openId);
    const next = await api.tickets.next([...open, ...passed]);
    if (next || passed.length === 0) return next;
    this.given.clear();
    return api.tickets.next(open);
  }
}

export const next = new Next();
export const takeNext = () => next.take();

function why({ reason, own }: NextTicket): string {
  const whose = own ? 'own' : 'free';
  switch (reason.code) {
    case 'late':
      return t(`next.${whose}.late`, { late: span(serverNow() - Date.parse(reason.due_at)) });
    case 'due':
      return t(`next.${whose}.due`, { left: span(Date.parse(reason.due_at) - serverNow()) });
    case 'waits':
      return t(`next.${whose}.waits`, { waits: span(serverNow() - Date.parse(reason.since)) });
    default:
      return t(`next.${whose}.nobody_waits`);
  }
}
