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
  NewMessage,
  ReplyFrame,
  Snooze,
  Status,
  Ticket,
} from '../api/types';
import { openTicket } from '../conversation/ticket.svelte';
import { errorText } from '../i18n/errors';
import { live } from '../live/live.svelte';
import { session } from '../state/session.svelte';
import {
  ageOf,
  DraftKeeper,
  keepOther,
  keptOther,
  ownShelf,
  recoverDraft,
  type DraftHome,
  type DraftState,
  type Saved,
} from './draft';
import { framed, laterWords } from './later';
import { parseAddresses, sameAddress } from './recipients';
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
  | {
      kind: 'sent';
      ticket: Ticket;
      messageId: number;
      undoUntil: string | null;
      text: Draft;
      /** It had arrived before, with the first try's way. */
      again: boolean;
    }
  | { kind: 'new_message' }
  | { kind: 'unresolved' }
  | { kind: 'being_answered' }
  | { kind: 'failed'; reason: string };

/** A message that may have arrived or not: trying again repeats it to the letter, with its key. */
interface Unsure {
  text: Draft;
  message: NewMessage;
  key: string;
}

const kinds = ['reply', 'note'] as const;
const lines = ['to', 'cc', 'bcc'] as const;
export type Line = (typeof lines)[number];

export class Composer {
  kind = $state<DraftKind>('reply');
  texts = $state<Record<DraftKind, Text>>({ reply: blank(), note: blank() });
  /** Grows when the text was set from outside the editor, so that the editor shows it. */
  revision = $state(0);
  /** Where the caret stands when it shows it: at the end of so many blocks. Null: where one begins to write. */
  blocksBeforeCaret: number | null = null;
  sending = $state(false);
  wish = $state.raw<Wish | null>(null);
  /** Puts HTML where the caret stands; the editor gives it when it is there. */
  insert: ((html: string) => void) | null = null;
  /** Takes files as if they had been dropped on the text. */
  take: ((files: File[]) => void) | null = null;
  readonly uploads = new Uploads();
  prepared = $state('');
  frameReady = $state(false);
  /** What stands in the lines of recipients and is no recipient yet. */
  typed = $state<Record<Line, string>>({ to: '', cc: '', bcc: '' });
  readonly text = $derived(this.texts[this.kind]);
  private states = $state<Record<DraftKind, DraftState>>({ reply: 'idle', note: 'idle' });
  readonly draftState = $derived(this.states[this.kind]);
  readonly empty = $derived(
    isBlank(this.text.html, this.kind === 'reply' ? this.prepared : '') && this.text.attachments.length === 0,
  );

  private others = $state.raw<Record<DraftKind, Draft | null>>({ reply: null, note: null });
  /** Another text of mine for this ticket, written elsewhere or before; shown only when it is asked for. */
  readonly other = $derived(this.others[this.kind]);

