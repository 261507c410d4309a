/**
 * What is happening right now: are we connected, who looks at which ticket, and a small bus on which
 * screens hear that a ticket changed. Knows no screen; screens subscribe.
 */
import { Presence, type Person } from './presence';
import { LiveSocket, type LiveMessage } from './socket';

type Of<Type extends LiveMessage['type']> = Extract<LiveMessage, { type: Type }>;
type Listener = (message: LiveMessage) => void;

class Live {
  /** null until the first connection was made or failed. */
  connected = $state<boolean | null>(null);
  /** Without a connection: an attempt is being made. */
  trying = $state(false);
  /** Without a connection since then. */
  since = $state<number | null>(null);
  /** At the ticket that is open here. */
  here = $state.raw<Person[]>([]);

  /** The place in the log up to which the screens know everything, before the first connection. */
  private known: number | null = null;
  private socket: LiveSocket | null = null;
  private listeners = new Set<Listener>();
  private resumed = new Set<() => void>();
  private stuck = new Set<() => void>();
  private viewing: number | null = null;
  private presence = new Presence((people) => (this.here = people));

  start(): void {
    if (this.socket) return;
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    this.socket = new LiveSocket(`${scheme}://${location.host}/api/v1/live`, {
      onMessage: (message) => this.hear(message),
      onTry: () => (this.trying = true),
      onOpen: (again) => {
        this.connected = true;
        this.trying = false;
        this.since = null;
        this.socket?.send({ type: 'view', ticket_id: this.viewing });
        if (again) this.catchUp();
      },
      onClose: (failures) => {
        this.connected = false;
        this.trying = false;
        this.since ??= Date.now();
        this.presence.lose();
        if (failures > 1) for (const doubt of this.stuck) doubt();
      },
    });
    this.socket.start();
    addEventListener('online', this.wake);
    addEventListener('offline', this.lost);
    document.addEventListener('visibilitychange', this.wake);
  }

  stop(): void {
    removeEventListener('online', this.wake);
    removeEventListener('offline', this.lost);
    document.removeEventListener('visibilitychange', this.wake);
    this.socket?.stop();
    this.socket = null;
    this.connected = null;
    this.since = null;
    this.trying = false;
    this.beAlone();
  }

  on<Type extends LiveMessage['type']>(type: Type, listener: (message: Of<Type>) => void): () => void {
    const own: Listener = (message) => {
      if (message.type === type) listener(message as Of<Type>);
    };
    this.listeners.add(own);
    return () => this.listeners.delete(own);
  }

  /** Called after a break in the connection: fetch what was missed. */
  onResume(catchUp: () => void): () => void {
    this.resumed.add(catchUp);
    return () => this.resumed.delete(catchUp);
  }

  /** Called when attempts keep failing: perhaps it is not the network. */
  onStuck(doubt: () => void): () => void {
    this.stuck.add(doubt);
    return () => this.stuck.delete(doubt);
  }

  /** Now, without waiting for the next turn. */
  tryNow = () => this.socket?.wake();

  view(ticketId: number | null): void {
    if (ticketId !== this.viewing) this.beAlone();
    this.viewing = ticketId;
    this.socket?.send({ type: 'view', ticket_id: ticketId });
  }

  typing(ticketId: number, on: boolean): void {
    this.socket?.send({ type: 'typing', ticket_id: ticketId, on });
  }

  private beAlone(): void {
    this.presence.stop();
    this.presence = new Presence((people) => (this.here = people));
    this.here = [];
  }

  private wake = () => {
    if (document.visibilityState === 'visible') this.socket?.wake();
  };

  private lost = () => this.socket?.lost();

  /** What the screens show first was read at this place in the log. */
  knownUntil(seq: number | null): void {
    this.known = seq;
  }

  private catchUp(): void {
    for (const catchUp of this.resumed) catchUp();
  }

  private hear(message: LiveMessage): void {
    if (message.type === 'hello') {
      // Something happened between the first answers and the first word of the socket.
      if (this.known !== null && this.known !== message.seq) this.catchUp();
      this.known = null;
    }
    if (message.type === 'presence' && message.ticket_id === this.viewing) this.presence.hear(message.people);
    for (const listener of this.listeners) listener(message);
  }
}

export const live = new Live();
