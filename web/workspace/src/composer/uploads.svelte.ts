/**
 * Files on their way into a text: how far each one is, what became of it, and a second try for those that did not
 * arrive. One goes after another; the first is the first to arrive.
 */
import { api, ApiError } from '../api';
import type { Attachment } from '../api/types';
import { errorText } from '../i18n/errors';
import { t } from '../i18n/index.svelte';
import { prepared } from './pictures';

export interface Upload {
  id: number;
  file: File;
  /** From 0 to 1. */
  part: number;
  /** Why it did not arrive. */
  problem: string | null;
  /** The same file may well arrive the next time. */
  again: boolean;
}

/** A file that is on the server; `picture` says that it can be shown. */
export type Arrived = (attachment: Attachment, picture: boolean) => void;

export class Uploads {
  items = $state<Upload[]>([]);
  readonly underway = $derived(this.items.filter((one) => one.problem === null).length);

  private last = 0;
  private line: Promise<unknown> = Promise.resolve();
  private stops = new Map<number, AbortController>();

  /** `arrived` is called for each file that did. */
  take(files: File[], arrived: Arrived): void {
    for (const file of files) {
      const id = ++this.last;
      this.items.push({ id, file, part: 0, problem: null, again: false });
      this.queue(id, arrived);
    }
  }

  retry(id: number, arrived: Arrived): void {
    const upload = this.find(id);
    if (!upload) return;
    upload.problem = null;
    upload.part = 0;
    this.queue(id, arrived);
  }

  /** Stops it, or forgets that it failed. */
  drop(id: number): void {
    this.stops.get(id)?.abort();
    this.items = this.items.filter((one) => one.id !== id);
  }

  private queue(id: number, arrived: Arrived): void {
    this.line = this.line.then(async () => {
      const sent = await this.send(id);
      if (sent) arrived(sent.attachment, sent.picture);
    });
  }

  private async send(id: number): Promise<{ attachment: Attachment; picture: boolean } | undefined> {
    const upload = this.find(id);
    if (!upload) return undefined;
    const stop = new AbortController();
    this.stops.set(id, stop);
    try {
      const { file, picture } = await prepared(upload.file);
      if (stop.signal.aborted) return undefined;
      const attachment = await api.upload(file, {
        signal: stop.signal,
        onProgress: (part) => (upload.part = part),
      });
      this.drop(id);
      return { attachment, picture };
    } catch (error) {
      if (stop.signal.aborted) return undefined;
      upload.problem = reason(error);
      upload.again = !(error instanceof ApiError) || error.status === 0 || error.status >= 429;
      return undefined;
    } finally {
      this.stops.delete(id);
    }
  }

  private find(id: number): Upload | undefined {
    return this.items.find((one) => one.id === id);
  }
}

/** The server's own sentence names the size that would have fitted. */
function reason(error: unknown): string {
  if (error instanceof ApiError && error.code === 'too_large' && error.detail) return error.detail;
  return error instanceof ApiError && error.offline ? t('composer.upload_offline') : errorText(error);
}