  private readonly keepers: Record<DraftKind, DraftKeeper>;
  private readonly stopHearing: () => void;
  /** Drafts on this device are this person's own, whoever signs in here next. */
  private readonly shelf = ownShelf(localStorage, `u${session.me?.id ?? 0}.`);
  private unsure: Unsure | null = null;
  private typingUntil = 0;
  private typingTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly ticketId: number,
    ticket: Ticket,
  ) {
    this.keepers = { reply: this.keeperOf('reply'), note: this.keeperOf('note') };
    this.stopHearing = live.onResume(() => kinds.forEach((kind) => this.keepers[kind].again()));
    const found = kinds.filter((kind) => this.recover(kind, ticket));
    if (!found.includes('reply'))
      this.texts.reply.to = [{ name: ticket.contact.name, address: ticket.contact.address }];
    if (found.length === 1 && found[0] === 'note') this.kind = 'note';
    void this.prepare(found.includes('reply'));
  }

  private keeperOf(kind: DraftKind): DraftKeeper {
    return new DraftKeeper(this.ticketId, kind, {
      home: homeOf(this.ticketId, kind),
      shelf: this.shelf,
      now: () => Date.now(),
      later: (run, ms) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
      onState: (state) => (this.states[kind] = state),
      onSaved: (draft) => openTicket.noteDraft(this.ticketId, draft),
      onClash: ({ shown, other }) => {
        if (shown.body_html !== this.texts[kind].html) this.show(shown);
        this.offer(kind, other);
      },
      onOther: (other) => this.offer(kind, other),
    });
  }

  /** Takes up what was begun before; true when there was something. */
  private recover(kind: DraftKind, ticket: Ticket): boolean {
    const remote = ticket.drafts.find((draft) => draft.kind === kind) ?? null;
    const { draft, unsynced, other, base } = recoverDraft(
      this.ticketId,
      kind,
      remote,
      this.shelf,
      openTicket.readAt,
    );
    this.keepers[kind].over(base);
    if (other) this.offer(kind, other);
    else this.others = { ...this.others, [kind]: keptOther(this.ticketId, kind, this.shelf) };
    if (draft) this.texts[kind] = fromDraft(draft);
    if (unsynced) this.keepers[kind].resume(this.asDraft(kind), unsynced.at, unsynced.base ?? 0);
    return draft !== null;
  }

  /** Puts recipients, greeting, closing and signature into an untouched reply. */
  private async prepare(hasDraft: boolean): Promise<void> {
    try {
      const frame = await api.tickets.frame(this.ticketId);
      this.prepared = assemble(frame);
      if (!hasDraft && isBlank(this.texts.reply.html)) {
        this.texts.reply = { ...this.texts.reply, html: this.prepared, to: frame.to, cc: frame.cc };
        this.refresh();
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
    this.refresh();
  }

  write(html: string): void {
    if (html === this.text.html) return;
    this.texts[this.kind].html = html;
    // An emptied answer is no draft: the next time the greeting should stand there again.
    if (this.empty) {
      if (this.kind === 'reply') this.wish = null;
      if (this.unsure?.text.kind === this.kind) this.unsure = null;
      void this.keepers[this.kind].clear(true);
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
    if (this.unsure?.text.kind === kind) this.unsure = null;
    this.keepers[kind].edit(this.asDraft(kind));
  }

  /** What stands in a line of recipients becomes recipients; what is no address stays there. */
  takeLine(line: Line): void {
    const { addresses, wrong } = parseAddresses(this.typed[line]);
    const { reply } = this.texts;
    const fresh = addresses.filter((one) => !reply[line].some((known) => sameAddress(known, one)));
    this.typed[line] = wrong.join(', ');
    if (fresh.length === 0) return;
    reply[line] = [...reply[line], ...fresh];
    this.changed('reply');
  }

  /** The same for all lines; answers what is no address. */
  takeRecipients(): string {
    lines.forEach((line) => this.takeLine(line));
    return lines
      .map((line) => this.typed[line])
      .filter(Boolean)
      .join(', ');
  }

  /** The text of a message that was taken back. What was begun meanwhile stands below it. */
  restore(draft: Draft): void {
    const { kind } = draft;
    const begun = this.texts[kind];
    const back = fromDraft(draft);
    const blankBegun = isBlank(begun.html, kind === 'reply' ? this.prepared : '');
    if (!blankBegun && begun.html !== back.html) back.html += begun.html;
    back.attachments = [...back.attachments, ...without(begun.attachments, back.attachments)];
    this.kind = kind;
    this.texts[kind] = back;
    this.refresh();
    this.keepers[kind].over(ageOf(draft));
    this.changed(kind);
  }

  /** Shows the other text; the one on the screen becomes the other. */
  swap(): void {
    const { kind, other } = this;
    if (!other) return;
    const mine = this.asDraft(kind);
    this.show(other);
    this.changed();
    this.offer(kind, isBlank(mine.body_html, kind === 'reply' ? this.prepared : '') ? null : mine);
  }

  /** Keeps another text within reach, or lets it go. */
  offer(kind: DraftKind, other: Draft | null): void {
    this.others = { ...this.others, [kind]: other };
    keepOther(this.ticketId, kind, other, this.shelf);
  }

  private show(draft: Draft): void {
    this.texts[draft.kind] = fromDraft(draft);
    if (draft.kind === this.kind) this.refresh();
  }

  /** The editor shows the text anew. */
  private refresh(blocksBeforeCaret: number | null = null): void {
    this.blocksBeforeCaret = blocksBeforeCaret;
    this.revision += 1;
  }

  async discard(): Promise<void> {
    const { kind } = this;
    this.texts[kind] = this.untouched(kind);
    this.wish = null;
    this.refresh();
    await this.keepers[kind].clear(true);
  }

  private untouched(kind: DraftKind): Text {
    const { to, cc } = this.texts[kind];
    return kind === 'reply' ? { ...blank(), html: this.prepared, to, cc } : blank();
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

  async send(way: Way, seen: number | undefined, takeOver = false): Promise<SendResult> {
    const unsure = this.unsure?.text.kind === this.kind ? this.unsure : null;
    const text = unsure?.text ?? this.asDraft(this.kind);
    const message = unsure?.message ?? messageOf(text, way, seen, takeOver);
    const key = unsure?.key ?? newKey();
    this.sending = true;
    try {
      await this.keepers[text.kind].settle();
      const { message: sent, ticket } = await api.tickets.send(this.ticketId, message, key);
      this.unsure = null;
      if (text.kind === 'reply') this.wish = null;
      this.stopTyping();
      this.leave(text, unsure !== null);
      const again = unsure !== null;
      return { kind: 'sent', ticket, messageId: sent.id, undoUntil: sent.undo_until, text, again };
    } catch (error) {
      const now = this.asDraft(text.kind);
      this.changed(text.kind);
      if (mayHaveArrived(error) && sameText(now, text)) this.unsure = { text, message, key };
      return this.refusal(error);
    } finally {
      this.sending = false;
    }
  }

  private refusal(error: unknown): SendResult {
    const code = error instanceof ApiError ? error.code : '';
    if (code === 'new_message') return { kind: 'new_message' };
    if (code === 'unresolved_variable') return { kind: 'unresolved' };
    if (error instanceof ApiError && code === 'being_answered') {
      openTicket.answeredBy(this.ticketId, error.body.answering as Answering);
      return { kind: 'being_answered' };
    }
    return { kind: 'failed', reason: errorText(error) };
  }

  /** A text has left. What was written or attached after it stays as a new draft. */
  leave(sent: Draft, dropOnServer: boolean): void {
    const { kind } = sent;
    const { html, attachments } = this.texts[kind];
    const words = laterWords(sent.body_html, html);
    const files = without(attachments, sent.attachments);
    const rest = this.untouched(kind);
    const shown = kind === this.kind;
    const next = words ? framed(rest.html, words) : { html: rest.html, blocksBeforeCaret: null };
    this.texts[kind] = { ...rest, html: next.html, attachments: files };
    void this.keepers[kind].clear(dropOnServer);
    if (words || files.length > 0) this.changed(kind);
    else if (shown) this.kind = 'reply';
    // Whoever writes in the other text is not disturbed.
    if (shown) this.refresh(next.blocksBeforeCaret);
  }

  /** Adds to the text from outside: at the caret, or at the end while there is no editor. */
  add(html: string): void {
    if (this.insert) return this.insert(html);
    this.texts[this.kind].html += html;
    this.refresh();
    this.changed();
  }

  close(): void {
    this.stopTyping();
    this.stopHearing();
    kinds.forEach((kind) => this.keepers[kind].close());
  }

  /** What stands on the screen. */
  written(): Draft {
    return this.asDraft(this.kind);
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

function homeOf(ticketId: number, kind: DraftKind): DraftHome {
  return {
    save: (draft, over) =>
      instead(async () => {
        const { answering, ...kept } = await api.tickets.saveDraft(ticketId, { ...draft, over });
        if (answering !== undefined) openTicket.answeredBy(ticketId, answering);
        return { kept };
      }),
    drop: async (over) => {
      const dropped = await instead(async () => {
        await api.tickets.dropDraft(ticketId, kind, over ?? undefined);
        openTicket.forgetDraft(ticketId, kind);
        return { kept: undefined };
      });
      return 'instead' in dropped ? dropped.instead : null;
    },
  };
}

/** The server says which text stands there instead; that is an answer, no failure. */
async function instead(ask: () => Promise<Saved>): Promise<Saved> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'draft_changed') throw error;
    return { instead: error.body.draft as Draft };
  }
}

function messageOf(text: Draft, way: Way, seen: number | undefined, takeOver: boolean): NewMessage {
  const { kind, to, cc, bcc } = text;
  return {
    kind,
    body_html: text.body_html,
    attachments: text.attachments.map((file) => file.id),
    ...(kind === 'reply' && { to, cc, bcc }),
    status: way.status,
    snooze: way.snooze,
    send_at: way.sendAt,
    seen_message_id: seen,
    ...(takeOver && { take_over: true }),
    draft_clear: true,
  };
}

/** Nobody said no: the message is there, or it is not. */
const mayHaveArrived = (error: unknown) =>
  error instanceof ApiError && (error.offline || error.status >= 500);

const sameText = (one: Draft, other: Draft) => JSON.stringify(one) === JSON.stringify(other);

const without = (files: Attachment[], known: Attachment[]) =>
  files.filter((file) => !known.some((one) => one.id === file.id));

/** Greeting, an empty line to write in, closing and signature: all of it editable. */
export function assemble(frame: ReplyFrame): string {
  const parts = [frame.greeting_html, '<p></p>', frame.closing_html, frame.signature_html];
  return parts.filter(Boolean).join('');
}
