/**
 * The open ticket: loading, live news, earlier pages, and edits that show at once.
 * Edits go out one after another, each with the version the server last told us, so two of our own never collide.
 */
import { api, ApiError, asOf } from '../api';
import type { Answering, Draft, DraftKind, Message, Ticket, TicketChanges } from '../api/types';
import { ahead, asked, askedAt, forget } from '../api/ahead';
import { errorText } from '../i18n/errors';
import { t } from '../i18n/index.svelte';
import { list } from '../list/list.svelte';
import { live } from '../live/live.svelte';
import { directory } from '../state/directory.svelte';
import { announce, toasts } from '../state/toasts.svelte';
import { Turns } from '../state/turns';
import {
  applied,
  conflicted,
  isStale,
  merged,
  refusedFields,
  rolledBack,
  rowOf,
  withOlder,
} from './optimistic';
import { conflictText, heard } from './words';

/** News of one moment makes one read; news after a silence is read at once. */
const together = 80;

class OpenTicket {
  current = $state.raw<Ticket | null>(null);
  loading = $state(false);
  loadingOlder = $state(false);
  failed = $state.raw<unknown>(null);
  /** The last message a person had seen when they opened the ticket: newer customer messages are marked new. */
  readUntil = $state(0);
  /** What is shown is what this device remembers, since then. */
  asOf = $state<number | null>(null);
  /** When the server was asked for what is shown. */
  readAt = 0;

  private id: number | null = null;
  /** The last version the server told us, per ticket: an edit may still be on its way when the next ticket is open. */
  private versions = new Map<number, number>();
  private reads = new Turns();
  private olderRead: Promise<void> | null = null;
  private reloadedAt = -Infinity;
  private queue: Promise<unknown> = Promise.resolve();
  private timer: ReturnType<typeof setTimeout> | undefined;

  async open(id: number | null): Promise<void> {
    if (id === this.id && !this.failed) return;
    this.id = id;
    this.current = null;
    this.failed = null;
    this.asOf = null;
    live.view(id);
    if (id === null) return;
    this.loading = true;
    const name = `ticket ${id}`;
    const begun = askedAt(name) ?? Date.now();
    const counts = this.reads.begin();
    try {
      const ticket = await asked(name, () => api.tickets.enter(id));
      if (this.id !== id || !counts()) return;
      this.asOf = asOf(ticket);
      this.readAt = this.asOf ?? begun;
      // Who was answering then is no news.
      if (this.asOf !== null) ticket.answering = null;
      this.readUntil = ticket.unread ? ticket.read_message_id : (ticket.messages.at(-1)?.id ?? 0);
      this.adopt(ticket);
      this.markRead();
      if (this.asOf === null) void this.reachUnread();
    } catch (error) {
      if (this.id === id) this.failed = error;
    } finally {
      if (this.id === id) this.loading = false;
    }
  }

  /** It is about to be opened: the button is being pressed. */
  expect(id: number): void {
    if (id !== this.id) ahead(`ticket ${id}`, () => api.tickets.enter(id));
  }

  retry(): void {
    const id = this.id;
    this.id = null;
    void this.open(id);
  }

  follow(): () => void {
    const stopTicket = live.on('ticket', (message) => {
      if (message.id === this.id) this.reloadSoon();
      else forget(`ticket ${message.id}`);
    });
    const stopAnswering = live.on('answering', (message) =>
      this.answeredBy(message.ticket_id, message.person),
    );
    const stopResume = live.onResume(() => (this.failed ? this.retry() : this.reloadSoon()));
    document.addEventListener('visibilitychange', this.readNow);
    return () => {
      stopTicket();
      stopAnswering();
      stopResume();
      document.removeEventListener('visibilitychange', this.readNow);
      clearTimeout(this.timer);
    };
  }

