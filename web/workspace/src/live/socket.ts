/**
 * The live socket: one connection, reopened with growing pauses and a little chance, silent about what the messages mean.
 * After a break it says `onOpen(true)`, so that the screens fetch what they missed.
 */
import type { Answering, MassAction, Notification } from '../api/types';
import type { Person } from './presence';

export type LiveMessage =
  | { type: 'hello'; seq: number }
  | { type: 'pong' }
  | { type: 'ticket'; id: number; version: number; kinds: string[] }
  | { type: 'views'; items: { key: string; count: number }[] }
  | { type: 'views_changed' }
  | { type: 'roster_changed' }
  | { type: 'mass'; item: MassAction }
  | { type: 'presence'; ticket_id: number; people: Person[] }
  | { type: 'answering'; ticket_id: number; person: Answering | null }
  | { type: 'notification'; item: Notification; unread: number }
  | { type: 'notify'; text_key: string; ticket_id: number | null; data: Record<string, unknown> };

export type LiveCommand =
  | { type: 'view'; ticket_id: number | null }
  | { type: 'typing'; ticket_id: number; on: boolean }
  | { type: 'ping' };

export interface SocketEvents {
  onMessage(message: LiveMessage): void;
  /** `again`: something may have been missed before. */
  onOpen(again: boolean): void;
  /** It broke, or an attempt failed: how many have failed in a row. */
  onClose(failures: number): void;
  /** An attempt begins. */
  onTry?(): void;
}

/** Pause before the n-th attempt in milliseconds: 0.5 s doubling to 15 s, spread by ±30 %. */
export function pauseBefore(attempt: number, chance: number): number {
  const base = Math.min(15_000, 500 * 2 ** attempt);
  return Math.round(base * (0.7 + 0.6 * chance));
}

/** Whoever does not answer a beat for so long is not there. */
const answerWithin = 10_000;

export class LiveSocket {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private missed = false;
  private stopped = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private beat: ReturnType<typeof setInterval> | undefined;
  private doubt: ReturnType<typeof setTimeout> | undefined;
  private lastBeat = Date.now();

  constructor(
    private readonly url: string,
    private readonly events: SocketEvents,
  ) {}

  start(): void {
    this.stopped = false;
    this.connect();
    this.beat = setInterval(() => this.checkPulse(), 25_000);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    clearInterval(this.beat);
    clearTimeout(this.doubt);
    this.socket?.close();
    this.socket = null;
  }

  send(command: LiveCommand): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(command));
  }

  /** Try again at once: the network is back, or the computer woke up. A connection that stands must prove it. */
  wake(): void {
    if (this.stopped) return;
    if (this.socket?.readyState === WebSocket.OPEN) return this.checkPulse();
    if (this.socket?.readyState === WebSocket.CONNECTING) return;
    this.attempt = 0;
    clearTimeout(this.timer);
    this.connect();
  }

  /** The network is gone: the connection with it, even if nobody has noticed yet. */
  lost(): void {
    const ghost = this.socket;
    if (this.stopped || !ghost) return;
    ghost.onopen = ghost.onmessage = ghost.onclose = null;
    ghost.close();
    this.broken();
  }

  private connect(): void {
    const socket = new WebSocket(this.url);
    this.socket = socket;
    this.events.onTry?.();
    socket.onopen = () => {
      this.attempt = 0;
      this.lastBeat = Date.now();
      this.events.onOpen(this.missed);
    };
    socket.onmessage = (event) => {
      clearTimeout(this.doubt);
      const message = parse(event.data);
      if (message) this.events.onMessage(message);
    };
    socket.onclose = () => {
      if (this.socket === socket && !this.stopped) this.broken();
    };
  }

  private broken(): void {
    clearTimeout(this.doubt);
    clearTimeout(this.timer);
    this.socket = null;
    this.missed = true;
    this.timer = setTimeout(() => this.connect(), pauseBefore(this.attempt++, Math.random()));
    this.events.onClose(this.attempt);
  }

  /** A beat that comes minutes late means the computer slept; no answer to it, that nobody is there any more. */
  private checkPulse(): void {
    const asleep = Date.now() - this.lastBeat > 150_000;
    this.lastBeat = Date.now();
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    if (asleep) {
      this.attempt = 0;
      return this.lost();
    }
    this.send({ type: 'ping' });
    clearTimeout(this.doubt);
    this.doubt = setTimeout(() => this.lost(), answerWithin);
  }
}

function parse(data: unknown): LiveMessage | null {
  try {
    return JSON.parse(String(data)) as LiveMessage;
  } catch {
    return null;
  }
}
