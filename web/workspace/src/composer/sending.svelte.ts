/**
 * From "send" to "sent": looks first (nobody to send to, open variables, news from the customer, a colleague who is
 * answering, a promised file that is missing), sends once, shows the answer and offers the undo. Says what is wrong as
 * `warning`; going on regardless answers that one doubt, and some allow none.
 */
import type { Message, Ticket, TicketChanges } from '../api/types';
import { openTicket } from '../conversation/ticket.svelte';
import { fullTime } from '../format/index.svelte';
import { t } from '../i18n/index.svelte';
import { list } from '../list/list.svelte';
import { href } from '../state/routes';
import { router } from '../state/router.svelte';
import { toasts } from '../state/toasts.svelte';
import { answeredByOther } from './answering';
import type { Composer, SendResult, Way, Wish } from './composer.svelte';
import { composers, type Leaving } from './composers.svelte';
import { undoBar } from './undo.svelte';
import { unresolved } from './variables';
import { ownWords, promisesAttachment } from './words';

export type Warning =
  'news' | 'answering' | 'attachment' | 'not_uploaded' | 'uploading' | 'address' | 'nobody' | 'variables';
/** Those that nobody can wave through. */
export const obstacles: Warning[] = ['variables', 'nobody', 'address', 'uploading'];

export class Sending {
  warning = $state<Warning | null>(null);
  /** The last message the writer has seen; a customer's newer one must be looked at before the answer leaves. */
  seen = $state<number | undefined>(undefined);
  /** How many variables are still open in the text. */
  readonly open: number = $derived.by(() => unresolved(this.composer.text.html).length);
  /** How many files are on their way. */
  readonly uploading: number = $derived.by(() => this.composer.uploads.underway);
  /** What stands in a line of recipients and is no address. */
  notAddress = $state('');
  private way: Way = {};
  /** Doubts the writer has answered with yes, for this one sending. */
  private settled = new Set<Warning>();
  /** The ticket as it was known here last; another one may be open by now. */
  private known: Ticket;

