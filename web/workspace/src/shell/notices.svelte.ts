/** What concerns this person right now: mentions, assignments, failed deliveries. Shown under the bell, and by the browser if allowed. */
import { lookUp, t } from '../i18n/index.svelte';
import { live } from '../live/live.svelte';
import { directory } from '../state/directory.svelte';
import { announce } from '../state/toasts.svelte';
import { router } from '../state/router.svelte';

export interface Notice {
  id: number;
  text: string;
  ticketId: number | null;
  at: string;
  seen: boolean;
}

class Notices {
  items = $state<Notice[]>([]);
  readonly unseen = $derived(this.items.filter((notice) => !notice.seen).length);
  private last = 0;

  add(text: string, ticketId: number | null): void {
    const notice = { id: ++this.last, text, ticketId, at: new Date().toISOString(), seen: false };
    this.items = [notice, ...this.items].slice(0, 30);
    announce(text);
    this.tellBrowser(notice);
  }

  reset(): void {
    this.items = [];
  }

  seeAll(): void {
    for (const notice of this.items) notice.seen = true;
  }

  private tellBrowser({ text, ticketId }: Notice): void {
    if (!('Notification' in window) || Notification.permission !== 'granted' || document.hasFocus()) return;
    const shown = new Notification(t('app.name'), { body: text, icon: '/icon.svg', tag: String(ticketId) });
    shown.onclick = () => {
      focus();
      if (ticketId) router.go(`/tickets/${ticketId}`);
    };
  }
}

export const notices = new Notices();

export function follow(): () => void {
  return live.on('notify', ({ text_key, ticket_id, data }) => {
    const values = {
      name: directory.agentName(typeof data.by === 'number' ? data.by : null) || t('event.system'),
      number: String(data.number ?? ''),
      subject: String(data.subject ?? ''),
    };
    notices.add(lookUp(text_key, values) ?? t('notify.something'), ticket_id);
  });
}
