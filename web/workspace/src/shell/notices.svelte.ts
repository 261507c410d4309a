/**
 * What concerns this person: the newest first, read or unread, kept by the server and told live. Shown under the bell,
 * and by the browser when that is allowed, wanted, and nobody is looking.
 */
import { untrack } from 'svelte';
import { api } from '../api';
import type { Notification, NotificationSettings } from '../api/types';
import { openTicket } from '../conversation/ticket.svelte';
import { errorText } from '../i18n/errors';
import { lookUp, t } from '../i18n/index.svelte';
import { live } from '../live/live.svelte';
import { directory } from '../state/directory.svelte';
import { safeNext } from '../state/routes';
import { router } from '../state/router.svelte';
import { announce, toasts } from '../state/toasts.svelte';
import { panes } from './panes.svelte';
import { mayDisturb } from './quiet';

/** A tab open for a week is told of thousands; who wants to see the older ones asks for them. */
const mostNotices = 200;

class Notices {
  items = $state.raw<Notification[]>([]);
  unread = $state(0);
  loading = $state(false);
  failed = $state.raw<unknown>(null);
  more = $state<string | null>(null);
  /** False while the server does not answer for them: then what it says on the way is all there is. */
  private kept = false;
  private settings: NotificationSettings | null = null;
  private local = 0;

  async load(next = false): Promise<void> {
    if (this.loading) return;
    this.loading = true;
    try {
      const page = await api.notifications.list(next ? this.more : null);
      this.kept = true;
      this.failed = null;
      this.unread = page.unread;
      this.more = page.next_cursor;
      this.items = next ? [...this.items, ...page.items] : page.items;
    } catch (error) {
      this.failed = error;
    } finally {
      this.loading = false;
    }
  }

  take(item: Notification, unread: number): void {
    this.unread = unread;
    this.items = [item, ...this.items.filter((one) => one.id !== item.id)].slice(0, mostNotices);
    announce(sentenceOf(item));
    if (isLookedAt(item)) {
      void this.read([item]);
    } else void this.tellBrowser(item);
  }

  /** What has come by the older way, without a number of its own. */
  takeWord(text: string, ticketId: number | null): void {
    if (this.kept) return;
    const item: Notification = {
      id: --this.local,
      kind: 'follow',
      ticket_id: ticketId,
      ticket_subject: text,
      actor: null,
      text,
      at: new Date().toISOString(),
      read: false,
    };
    this.take(item, this.unread + 1);
  }

  async read(items: Notification[]): Promise<void> {
    const ids = items.filter((item) => !item.read).map((item) => item.id);
    if (ids.length === 0) return;
    this.mark((item) => ids.includes(item.id), Math.max(0, this.unread - ids.length));
    const known = ids.filter((id) => id > 0);
    if (known.length > 0) await api.notifications.read({ ids: known }).catch(() => undefined);
  }

  async readAll(): Promise<void> {
    const before = { items: this.items, unread: this.unread };
    this.mark(() => true, 0);
    try {
      if (this.kept) await api.notifications.read({ all: true });
    } catch (error) {
      Object.assign(this, before);
      toasts.show(errorText(error), 'bad');
    }
  }

  /** Whoever has the ticket open has seen what was told about it, but not what colleagues say beside it. */
  seenTicket(id: number): void {
    const about = this.items.filter((item) => item.ticket_id === id && !item.read);
    const seen = about.filter((item) => item.kind !== 'talk');
    if (seen.length === about.length && seen.length > 0) {
      this.mark((item) => item.ticket_id === id, Math.max(0, this.unread - seen.length));
      if (this.kept) api.notifications.read({ ticket_id: id }).catch(() => undefined);
    } else void this.read(seen);
  }

  seenTalk(id: number): void {
    void this.read(this.items.filter((item) => item.talk_id === id));
  }

  /** The settings have been changed on this device. */
  heed(settings: NotificationSettings): void {
    this.settings = settings;
  }

  reset(): void {
    Object.assign(this, { items: [], unread: 0, more: null, failed: null, settings: null, kept: false });
  }

  private mark(which: (item: Notification) => boolean, unread: number): void {
    this.items = this.items.map((item) => (which(item) ? { ...item, read: true } : item));
    this.unread = unread;
  }

  private async tellBrowser(item: Notification): Promise<void> {
    if (!('Notification' in window) || window.Notification.permission !== 'granted') return;
    if (document.hasFocus()) return;
    const { toldByPush } = await import('../push/push.svelte');
    if (await toldByPush()) return;
    if (this.kept) this.settings ??= await api.notifications.settings().catch(() => null);
    if (!mayDisturb(this.settings, item.kind, Date.now())) return;
    const shown = new window.Notification(sentenceOf(item), {
      body:
        item.ticket_id === null
          ? item.ticket_subject || item.text
          : `#${item.ticket_id} ${item.ticket_subject}`,
      icon: '/icon.svg',
      tag: `${item.kind}.${item.ticket_id}`,
    });
    shown.onclick = () => {
      focus();
      router.go(placeOf(item));
    };
  }
}

export const notices = new Notices();

/** "Oleg mentioned you". The server's own words when we have none for this kind. */
export function sentenceOf(item: Notification): string {
  if (item.id < 0) return item.text;
  const name = item.actor?.name || t('event.system');
  return lookUp(`told.${item.kind}`, { name }) ?? item.text;
}

/** What it tells of stands on the screen, and somebody is in front of it. */
function isLookedAt({ kind, ticket_id, talk_id }: Notification): boolean {
  if (document.visibilityState !== 'visible' || !document.hasFocus()) return false;
  if (ticket_id === null || openTicket.current?.id !== ticket_id) return false;
  return kind !== 'talk' || (panes.talks && panes.talk === talk_id);
}

/** The ticket, at the message or the side conversation it is about. */
export function placeOf({ kind, ticket_id, message_id, talk_id }: Notification): string {
  if (ticket_id === null) return kind.startsWith('roster') ? '/roster' : '/';
  if (talk_id) return `/tickets/${ticket_id}?talk=${talk_id}`;
  return message_id ? `/tickets/${ticket_id}?m=${message_id}` : `/tickets/${ticket_id}`;
}

export function follow(): () => void {
  // Whoever begins to follow must not depend on what loading touches.
  untrack(() => void notices.load());
  const stops = [
    live.on('notification', ({ item, unread }) => notices.take(item, unread)),
    live.onResume(() => void notices.load()),
    live.on('notify', ({ text_key, ticket_id, data }) => {
      const values = {
        name: directory.agentName(typeof data.by === 'number' ? data.by : null) || t('event.system'),
        number: String(data.number ?? ''),
        subject: String(data.subject ?? ''),
      };
      notices.takeWord(lookUp(text_key, values) ?? t('notify.something'), ticket_id);
    }),
  ];
  const worker = globalThis.navigator?.serviceWorker;
  worker?.addEventListener('message', goThere);
  return () => {
    stops.forEach((stop) => stop());
    worker?.removeEventListener('message', goThere);
  };
}

/** A notice was pressed, and the service worker chose this window. */
function goThere({ data }: MessageEvent<unknown>): void {
  const { type, url } = Object(data) as { type?: unknown; url?: unknown };
  if (type === 'go' && typeof url === 'string') router.go(safeNext(url));
}
