/**
 * What is happening right now: are we connected, who looks at which ticket, and a small bus on which
 * screens hear that a ticket changed. Knows no screen; screens subscribe.
 */
import { LiveSocket, type LiveMessage } from './socket';

type Person = { agent_id: number; name: string; state: 'viewing' | 'typing' };
type Of<Type extends LiveMessage['type']> = Extract<LiveMessage, { type: Type }>;
type Listener = (message: LiveMessage) => void;

class Live {
  /** null until the first connection was made or failed. */
  connected = $state<boolean | null>(null);
  presence = $state<Record<number, Person[]>>({});

  private socket: LiveSocket | null = null;
  private listeners = new Set<Listener>();
  private resumed = new Set<() => void>();
  private viewing: number | null = null;

  start(): void {
    if (this.socket) return;
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    this.socket = new LiveSocket(`${scheme}://${location.host}/api/v1/live`, {
      onMessage: (message) => this.hear(message),
      onOpen: (again) => {
        this.connected = true;
        this.socket?.send({ type: 'view', ticket_id: this.viewing });
        if (again) for (const catchUp of this.resumed) catchUp();
      },
      onClose: () => {
        this.connected = false;
        this.presence = {};
      },
    });
    this.socket.start();
    addEventListener('online', this.wake);
    document.addEventListener('visibilitychange', this.wake);
  }

  stop(): void {
    removeEventListener('online', this.wake);
    document.removeEventListener('visibilitychange', this.wake);
    this.socket?.stop();
    this.socket = null;
    this.connected = null;
    this.presence = {};
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

  view(ticketId: number | null): void {
    this.viewing = ticketId;
    this.socket?.send({ type: 'view', ticket_id: ticketId });
  }

  typing(ticketId: number, on: boolean): void {
    this.socket?.send({ type: 'typing', ticket_id: ticketId, on });
  }

  private wake = () => {
    if (document.visibilityState === 'visible') this.socket?.wake();
  };

  private hear(message: LiveMessage): void {
    if (message.type === 'presence') this.presence[message.ticket_id] = message.people;
    for (const listener of this.listeners) listener(message);
  }
}

export const live = new Live();
