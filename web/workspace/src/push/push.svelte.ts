/**
 * Notices on this device while the workspace is closed: the browser's push service brings them, the service worker shows
 * them. Which subscription is this device's is remembered here; the server knows all of a person's devices.
 */
import { api, ApiError } from '../api';
import type { PushDevice } from '../api/types';
import { deviceName, keyBytes } from './device';

/** Why notices cannot be turned on here, or whether they are. */
export type PushState = 'looking' | 'insecure' | 'unsupported' | 'denied' | 'off' | 'on';

const kept = 'opora.push';
interface Kept {
  person: number;
  id: number;
}

class Push {
  state = $state<PushState>('looking');
  devices = $state.raw<PushDevice[]>([]);
  here = $state<number | null>(null);
  failed = $state.raw<unknown>(null);
  private key = '';

  async look(person: number): Promise<void> {
    this.failed = null;
    try {
      const { public_key, subscriptions } = await api.push.state();
      this.key = public_key;
      this.devices = subscriptions;
    } catch (error) {
      this.failed = error;
    }
    await this.see(person);
  }

  /** Asks the person, the browser and the server, in this order. */
  async turnOn(person: number): Promise<void> {
    if ((await window.Notification.requestPermission()) !== 'granted') return this.see(person);
    const worker = await navigator.serviceWorker.ready;
    const subscription = await worker.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: keyBytes(this.key),
    });
    const { endpoint, keys } = subscription.toJSON();
    const { id } = await api.push.add({
      endpoint: endpoint ?? '',
      keys: { p256dh: keys?.p256dh ?? '', auth: keys?.auth ?? '' },
      name: deviceName(navigator.userAgent),
    });
    localStorage.setItem(kept, JSON.stringify({ person, id } satisfies Kept));
    await this.look(person);
  }

  async remove(id: number, person: number): Promise<void> {
    if (id === this.here) await (await subscribed())?.unsubscribe();
    await api.push.drop(id).catch((error: unknown) => {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    });
    if (id === this.here) localStorage.removeItem(kept);
    await this.look(person);
  }

  private async see(person: number): Promise<void> {
    const subscription = await subscribed().catch(() => null);
    const known = mine();
    this.here = subscription && known?.person === person ? known.id : null;
    this.state = obstacle() ?? (this.here === null ? 'off' : 'on');
    if (this.state === 'off' && (await noWorker())) this.state = 'unsupported';
  }
}

export const push = new Push();

/** Somebody signs out, or is signed out: what concerns them is not shown here any more. */
export async function endHere(tellServer: boolean): Promise<void> {
  const known = mine();
  if (!known) return;
  if (tellServer) await api.push.drop(known.id).catch(() => undefined);
  await (await subscribed().catch(() => null))?.unsubscribe().catch(() => false);
  localStorage.removeItem(kept);
}

function mine(): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(kept) ?? 'null') as Kept | null;
  } catch {
    return null;
  }
}

function obstacle(): PushState | null {
  if (!window.isSecureContext) return 'insecure';
  if (!('serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window))
    return 'unsupported';
  return window.Notification.permission === 'denied' ? 'denied' : null;
}

async function noWorker(): Promise<boolean> {
  return (await navigator.serviceWorker.getRegistration()) === undefined;
}

async function subscribed(): Promise<PushSubscription | null> {
  if (obstacle()) return null;
  const worker = await navigator.serviceWorker.getRegistration();
  return (await worker?.pushManager.getSubscription()) ?? null;
}

/** A page whose device is told by push makes no notice of its own. */
export async function toldByPush(): Promise<boolean> {
  return mine() !== null && (await subscribed().catch(() => null)) !== null;
}
