/**
 * From "send" to "sent": looks first (nobody to send to, open variables, news from the customer, a colleague who is
 * answering, a promised file that is missing), sends once, shows the answer and offers the undo. Says what is wrong as
 * `warning`; going on regardless answers that one doubt, and some allow none.
 */
import type { Message, Ticket } from '../api/types';
import { openTicket } from '../conversation/ticket.svelte';
import { fullTime } from '../format/index.svelte';
import { t } from '../i18n/index.svelte';
import { list } from '../list/list.svelte';
import { href } from '../state/routes';
import { router } from '../state/router.svelte';
import { toasts } from '../state/toasts.svelte';
import { answeredByOther } from './answering';
import type { Composer, Way } from './composer.svelte';
import { undoBar } from './undo.svelte';
import { unresolved } from './variables';
import { ownWords, promisesAttachment } from './words';

export type Warning = 'news' | 'answering' | 'attachment' | 'nobody' | 'variables';

export class Sending {
  warning = $state<Warning | null>(null);
  /** The last message the writer has seen; a customer's newer one must be looked at before the answer leaves. */
  seen = $state<number | undefined>(undefined);
  /** How many variables are still open in the text. */
  readonly open: number = $derived.by(() => unresolved(this.composer.text.html).length);
  private way: Way = {};
  /** Doubts the writer has answered with yes, for this one sending. */
  private settled = new Set<Warning>();
  /** What leaves just now. */
  private underway: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly composer: Composer,
    private readonly ticket: () => Ticket,
    private readonly showEnd: () => void,
  ) {
    this.seen = this.last();
  }

  /** While nothing is written, whatever arrives counts as seen. */
  lookAtAll(): void {
    this.seen = this.last();
  }

  send(way: Way): Promise<void> {
    this.settled.clear();
    return this.attempt(way);
  }

  /** After a warning: yes, as it is. */
  sendAnyway(): Promise<void> {
    if (this.warning) this.settled.add(this.warning);
    return this.attempt(this.way);
  }

  private async attempt(way: Way): Promise<void> {
    const { composer } = this;
    // One after another; asked for twice, the same text is gone by then.
    while (composer.sending) await this.underway;
    if (composer.uploads.underway > 0 || composer.empty) return;
    this.way = way;
    this.warning = this.obstacle() ?? this.doubt();
    if (this.warning) return;
    const ticket = this.ticket();
    const note = composer.kind === 'note';
    const path = href(router.current);
    const wish = note ? null : composer.wish;
    const wanted = { ...way, status: way.status ?? (way.snooze ? undefined : (wish?.status ?? undefined)) };
    const seen = this.settled.has('news') ? this.last() : this.seen;
    const leaving = composer.send(wanted, note ? undefined : seen, this.settled.has('answering'));
    this.underway = leaving;
    const result = await leaving;
    if (result.kind === 'unresolved') {
      if (this.open > 0) this.warning = 'variables';
      else toasts.show(t('error.unresolved_variable'), 'bad');
    }
    if (result.kind === 'being_answered') this.warning = 'answering';
    if (result.kind === 'new_message') {
      this.warning = 'news';
      await openTicket.reload();
      this.showEnd();
    }
    if (result.kind !== 'sent') return;
    openTicket.absorb(result.ticket);
    this.seen = result.messageId;
    this.showEnd();
    list.refreshSoon();
    const tags = wish?.tags.filter((tag) => !result.ticket.tags.includes(tag)) ?? [];
    if (tags.length > 0) void openTicket.change({ tags: [...result.ticket.tags, ...tags] });
    const message = result.ticket.messages.find((one) => one.id === result.messageId);
    if (!note && message) this.offerUndo(message, ticket, path, result.undoUntil);
  }

  private offerUndo(message: Message, ticket: Ticket, path: string, until: string | null): void {
    if (message.state === 'scheduled') {
      toasts.show(t('later.planned', { time: fullTime(until ?? this.way.sendAt ?? '') }), 'good');
      return;
    }
    if (!until) return;
    undoBar.offer({
      message,
      ticketId: ticket.id,
      ticketNumber: ticket.number,
      path,
      until: Date.parse(until),
    });
  }

  /** What nobody can wave through. */
  private obstacle(): Warning | null {
    if (this.composer.kind === 'note') return null;
    if (this.open > 0) return 'variables';
    return this.composer.text.to.length === 0 ? 'nobody' : null;
  }

  private doubt(): Warning | null {
    const { kind, text } = this.composer;
    if (kind === 'note') return null;
    const news = this.ticket().messages.some((one) => one.kind === 'customer' && one.id > (this.seen ?? 0));
    if (news && !this.settled.has('news')) return 'news';
    if (answeredByOther(this.ticket()) && !this.settled.has('answering')) return 'answering';
    if (this.settled.has('attachment')) return null;
    const files = text.attachments.length > 0 || /<img\b/i.test(text.html);
    return !files && promisesAttachment(ownWords(text.html)) ? 'attachment' : null;
  }

  private last(): number | undefined {
    return this.ticket().messages.at(-1)?.id;
  }
}
