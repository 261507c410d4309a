/** Which of the list's dialogs is open: the filter as a form, a view's form, the order of views. */
import type { Column, Group, View } from '../api/types';

export interface ViewDraft {
  /** The one to change, or null for a new one. */
  view: View | null;
  query: string;
  sort: string;
  columns?: Column[];
  group?: Group;
}

class Dialogs {
  /** The query the filter form starts from. */
  filter = $state<string | null>(null);
  view = $state.raw<ViewDraft | null>(null);
  arranging = $state(false);

  edit(view: View): void {
    this.view = { view, query: view.query, sort: view.sort };
  }

  saveAs(query: string, sort: string): void {
    this.filter = null;
    this.view = { view: null, query, sort };
  }

  close(): void {
    this.filter = null;
    this.view = null;
    this.arranging = false;
  }
}

export const dialogs = new Dialogs();
