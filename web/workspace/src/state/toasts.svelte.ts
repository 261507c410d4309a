/** Short news in the corner: what happened, with at most one thing to do about it. Errors stay longer. */
export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'good' | 'bad';
  action?: { label: string; run: () => void };
}

class Toasts {
  items = $state<Toast[]>([]);
  private last = 0;

  show(text: string, tone: Toast['tone'] = 'plain', action?: Toast['action']): void {
    const id = ++this.last;
    this.items = [...this.items.filter((toast) => toast.text !== text), { id, text, tone, action }].slice(-3);
    setTimeout(() => this.drop(id), tone === 'bad' || action ? 9000 : 4000);
  }

  drop(id: number): void {
    this.items = this.items.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();

/** What a screen reader should hear without losing its place. */
export const announcer = $state<{ said: { id: number; text: string }[] }>({ said: [] });

const remembered = 10_000;
let said = 0;

/** Each is a paragraph of its own, so that two in a moment are both heard, and the same again is heard again. */
export function announce(text: string): void {
  const id = ++said;
  announcer.said = [...announcer.said, { id, text }];
  setTimeout(() => (announcer.said = announcer.said.filter((one) => one.id !== id)), remembered);
}
