/** Completions for a query that is being typed: asked for after a pause, dropped when the text has moved on. */
import { api } from '../api';
import type { Completions } from '../api/types';
import { indexToByte } from './bytes';
import { narrowed, noOffers, taken, type Offer } from './completion';

const pause = 110;

export class Suggestions {
  answer = $state.raw<Completions>(noOffers);
  /** The one the arrows stand on; -1 while they were not used. */
  active = $state(-1);

  /** The text the answer is about. */
  private text = '';
  private turn = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private request: AbortController | null = null;

  get open(): boolean {
    return this.answer.items.length > 0;
  }

  ask(text: string, caret: number, at_once = false): void {
    this.forget();
    const turn = this.turn;
    this.offer(narrowed(this.answer, this.text, text));
    this.text = text;
    this.timer = setTimeout(() => void this.fetch(text, caret, turn), at_once ? 0 : pause);
  }

  close(): void {
    this.forget();
    this.answer = noOffers;
    this.active = -1;
  }

  move(by: 1 | -1): void {
    const { length } = this.answer.items;
    if (this.active === -1) this.active = by === 1 ? 0 : length - 1;
    else this.active = (this.active + by + length) % length;
  }

  /** The text with the offer in it; without one, the one the arrows stand on or the first. */
  take(text: string, offer?: Offer): { text: string; caret: number } | null {
    const chosen = offer ?? this.answer.items[Math.max(0, this.active)];
    if (!chosen) return null;
    const result = taken(text, this.answer, chosen);
    this.close();
    if (chosen.kind === 'key') this.ask(result.text, result.caret, true);
    return result;
  }

  private forget(): void {
    this.turn += 1;
    clearTimeout(this.timer);
    this.request?.abort();
  }

  private async fetch(text: string, caret: number, turn: number): Promise<void> {
    const request = (this.request = new AbortController());
    let answer = noOffers;
    try {
      answer = await api.filter.completions(text, indexToByte(text, caret), request.signal);
    } catch {
      // Completion is a convenience: without it the box is a plain one.
    }
    if (turn !== this.turn) return;
    this.offer(answer);
  }

  /** The one the arrows stand on stays the one, as long as it is offered. */
  private offer(answer: Completions): void {
    const chosen = this.answer.items[this.active]?.insert;
    this.answer = answer;
    this.active = chosen === undefined ? -1 : answer.items.findIndex(({ insert }) => insert === chosen);
  }
}
