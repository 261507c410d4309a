/**
 * What is being written in the open ticket: a reply and a note side by side, their recipients and files,
 * the draft that keeps them, and sending. The note never becomes a reply by switching: each keeps its own text.
 */
import { api, ApiError, newKey } from '../api';
import type {
  Address,
  Answering,
  Attachment,
  Draft,
  DraftKind,
  ReplyFrame,
  Snooze,
  Status,
  Ticket,
} from '../api/types';
import { openTicket } from '../conversation/ticket.svelte';
import { errorText } from '../i18n/errors';
import { t } from '../i18n/index.svelte';
import { live } from '../live/live.svelte';
import { session } from '../state/session.svelte';
import { toasts } from '../state/toasts.svelte';
import { DraftKeeper, keepOther, keptOther, ownShelf, recoverDrafts, type DraftState } from './draft';
import { Uploads } from './uploads.svelte';
import { isBlank } from './words';

interface Text {
  html: string;
  to: Address[];
  cc: Address[];
  bcc: Address[];
  attachments: Attachment[];
}
const blank = (): Text => ({ html: '', to: [], cc: [], bcc: [], attachments: [] });

/** What becomes of the ticket with the answer, and when the answer goes. */
export interface Way {
  status?: Status;
  snooze?: Snooze;
  /** Later: a moment as the server writes it. */
  sendAt?: string;
}

/** What a template wishes for its ticket; the writer may take it off. */
export interface Wish {
  name: string;
  status: Status | null;
  tags: string[];
}

/** Shows a picture in the text, if there is a place for it. */
export type Show = (picture: Attachment) => boolean;

export type SendResult =
  | { kind: 'sent'; ticket: Ticket; messageId: number; undoUntil: string | null }
  | { kind: 'new_message' }
  | { kind: 'unresolved' }
  | { kind: 'being_answered' }
  | { kind: 'failed' };

export class Composer {
  kind = $state<DraftKind>('reply');
  texts = $state<Record<DraftKind, Text>>({ reply: blank(), note: blank() });
  /** Grows when the text was set from outside the editor, so that the editor shows it. */
  revision = $state(0);
  draftState = $state<DraftState>('idle');
  sending = $state(false);
  wish = $state.raw<Wish | null>(null);
  /** Puts HTML where the caret stands; the editor gives it when it is there. */
  insert: ((html: string) => void) | null = null;
  /** Takes files as if they had been dropped on the text. */
  take: ((files: File[]) => void) | null = null;
  readonly uploads = new Uploads();
  prepared = $state('');
  frameReady = $state(false);
  readonly text = $derived(this.texts[this.kind]);
  readonly empty = $derived(
    isBlank(this.text.html, this.kind === 'reply' ? this.prepared : '') && this.text.attachments.length === 0,
  );

  /** Another text of mine for this ticket, written elsewhere or before; shown only when it is asked for. */
  other = $state.raw<Draft | null>(null);

