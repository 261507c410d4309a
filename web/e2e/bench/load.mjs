/** The first visit: what comes over the wire before the list can be read, and how long that takes. */
import { gzipSync } from 'node:zlib';
import { person } from '../stage/browser.mjs';

export async function firstLoad({ browser, base, login, rounds }) {
  const ready = [];
  let [kilobytes, sent] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    const one = await person(browser, base, { locale: 'ru', serviceWorkers: 'block' });
    await one.enter(login, { locale: 'ru', theme: 'light' });
    const wire = await one.context.newCDPSession(one.page);
    await wire.send('Network.enable');
    const scripts = new Map();
    wire.on('Network.responseReceived', ({ requestId, type, response }) => {
      if (type === 'Script' || /javascript/.test(response.mimeType))
        scripts.set(requestId, { url: response.url, size: 0 });
    });
    wire.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (scripts.has(requestId)) scripts.get(requestId).size = encodedDataLength;
    });
    await one.context.addInitScript(() => {
      const look = () => {
        if (!document.querySelector('[data-testid=ticket-row]')) return requestAnimationFrame(look);
        requestAnimationFrame(() => setTimeout(() => (window.readyAt = performance.now())));
      };
      requestAnimationFrame(look);
    });
    await one.page.goto('/views/all_open');
    await one.page.waitForFunction(() => window.readyAt !== undefined);
    ready.push(await one.page.evaluate(() => window.readyAt));
    sent = [...scripts.values()].reduce((sum, { size }) => sum + size, 0) / 1024;
    if (round === 0) kilobytes = await zipped([...scripts.values()].map(({ url }) => url));
    await one.close();
  }
  return { ready, kilobytes, sent };
}

/** As small as gzip makes them, in KB; what a server sends may be larger. */
async function zipped(urls) {
  let size = 0;
  for (const url of urls) {
    const text = await (await fetch(url)).arrayBuffer();
    size += gzipSync(Buffer.from(text), { level: 9 }).length;
  }
  return size / 1024;
}
