/** The ten seconds after "send" in which the message can still be taken back. One at a time; lives above the screens. */
import { api, ApiError } from '../api';
import type { Draft, Message } from '../api/types';
import { errorText } from '../i18n/errors';
import { t } from '../i18n/index.svelte';
import { toasts } from '../state/toasts.svelte';

export interface Sent {
  message: Message;
  ticketId: number;
  ticketNumber: number;
  /** Where the list was, so that undo can come back to it. */
  path: string;
  /** Until then by the server's clock, by which the message was written too: this device may have another time. */
  until: number;
}

class UndoBar {
  sent = $state.raw<Sent | null>(null);
  left = $state(0);
  busy = $state(false);
  /** When it is over, by this device's clock. */
  private end = 0;
  private timer: ReturnType<typeof setInterval> | undefined;

  offer(sent: Sent): void {
    const granted = sent.until - Date.parse(sent.message.created_at);
    if (granted <= 0) return;
    this.end = performance.now() + granted;
    this.sent = sent;
    this.tick();
    clearInterval(this.timer);
    this.timer = setInterval(() => this.tick(), 250);
  }

  dismiss(): void {
    clearInterval(this.timer);
    this.sent = null;
  }

  /** Takes the message back; the text returns as a draft. */
  async undo(restore: (sent: Sent, draft: Draft) => Promise<void>): Promise<void> {
    const sent = this.sent;
    if (!sent || this.busy) return;
    this.busy = true;
    clearInterval(this.timer);
    try {
      const draft = await api.messages.undo(sent.message.id);
      this.sent = null;
      await restore(sent, draft);
    } catch (error) {
      this.sent = null;
      const late = error instanceof ApiError && error.code === 'already_sent';
      toasts.show(late ? t('undo.too_late') : errorText(error), 'bad');
    } finally {
      this.busy = false;
    }
  }

  private tick(): void {
    if (!this.sent) return;
    this.left = Math.max(0, Math.ceil((this.end - performance.now()) / 1000));
    if (this.left === 0) this.dismiss();
  }
}

export const undoBar = new UndoBar();