  constructor(
    private readonly composer: Composer,
    private readonly shown: () => Ticket,
    private readonly showEnd: () => void,
  ) {
    this.known = shown();
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

  /** The writer still has this composer in front of them. */
  private get here(): boolean {
    return composers.active === this.composer;
  }

  private get ticket(): Ticket {
    if (this.here) this.known = this.shown();
    return this.known;
  }

  private async attempt(way: Way): Promise<void> {
    const { composer, ticket } = this;
    const { kind } = composer;
    // One after another: a text that is asked for twice leaves once, and never another one in its place. Whoever's turn it is
    // goes on without a pause until its text is known to be leaving.
    for (let leaving = this.leaving(); leaving; leaving = this.leaving()) {
      if (leaving.kind === kind && leaving.html === composer.text.html) return;
      await leaving.done.catch(() => undefined);
    }
    if (composer.kind !== kind) return;
    const note = kind === 'note';
    // A line that is being typed in is read before anything is looked at: nobody is left out.
    this.notAddress = note ? '' : composer.takeRecipients();
    if (composer.empty && composer.uploads.underway === 0) return;
    this.way = way;
    const path = href(router.current);
    const warning = this.obstacle() ?? this.doubt();
    this.warn(warning, ticket, path);
    if (warning) return;
    const wish = note ? null : composer.wish;
    const wanted = { ...way, status: way.status ?? (way.snooze ? undefined : (wish?.status ?? undefined)) };
    const seen = this.settled.has('news') ? this.last() : this.seen;
    const text = composer.written();
    const leaving = composer.send(wanted, note ? undefined : seen, this.settled.has('answering'));
    const result = await composers.leave(composer.ticketId, text, leaving);
    if (result.kind !== 'sent') return this.refused(result, ticket, path);
    this.arrived(result);
    const changes = stillWanted(result, wanted, wish);
    if (changes) void openTicket.changeOf(result.ticket, changes);
    const message = result.ticket.messages.find((one) => one.id === result.messageId);
    if (!note && message) this.offerUndo(message, ticket, path, result.undoUntil);
  }

  private leaving(): Leaving | undefined {
    return composers.leaving(this.composer.ticketId);
  }

  private arrived({ ticket, messageId, text }: Sent): void {
    openTicket.absorb(ticket);
    list.refreshSoon();
    composers.left(this.composer.ticketId, text, this.composer);
    if (!this.here) return;
    this.seen = messageId;
    this.showEnd();
  }

  private async refused(result: Refused, ticket: Ticket, path: string): Promise<void> {
    if (result.kind === 'failed') this.tell(result.reason, ticket, path);
    else if (result.kind === 'unresolved' && this.open === 0)
      this.tell(t('error.unresolved_variable'), ticket, path);
    else if (result.kind === 'unresolved') this.warn('variables', ticket, path);
    else if (result.kind === 'being_answered') this.warn('answering', ticket, path);
    else {
      this.warn('news', ticket, path);
      if (!this.here) return;
      await openTicket.reload();
      if (this.here) this.showEnd();
    }
  }

  /** Asked where the answer is written; whoever has left is told in the corner. */
  private warn(warning: Warning | null, ticket: Ticket, path: string): void {
    if (this.here) this.warning = warning;
    else if (warning) this.tell(reasonOf(warning, this), ticket, path);
  }

  private tell(reason: string, { number }: Ticket, path: string): void {
    if (this.here) return toasts.show(t('composer.not_sent', { reason }), 'bad');
    toasts.show(t('composer.not_sent_there', { number: String(number), reason }), 'bad', {
      label: t('composer.open_there'),
      run: () => router.go(path),
    });
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
    if (this.composer.uploads.underway > 0) return 'uploading';
    if (this.composer.kind === 'note') return null;
    if (this.open > 0) return 'variables';
    if (this.notAddress) return 'address';
    return this.composer.text.to.length === 0 ? 'nobody' : null;
  }

  private doubt(): Warning | null {
    const { kind, text, uploads } = this.composer;
    if (uploads.items.length > 0 && !this.settled.has('not_uploaded')) return 'not_uploaded';
    if (kind === 'note') return null;
    const news = this.ticket.messages.some((one) => one.kind === 'customer' && one.id > (this.seen ?? 0));
    if (news && !this.settled.has('news')) return 'news';
    if (answeredByOther(this.ticket) && !this.settled.has('answering')) return 'answering';
    if (this.settled.has('attachment')) return null;
    const files = text.attachments.length > 0 || /<img\b/i.test(text.html);
    return !files && promisesAttachment(ownWords(text.html)) ? 'attachment' : null;
  }

  private last(): number | undefined {
    return this.ticket.messages.at(-1)?.id;
  }
}

type Sent = Extract<SendResult, { kind: 'sent' }>;
type Refused = Exclude<SendResult, { kind: 'sent' }>;

/** A warning in words, where no name and no time is at hand. */
export function reasonOf(
  warning: Warning,
  { open, notAddress }: Pick<Sending, 'open' | 'notAddress'>,
): string {
  if (warning === 'variables') return t('composer.warn.variables', { n: open });
  if (warning === 'address') return t('composer.warn.address', { text: notAddress });
  return warning === 'answering' ? t('error.being_answered') : t(`composer.warn.${warning}`);
}

/** What the answer has not done to its ticket: tags wished for, and a status that was chosen for the second try. */
function stillWanted({ ticket, again }: Sent, { status }: Way, wish: Wish | null): TicketChanges | null {
  const tags = wish?.tags.filter((tag) => !ticket.tags.includes(tag)) ?? [];
  const changes: TicketChanges = {
    ...(again && status && status !== ticket.status && { status }),
    ...(tags.length > 0 && { tags: [...ticket.tags, ...tags] }),
  };
  return Object.keys(changes).length > 0 ? changes : null;
}
