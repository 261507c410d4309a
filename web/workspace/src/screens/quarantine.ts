/** What the quarantine knows about its letters: why one lies there, and whether it has left. */
import { api } from '../api';
import type { Quarantined } from '../api/types';
import { lookUp } from '../i18n/index.svelte';

/** Why a letter lies here, in the reader's language; for a code we have no words for, the server's own. */
export function reasonText({ reason, reason_code }: Quarantined): string {
  return lookUp(`quarantine.why.${reason_code}`) ?? (reason || reason_code);
}

/** The server reads a letter again in its own time; looks a few times whether it has left the pile. */
export async function leftThePile(id: number): Promise<boolean> {
  for (const pause of [250, 600, 1200]) {
    await new Promise((go) => setTimeout(go, pause));
    const { items } = await api.quarantine.list('quarantined', 1000);
    if (!items.some((item) => item.id === id)) return true;
  }
  return false;
}
