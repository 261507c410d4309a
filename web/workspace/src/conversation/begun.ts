/**
 * Letters begun by us and not sent yet: kept on this device for whoever wrote them, until they are sent or that person
 * signs out. Where the device keeps nothing they last as long as the page.
 */
import type { Attachment, DraftKind } from '../api/types';
import { ownShelf, type Shelf } from '../composer/draft';
import { isBlank } from '../composer/words';

export interface Form {
  inbox: string;
  email: string;
  name: string;
  subject: string;
  html: string;
  files: Attachment[];
  kind: DraftKind;
}

const prefixOf = (person: number) => `u${person}.opora.begun.`;
const isEmpty = ({ email, name, subject, html, files }: Form) =>
  !email.trim() && !name.trim() && !subject.trim() && files.length === 0 && isBlank(html);

/** What a device did not take. */
const untaken = new Map<string, string>();

export class BegunShelf {
  private readonly shelf: Shelf;

  constructor(
    shelf: Shelf,
    private readonly person: number,
  ) {
    this.shelf = ownShelf(shelf, prefixOf(person));
  }

  read(about: string): Form | null {
    try {
      const text = untaken.get(this.nameOf(about)) ?? this.shelf.getItem(about);
      return text ? (JSON.parse(text) as Form) : null;
    } catch {
      return null;
    }
  }

  /** An empty letter is no letter. */
  keep(about: string, form: Form): void {
    this.drop(about);
    if (isEmpty(form)) return;
    const text = JSON.stringify(form);
    try {
      this.shelf.setItem(about, text);
    } catch {
      untaken.set(this.nameOf(about), text);
    }
  }

  drop(about: string): void {
    untaken.delete(this.nameOf(about));
    try {
      this.shelf.removeItem(about);
    } catch {
      // The device keeps nothing, so there is nothing to drop.
    }
  }

  private nameOf = (about: string) => prefixOf(this.person) + about;
}

/** They sign out: whoever comes next on this device finds nothing of theirs. */
export function dropBegun(storage: Storage, person: number): void {
  const theirs = (key: string) => key.startsWith(prefixOf(person));
  const keys = Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? '');
  for (const key of keys.filter(theirs)) storage.removeItem(key);
  for (const key of [...untaken.keys()].filter(theirs)) untaken.delete(key);
}
