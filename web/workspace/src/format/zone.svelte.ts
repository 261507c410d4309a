/** The time zone in which this person reads times: their own choice, else the one of this device. */
import { knownZone } from '../later/zoned';

const device = () => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
const kept = () => globalThis.localStorage?.getItem('opora.zone') ?? '';

export const zone = $state({ current: knownZone(kept()) && kept() !== '' ? kept() : device() });

/** Null or a word that is no zone: the device's own. */
export function setZone(name: string | null | undefined): void {
  const chosen = name && knownZone(name) ? name : null;
  zone.current = chosen ?? device();
  if (chosen) localStorage.setItem('opora.zone', chosen);
  else localStorage.removeItem('opora.zone');
}
