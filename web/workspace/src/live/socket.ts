/**
 * The live socket: one connection, reopened with growing pauses and a little chance, silent about what the messages mean.
 * After a break it says `onOpen(true)`, so that the screens fetch what they missed.
 */
import type { MassAction, Notification } from '../api/types';

export type LiveMessage =
  | { type: 'hello'; seq: number }
  | { type: 'ticket'; id: number; version: number; kinds: string[] }
  | { type: 'views'; items: { key: string; count: number }[] }
  | { type: 'views_changed' }
  | { type: 'mass'; item: MassAction }
  | {
      type: 'presence';
      ticket_id: number;
      people: { agent_id: number; name: string; state: 'viewing' | 'typing' }[];
    }
  | { type: 'notification'; item: Notification; unread: number }
  | { type: 'notify'; text_key: string; ticket_id: number | null; data: Record<string, unknown> };

export type LiveCommand =
  | { type: 'view'; ticket_id: number | null }
  | { type: 'typing'; ticket_id: number; on: boolean }
  | { type: 'ping' };

export interface SocketEvents {
  onMessage(message: LiveMessage): void;
  onOpen(again: boolean): void;
  onClose(): void;
}

/** Pause before the n-th attempt in milliseconds: 0.5 s doubling to 15 s, spread by ±30 %. */
export function pauseBefore(attempt: number, chance: number): number {
  const base = Math.min(15_000, 500 * 2 ** attempt);
  return Math.round(base * (0.7 + 0.6 * chance));
}

export class LiveSocket {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private opened = false;
  private stopped = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private beat: ReturnType<typeof setInterval> | undefined;
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
    this.socket?.close();
    this.socket = null;
  }

  send(command: LiveCommand): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(command));
  }

  /** Try again at once: the network is back, or the computer woke up. */
  wake(): void {
    if (this.stopped || this.socket?.readyState === WebSocket.OPEN) return;
    this.attempt = 0;
    clearTimeout(this.timer);
    this.connect();
  }

  private connect(): void {
    const socket = new WebSocket(this.url);
    this.socket = socket;
    socket.onopen = () => {
      this.attempt = 0;
      this.events.onOpen(this.opened);
      this.opened = true;
    };
    socket.onmessage = (event) => {
      const message = parse(event.data);
      if (message) this.events.onMessage(message);
    };
    socket.onclose = () => {
      if (this.socket !== socket || this.stopped) return;
      this.socket = null;
      this.events.onClose();
      this.timer = setTimeout(() => this.connect(), pauseBefore(this.attempt++, Math.random()));
    };
  }

  /** A beat that comes minutes late means the computer slept: the connection is a ghost, open a new one. */
  private checkPulse(): void {
    const asleep = Date.now() - this.lastBeat > 150_000;
    this.lastBeat = Date.now();
    if (asleep && this.socket?.readyState === WebSocket.OPEN) this.socket.close();
    this.send({ type: 'ping' });
  }
}

function parse(data: unknown): LiveMessage | null {
  try {
    return JSON.parse(String(data)) as LiveMessage;
  } catch {
    return null;
  }
}