  private readonly keeper: DraftKeeper;
  private readonly stopHearing: () => void;
  /** Drafts on this device are this person's own, whoever signs in here next. */
  private readonly shelf = ownShelf(localStorage, `u${session.me?.id ?? 0}.`);
  private key = newKey();
  private typingUntil = 0;
  private typingTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly ticketId: number,
    ticket: Ticket,
  ) {
    this.keeper = new DraftKeeper(ticketId, {
      home: {
        save: async (draft) => {
          const { answering, ...kept } = await api.tickets.saveDraft(ticketId, draft);
          if (answering !== undefined) openTicket.answeredBy(ticketId, answering);
          return kept;
        },
        drop: () => api.tickets.dropDraft(ticketId),
        read: async () => (await api.tickets.open(ticketId, undefined, 1)).draft,
      },
      shelf: this.shelf,
      now: () => Date.now(),
      later: (run, ms) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
      onState: (state) => (this.draftState = state),
      onSaved: (draft) => openTicket.noteDraft(ticketId, draft),
      onClash: ({ shown, other }) => {
        if (shown.body_html !== this.texts[shown.kind].html) this.show(shown);
        this.offer(other);
      },
    });
    this.stopHearing = live.onResume(() => this.keeper.again());
    const { drafts, unsynced, others, base } = recoverDrafts(
      ticketId,
      ticket.draft,
      this.shelf,
      openTicket.readAt,
    );
    this.keeper.over(base);
    this.other = keptOther(ticketId, this.shelf);
    if (others[0]) this.offer(others[0]);
    if (drafts.note) this.texts.note = fromDraft(drafts.note);
    if (drafts.reply) this.texts.reply = fromDraft(drafts.reply);
    else this.texts.reply.to = [{ name: ticket.contact.name, address: ticket.contact.address }];
    if (drafts.note && !drafts.reply) this.kind = 'note';
    const first = unsynced[0];
    if (first) this.keeper.resume(this.asDraft(first.kind), first.at, first.base ?? 0);
    void this.prepare(drafts.reply !== undefined);
  }

  /** Puts recipients, greeting, closing and signature into an untouched reply. */
  private async prepare(hasDraft: boolean): Promise<void> {
    try {
      const frame = await api.tickets.frame(this.ticketId);
      this.prepared = assemble(frame);
      if (!hasDraft && isBlank(this.texts.reply.html)) {
        this.texts.reply = { ...this.texts.reply, html: this.prepared, to: frame.to, cc: frame.cc };
        this.revision += 1;
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    } finally {
      this.frameReady = true;
    }
  }

  switchTo(kind: DraftKind): void {
    if (kind === this.kind) return;
    this.kind = kind;
    this.revision += 1;
  }

  write(html: string): void {
    if (html === this.text.html) return;
    this.texts[this.kind].html = html;
    // An emptied answer is no draft: the next time the greeting should stand there again.
    if (this.empty) {
      if (this.kind === 'reply') this.wish = null;
      void this.keeper.clear(this.kind, true);
    } else this.changed();
    this.typing();
  }

  /** A second template adds to what the first one wishes. */
  wishFor({ name, status, tags }: Wish): void {
    const before = this.wish;
    this.wish = {
      name,
      status: status ?? before?.status ?? null,
      tags: [...new Set([...(before?.tags ?? []), ...tags])],
    };
  }

  changed(kind = this.kind): void {
    this.key = newKey();
    this.keeper.edit(this.asDraft(kind));
  }

  /** The text of a message that was taken back. What was begun meanwhile stands below it. */
  restore(draft: Draft): void {
    const begun = this.texts[draft.kind];
    const back = fromDraft(draft);
    if (!isBlank(begun.html, draft.kind === 'reply' ? this.prepared : '')) back.html += begun.html;
    back.attachments = [...back.attachments, ...begun.attachments];
    this.kind = draft.kind;
    this.texts[draft.kind] = back;
    this.revision += 1;
    this.keeper.edit(this.asDraft(draft.kind));
  }

  /** Shows the other text; the one on the screen becomes the other. */
  swap(): void {
    const other = this.other;
    if (!other) return;
    const mine = this.asDraft(other.kind);
    this.show(other);
    this.changed();
    this.offer(isBlank(mine.body_html, mine.kind === 'reply' ? this.prepared : '') ? null : mine);
  }

  /** Keeps another text within reach, or lets it go. */
  offer(other: Draft | null): void {
    this.other = other;
    keepOther(this.ticketId, other, this.shelf);
  }

  private show(draft: Draft): void {
    this.kind = draft.kind;
    this.texts[draft.kind] = fromDraft(draft);
    this.revision += 1;
  }

  async discard(): Promise<void> {
    const kind = this.kind;
    const { to, cc } = this.texts[kind];
    this.texts[kind] = kind === 'reply' ? { ...blank(), html: this.prepared, to, cc } : blank();
    this.wish = null;
    this.revision += 1;
    await this.keeper.clear(kind, true);
  }

  /**
   * Takes files into the text they were given to, whichever is on screen when they arrive: a screenshot for colleagues
   * never slips into the answer. `show` may put a picture where the caret stands; it says whether it did.
   */
  attach(files: File[], show: Show): void {
    const kind = this.kind;
    this.uploads.take(files, (file, picture) => this.arrived(kind, file, picture, show));
  }

  attachAgain(upload: number, show: Show): void {
    const kind = this.kind;
    this.uploads.retry(upload, (file, picture) => this.arrived(kind, file, picture, show));
  }

  detach(file: Attachment): void {
    this.text.attachments = this.text.attachments.filter((other) => other.id !== file.id);
    this.changed();
  }

  private arrived(kind: DraftKind, file: Attachment, picture: boolean, show: Show): void {
    if (picture && kind === this.kind && show(file)) return;
    const text = this.texts[kind];
    text.attachments = [...text.attachments, file];
    this.changed(kind);
  }

  async send(
    { status, snooze, sendAt }: Way,
    seen: number | undefined,
    takeOver = false,
  ): Promise<SendResult> {
    const kind = this.kind;
    const text = this.texts[kind];
    this.sending = true;
    try {
      await this.keeper.settle();
      const recipients = kind === 'reply' ? { to: text.to, cc: text.cc, bcc: text.bcc } : {};
      const { message, ticket } = await api.tickets.send(
        this.ticketId,
        {
          kind,
          body_html: text.html,
          attachments: text.attachments.map((file) => file.id),
          ...recipients,
          status,
          snooze,
          send_at: sendAt,
          seen_message_id: seen,
          ...(takeOver && { take_over: true }),
          draft_clear: true,
        },
        this.key,
      );
      this.key = newKey();
      this.wish = null;
      this.stopTyping();
      this.texts[kind] =
        kind === 'reply' ? { ...blank(), html: this.prepared, to: text.to, cc: text.cc } : blank();
      if (kind === 'note') this.kind = 'reply';
      this.revision += 1;
      await this.keeper.clear(kind, false);
      return { kind: 'sent', ticket, messageId: message.id, undoUntil: message.undo_until };
    } catch (error) {
      this.keeper.edit(this.asDraft(kind));
      if (error instanceof ApiError && error.code === 'new_message') return { kind: 'new_message' };
      if (error instanceof ApiError && error.code === 'unresolved_variable') return { kind: 'unresolved' };
      if (error instanceof ApiError && error.code === 'being_answered') {
        openTicket.answeredBy(this.ticketId, error.body.answering as Answering);
        return { kind: 'being_answered' };
      }
      toasts.show(t('composer.not_sent', { reason: errorText(error) }), 'bad');
      return { kind: 'failed' };
    } finally {
      this.sending = false;
    }
  }

  /** Adds to the text from outside: at the caret, or at the end while there is no editor. */
  add(html: string): void {
    if (this.insert) return this.insert(html);
    this.texts[this.kind].html += html;
    this.revision += 1;
    this.changed();
  }

  close(): void {
    this.stopTyping();
    this.stopHearing();
    this.keeper.close();
  }

  private asDraft(kind: DraftKind): Draft {
    const { html, to, cc, bcc, attachments } = $state.snapshot(this.texts[kind]);
    return { kind, body_html: html, to, cc, bcc, attachments };
  }

  private typing(): void {
    const now = Date.now();
    if (now > this.typingUntil) {
      live.typing(this.ticketId, true);
      this.typingUntil = now + 3_000;
    }
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.stopTyping(), 5_000);
  }

  private stopTyping(): void {
    clearTimeout(this.typingTimer);
    if (this.typingUntil > 0) live.typing(this.ticketId, false);
    this.typingUntil = 0;
  }
}

function fromDraft(draft: Draft): Text {
  return {
    html: draft.body_html,
    to: draft.to,
    cc: draft.cc,
    bcc: draft.bcc,
    attachments: draft.attachments,
  };
}

/** Greeting, an empty line to write in, closing and signature: all of it editable. */
export function assemble(frame: ReplyFrame): string {
  const parts = [frame.greeting_html, '<p></p>', frame.closing_html, frame.signature_html];
  return parts.filter(Boolean).join('');
}
