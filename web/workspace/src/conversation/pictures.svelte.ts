/** The light box: which pictures of this ticket it walks through, and where it stands. */
import type { Attachment, Message } from '../api/types';
import { openTicket } from './ticket.svelte';

export const isPicture = ({ content_type }: Attachment) => /^image\/(png|jpe?g|gif|webp)$/.test(content_type);

/** All pictures of a conversation in their order, each once. */
export function picturesOf(messages: Message[]): Attachment[] {
  const found = new Map<number, Attachment>();
  for (const { attachments } of messages)
    for (const file of attachments) if (isPicture(file)) found.set(file.id, file);
  return [...found.values()];
}

class LightBox {
  items = $state.raw<Attachment[]>([]);
  at = $state(0);
  readonly current = $derived(this.items[this.at]);

  show(id: number): boolean {
    const items = picturesOf(openTicket.current?.messages ?? []);
    const at = items.findIndex((file) => file.id === id);
    if (at === -1) return false;
    this.items = items;
    this.at = at;
    return true;
  }

  move(by: 1 | -1): void {
    const count = this.items.length;
    if (count > 0) this.at = (this.at + by + count) % count;
  }

  close(): void {
    this.items = [];
  }
}

export const lightBox = new LightBox();
