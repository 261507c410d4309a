/** Lets the browser keep the workspace itself, once the first screen stands. A page that stays open asks for news hourly. */
import { whenIdle } from '../state/idle';

const hour = 3_600_000;

export function keepShell(): void {
  if (!('serviceWorker' in navigator)) return;
  const begin = () =>
    whenIdle(async () => {
      try {
        const shell = await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' });
        setInterval(() => void shell.update().catch(() => undefined), hour);
      } catch {
        // Not allowed here (plain http, a private window): the workspace works as it is, with a connection.
      }
    });
  if (document.readyState === 'complete') begin();
  else addEventListener('load', begin, { once: true });
}
