/**
 * The side conversations of the open ticket: the list, the one that is read, and what is unsent. Loaded when somebody
 * looks; live news of the ticket bring it up to date. Knows no screen.
 */
import { api, ApiError, newKey } from '../api';
import type { NewTalk, Talk, TalkChanges, TalkMessage } from '../api/types';
import { openTicket } from '../conversation/ticket.svelte';
import { live } from '../live/live.svelte';
import { notices } from '../shell/notices.svelte';
import { panes } from '../shell/panes.svelte';
import { session } from '../state/session.svelte';
import { UnsentShelf } from './unsent';

class Talks {
  ticketId = $state<number | null>(null);
  /** null until they are here. */
  items = $state.raw<Talk[] | null>(null);
  failed = $state.raw<unknown>(null);
  /** The one that is read. */
  current = $state.raw<Talk | null>(null);
  messages = $state.raw<TalkMessage[]>([]);
  older = $state<string | null>(null);
  loadingOlder = $state(false);
  openFailed = $state.raw<unknown>(null);
  /** Messages after this one were unread when it was opened. */
  seenBefore = $state(0);

  private timer: ReturnType<typeof setTimeout> | undefined;
  private round = 0;

  /** Looks at a ticket's conversations; leaving it forgets them. */
  async enter(ticketId: number): Promise<void> {
    if (this.ticketId !== ticketId) this.leave();
    this.ticketId = ticketId;
    await this.loadList();
  }

  leave(): void {
    this.round++;
    clearTimeout(this.timer);
    Object.assign(this, { ticketId: null, items: null, failed: null });
    this.shut();
  }

  follow(): () => void {
    const stops = [
      live.on('ticket', ({ id, kinds }) => {
        if (id === this.ticketId && kinds.some((kind) => kind.startsWith('talk.'))) this.reloadSoon();
      }),
      live.onResume(() => this.reloadSoon()),
    ];
    return () => stops.forEach((stop) => stop());
  }

  async read(id: number): Promise<void> {
    if (this.current?.id !== id) this.shut();
    const round = ++this.round;
    const known = this.items?.find((talk) => talk.id === id);
    if (known) this.current = known;
    try {
      const page = await api.talks.open(id);
      if (round !== this.round) return;
      const unread = this.current?.unread ?? page.talk.unread;
      const first = this.messages.length === 0;
      if (first) this.seenBefore = page.items.at(-1 - unread)?.id ?? 0;
      this.messages = united(this.messages, page.items);
      if (first) this.older = page.next_cursor ?? null;
      this.openFailed = null;
      this.adopt({ ...page.talk, unread: 0 });
      notices.seenTalk(id);
    } catch (error) {
      if (round === this.round) this.openFailed = error;
    }
  }

  /** Back to the list. */
  shut(): void {
    this.round++;
    Object.assign(this, { current: null, messages: [], older: null, openFailed: null, seenBefore: 0 });
  }

  async earlier(): Promise<void> {
    const { current, older } = this;
    if (!current || !older || this.loadingOlder) return;
    this.loadingOlder = true;
    try {
      const page = await api.talks.open(current.id, older);
      if (this.current?.id !== current.id) return;
      this.messages = united(page.items, this.messages);
      this.older = page.next_cursor ?? null;
    } finally {
      this.loadingOlder = false;
    }
  }

  /** Throws what the server refuses; the caller still has the text. */
  async begin(body: NewTalk, key: string): Promise<Talk> {
    const { ticketId } = this;
    if (ticketId === null) throw new ApiError(0, 'offline', '');
    const { talk, items } = await api.talks.begin(ticketId, body, key);
    if (this.ticketId === ticketId) {
      this.shut();
      this.messages = items;
      this.seenBefore = items.at(-1)?.id ?? 0;
      this.adopt({ ...talk, unread: 0 });
    }
    return talk;
  }

  async write(talk: Talk, html: string, files: number[], key: string): Promise<void> {
    const message = await api.talks.write(talk.id, { body_html: html, attachments: files }, key);
    if (this.current?.id !== talk.id) return;
    this.messages = united(this.messages, [message]);
    this.seenBefore = message.id;
    this.reloadSoon();
  }

  async change(talk: Talk, changes: TalkChanges): Promise<void> {
    const changed = await api.talks.change(talk.id, changes);
    this.adopt({ ...changed, unread: 0 });
  }

  private async loadList(): Promise<void> {
    const { ticketId } = this;
    if (ticketId === null) return;
    try {
      const { items } = await api.talks.of(ticketId);
      if (this.ticketId !== ticketId) return;
      this.failed = null;
      this.show(items);
    } catch (error) {
      if (this.ticketId === ticketId) this.failed = error;
    }
  }

  /** News of one conversation: in the list, and where it is read. */
  private adopt(talk: Talk): void {
    if (talk.ticket_id !== this.ticketId) return;
    this.current = talk;
    const others = (this.items ?? []).filter((one) => one.id !== talk.id);
    this.show([talk, ...others].sort(byOrder));
  }

  private show(items: Talk[]): void {
    this.items = items;
    const ticket = openTicket.current;
    if (ticket?.id !== this.ticketId) return;
    openTicket.talksAre(ticket.id, {
      open: items.filter((talk) => talk.open).length,
      unread: items.reduce((sum, talk) => sum + talk.unread, 0),
    });
  }

  private reloadSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.reload(), 60);
  }

  private async reload(): Promise<void> {
    const reading = this.current?.id;
    // What nobody looks at stays unread.
    if (reading !== undefined && panes.talks && document.visibilityState === 'visible') {
      await this.read(reading);
    }
    await this.loadList();
  }
}

export const talks = new Talks();

export const newTalkKey = newKey;
export const unsent = () => new UnsentShelf(localStorage, session.me?.id ?? 0);

function united(before: TalkMessage[], after: TalkMessage[]): TalkMessage[] {
  const byId = new Map([...before, ...after].map((message) => [message.id, message]));
  return [...byId.values()].sort((a, b) => a.id - b.id);
}

/** Open ones first, the latest first. */
function byOrder(a: Talk, b: Talk): number {
  const at = (talk: Talk) => Date.parse(talk.last?.at ?? talk.created_at);
  return Number(b.open) - Number(a.open) || at(b) - at(a);
}
