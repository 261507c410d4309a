/**
 * From "send" to "sent": looks first (nobody to send to, news from the customer, a promised file that is missing),
 * sends once, shows the answer and offers the undo. Says what is wrong as `warning`; going on regardless is a second call.
 */
import type { Status, Ticket } from '../api/types';
import { openTicket } from '../conversation/ticket.svelte';
import { list } from '../list/list.svelte';
import { href } from '../state/routes';
import { router } from '../state/router.svelte';
import type { Composer } from './composer.svelte';
import { undoBar } from './undo.svelte';
import { plainText, promisesAttachment } from './words';

export type Warning = 'news' | 'attachment' | 'nobody';

export class Sending {
  warning = $state<Warning | null>(null);
  /** The last message the writer has seen; a customer's newer one must be looked at before the answer leaves. */
  seen = $state<number | undefined>(undefined);
  private status: Status | undefined;

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

  async send(status: Status | undefined, sure = false): Promise<void> {
    const { composer } = this;
    if (composer.sending || composer.uploads.underway > 0 || composer.empty) return;
    this.status = status;
    this.warning = sure ? null : this.doubt();
    if (this.warning) return;
    const ticket = this.ticket();
    const note = composer.kind === 'note';
    const path = href(router.current);
    const result = await composer.send(status, note ? undefined : sure ? this.last() : this.seen);
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
    const message = result.ticket.messages.find((one) => one.id === result.messageId);
    if (note || !result.undoUntil || !message) return;
    undoBar.offer({
      message,
      ticketId: ticket.id,
      ticketNumber: ticket.number,
      path,
      until: Date.parse(result.undoUntil),
    });
  }

  /** After a warning: yes, as it is. */
  sendAnyway(): Promise<void> {
    return this.send(this.status, true);
  }

  private doubt(): Warning | null {
    const { kind, text } = this.composer;
    if (kind === 'note') return null;
    if (text.to.length === 0) return 'nobody';
    const news = this.ticket().messages.some((one) => one.kind === 'customer' && one.id > (this.seen ?? 0));
    if (news) return 'news';
    const files = text.attachments.length > 0 || /<img\b/i.test(text.html);
    return !files && promisesAttachment(plainText(text.html)) ? 'attachment' : null;
  }

  private last(): number | undefined {
    return this.ticket().messages.at(-1)?.id;
  }
}
