/**
 * The service worker: opens the workspace without a connection. It touches no answer of the API and keeps nothing about
 * people. A new version takes over at once, which harms no open page: the files of either are found by their names.
 */
import { noticeOf, ownPath } from './notice';
import { answererOf, Shell } from './shell';

declare const self: ServiceWorkerGlobalScope;
declare const __OPORA_VERSION__: string;
declare const __OPORA_FILES__: string[];

/** How long a page waits for a network that does not say no either. */
const patience = 4_000;

const shell = new Shell(__OPORA_VERSION__, __OPORA_FILES__, caches, (request, init) => fetch(request, init));

self.addEventListener('install', (event) => {
  event.waitUntil(shell.fill().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(shell.tidy().then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const answerer = answererOf(event.request, self.location.origin);
  if (answerer === 'page') event.respondWith(shell.page(event.request, patience));
  else if (answerer === 'file') event.respondWith(shell.file(event.request));
});

/** Whoever looks at the workspace sees it there. */
self.addEventListener('push', (event) => {
  const { title, options } = noticeOf(event.data?.text() ?? '');
  event.waitUntil(
    self.clients.matchAll({ type: 'window', includeUncontrolled: true }).then((windows) => {
      if (windows.some((one) => one.focused)) return;
      return self.registration.showNotification(title, options);
    }),
  );
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const url = ownPath((event.notification.data as { url?: unknown } | null)?.url);
  event.waitUntil(open(url));
});

/** An open window goes there by itself, so that nothing in it is loaded anew. */
async function open(url: string): Promise<void> {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const window = windows.find((one) => one.visibilityState === 'visible') ?? windows[0];
  if (!window) return void (await self.clients.openWindow(url));
  window.postMessage({ type: 'go', url });
  await window.focus().catch(() => window);
}

/** The browser has changed the address under which it can be reached. */
self.addEventListener('pushsubscriptionchange', (event) => {
  event.waitUntil(
    (async () => {
      const options = event.oldSubscription?.options;
      const now =
        event.newSubscription ?? (options ? await self.registration.pushManager.subscribe(options) : null);
      if (!now) return;
      const { endpoint, keys } = now.toJSON();
      await fetch('/api/v1/me/push', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        credentials: 'same-origin',
        body: JSON.stringify({ endpoint, keys }),
      });
    })(),
  );
});
