/** What is being written to colleagues: the words, their files, and where both are kept until they are sent. */
import type { Attachment } from '../api/types';
import { Uploads, type Arrived } from '../composer/uploads.svelte';
import { isBlank } from '../composer/words';
import { newTalkKey, unsent } from './talks.svelte';
import type { Place, Unsent } from './unsent';
import { talkError } from './words';

export class TalkWriting {
  html = $state('');
  files = $state<Attachment[]>([]);
  /** Grows when the text was set from outside the editor. */
  revision = $state(0);
  busy = $state(false);
  /** Why it was not sent. */
  wrong = $state('');
  /** What was kept here before, of whatever else belongs to it. */
  readonly before: Unsent | null;
  readonly uploads = new Uploads();
  readonly empty = $derived(isBlank(this.html));

  private readonly shelf = unsent();
  private key = newTalkKey();

  /** `rest`: what is kept beside the words. */
  constructor(
    private readonly place: Place,
    private readonly rest: () => Partial<Unsent> = () => ({}),
  ) {
    this.before = this.shelf.read(place);
    this.html = this.before?.html ?? '';
    this.files = this.before?.files ?? [];
  }

  write(html: string): void {
    this.html = html;
    this.changed();
  }

  changed(): void {
    this.key = newTalkKey();
    const html = this.empty ? '' : this.html;
    this.shelf.keep(this.place, { html, files: $state.snapshot(this.files), ...this.rest() });
  }

  /** `show` may put a picture into the text; it says whether it did. */
  attach(files: File[], show: (picture: Attachment) => boolean): boolean {
    if (files.length > 0) this.uploads.take(files, this.arrived(show));
    return files.length > 0;
  }

  again(upload: number, show: (picture: Attachment) => boolean): void {
    this.uploads.retry(upload, this.arrived(show));
  }

  detach(file: Attachment): void {
    this.files = this.files.filter((other) => other.id !== file.id);
    this.changed();
  }

  /** Hands over what is written; what is refused stays, with the reason. */
  async send(deliver: (html: string, files: number[], key: string) => Promise<void>): Promise<void> {
    if (this.busy || this.uploads.underway > 0) return;
    this.busy = true;
    this.wrong = '';
    try {
      await deliver(
        this.html,
        this.files.map((file) => file.id),
        this.key,
      );
      this.key = newTalkKey();
      this.html = '';
      this.files = [];
      this.revision += 1;
      this.shelf.drop(this.place);
    } catch (error) {
      this.wrong = talkError(error);
    } finally {
      this.busy = false;
    }
  }

  private arrived(show: (picture: Attachment) => boolean): Arrived {
    return (file, picture) => {
      if (picture && show(file)) return;
      this.files = [...this.files, file];
      this.changed();
    };
  }
}