  /** Reads the ticket again and joins it with what is shown. */
  async reload(): Promise<void> {
    const id = this.id;
    if (id === null) return;
    this.reloadedAt = performance.now();
    try {
      const begun = Date.now();
      const counts = this.reads.begin();
      const fresh = await api.tickets.open(id);
      // What is shown is at least as young as what is remembered.
      if (this.id !== id || !this.current || asOf(fresh) !== null || !counts()) return;
      if (isStale(this.current, fresh)) return;
      this.asOf = null;
      this.readAt = begun;
      const known = this.current.messages.at(-1)?.id ?? 0;
      const fromOthers = fresh.messages.filter(
        ({ id, author }) => id > known && !(author.type === 'agent' && directory.isMe(author.id)),
      );
      const arrived = fromOthers.filter(({ kind }) => kind === 'customer');
      this.adopt(merged(this.current, fresh));
      for (const message of fromOthers) announce(heard(message));
      if (arrived.length > 0) this.readNow();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  /** Asked for twice, it comes once. */
  loadOlder(): Promise<void> {
    return (this.olderRead ??= this.readOlder().finally(() => (this.olderRead = null)));
  }

  private async readOlder(): Promise<void> {
    const ticket = this.current;
    if (!ticket?.older) return;
    this.loadingOlder = true;
    try {
      const page = await api.tickets.open(ticket.id, ticket.older);
      if (this.current?.id === ticket.id) this.current = withOlder(this.current, page);
    } catch (error) {
      toasts.show(errorText(error), 'bad');
    } finally {
      this.loadingOlder = false;
    }
  }

  /** Unfolds earlier pages until a message is among those shown. */
  reach(messageId: number): Promise<boolean> {
    return this.unfold(({ messages }) => messages.some(({ id }) => id === messageId));
  }

  /** What was unread at opening may begin on an earlier page. */
  private reachUnread(): Promise<boolean> {
    const { readUntil } = this;
    return this.unfold(({ messages }) => readUntil === 0 || (messages[0]?.id ?? 0) <= readUntil);
  }

  /** Unfolds earlier pages until enough is shown; gives up after a few. */
  private async unfold(enough: (ticket: Ticket) => boolean): Promise<boolean> {
    const { id } = this;
    for (let page = 0; page < 20; page++) {
      await this.olderRead;
      const ticket = this.current;
      if (!ticket || ticket.id !== id) return false;
      if (enough(ticket)) return true;
      if (!ticket.older) return false;
      await this.loadOlder();
      if (this.current?.older === ticket.older) return false;
    }
    return false;
  }

  /** Shows the change now, sends it in turn, and takes it back with a word when the server refuses. */
  change(changes: TicketChanges): Promise<boolean> {
    return this.current ? this.changeOf(this.current, changes) : Promise.resolve(false);
  }

  /** The same for a ticket as it was seen last: another one may be open by now. */
  changeOf(seen: Ticket, changes: TicketChanges): Promise<boolean> {
    this.know(seen);
    const before = this.current?.id === seen.id ? this.current : seen;
    this.display(applied(before, changes));
    const turn = this.queue.then(() => this.sendChange(before, changes));
    this.queue = turn;
    return turn;
  }

  /** What the server answered about a message as it was shown; if it was read anew meanwhile, nobody knows which is younger. */
  replaceMessage(before: Message, after: Message): void {
    const shown = this.current?.messages.find(({ id }) => id === after.id);
    if (!this.current || !shown) return;
    if (shown !== before) return void this.reload();
    const messages = this.current.messages.map((item) => (item === before ? after : item));
    this.current = { ...this.current, messages };
  }

  /** The server's answer about this ticket. */
  adopt(ticket: Ticket): void {
    if (ticket.id !== this.id) return;
    this.know(ticket);
    // Whoever has answered has read what was there.
    const mine = ticket.messages.findLast(
      ({ author }) => author.type === 'agent' && directory.isMe(author.id),
    );
    this.readUntil = Math.max(this.readUntil, mine?.id ?? 0);
    this.current = ticket;
    this.display(ticket);
  }

  /** An answer that may carry only a part of the conversation. */
  absorb(ticket: Ticket): void {
    if (ticket.id === this.id && this.current) this.adopt(merged(this.current, ticket));
  }

  /** Who holds the answer now. */
  answeredBy(ticketId: number, answering: Answering | null): void {
    if (this.current?.id === ticketId) this.current = { ...this.current, answering };
  }

  /** How many side conversations it has, once they were looked at. */
  talksAre(ticketId: number, talks: Ticket['talks']): void {
    if (this.current?.id === ticketId) this.current = { ...this.current, talks };
  }

  /** My draft as the server has it now, so that whoever begins to write anew finds it. */
  noteDraft(id: number, draft: Draft): void {
    if (this.current?.id !== id) return;
    const others = this.current.drafts.filter(({ kind }) => kind !== draft.kind);
    this.current = { ...this.current, drafts: [draft, ...others] };
  }

  forgetDraft(id: number, gone: DraftKind): void {
    if (this.current?.id !== id) return;
    this.current = { ...this.current, drafts: this.current.drafts.filter(({ kind }) => kind !== gone) };
  }

  dropMessage(id: number): void {
    if (!this.current) return;
    this.current = { ...this.current, messages: this.current.messages.filter((item) => item.id !== id) };
  }

  private async sendChange(before: Ticket, changes: TicketChanges): Promise<boolean> {
    try {
      const ticket = await api.tickets.change(
        before.id,
        changes,
        this.versions.get(before.id) ?? before.version,
      );
      this.know(ticket);
      if (this.current?.id === ticket.id) this.absorb(ticket);
      else this.display(ticket);
      list.refreshSoon();
      return true;
    } catch (error) {
      const found = error instanceof ApiError && error.code === 'ticket_changed' && error.body.current;
      if (found) this.yieldTo(found as Ticket, before, changes);
      else this.takeBack(before, changes, error);
      return false;
    }
  }

  /** Somebody was faster: their version is shown, and a word offers ours again, for this very ticket. */
  private yieldTo(found: Ticket, before: Ticket, changes: TicketChanges): void {
    const shown = this.current?.id === before.id ? this.current : before;
    const { ticket, fields } = conflicted(shown, found, changes);
    this.know(ticket);
    this.display(ticket);
    toasts.show(conflictText(ticket, fields), 'bad', {
      label: t('conflict.apply'),
      run: () => void this.changeOf(ticket, changes),
    });
  }

  /** The ticket, or its row when another one is open by now, shows again what it was. */
  private takeBack(before: Ticket, changes: TicketChanges, error: unknown): void {
    const { id, number } = before;
    const version = this.versions.get(id) ?? before.version;
    if (this.current?.id === id) this.display(rolledBack(this.current, before, changes));
    else list.patch(id, rowOf({ ...refusedFields(before, changes), version }));
    toasts.show(t('error.ticket_not_saved', { number: String(number), reason: errorText(error) }), 'bad');
  }

  /** Only edits that may still be on their way need the versions of tickets left behind. */
  private know({ id, version }: Ticket): void {
    const known = Math.max(version, this.versions.get(id) ?? 0);
    this.versions.delete(id);
    this.versions.set(id, known);
    if (this.versions.size > 50) this.versions.delete(this.versions.keys().next().value ?? id);
  }

  private display(ticket: Ticket): void {
    if (this.current?.id === ticket.id) this.current = ticket;
    list.patch(ticket.id, rowOf(ticket));
  }

  /** What came while nobody looked is read when somebody does. */
  private readNow = (): void => {
    if (document.visibilityState === 'visible') this.markRead();
  };

  private markRead(): void {
    const ticket = this.current;
    const last = ticket?.messages.at(-1);
    if (!ticket?.unread || !last) return;
    this.current = { ...ticket, unread: false };
    list.patch(ticket.id, { unread: false });
    api.tickets.read(ticket.id, last.id).catch(() => undefined);
  }

  private reloadSoon(): void {
    clearTimeout(this.timer);
    const wait = Math.max(0, this.reloadedAt + together - performance.now());
    this.timer = setTimeout(() => void this.reload(), wait);
  }
}

export const openTicket = new OpenTicket();
