/** A screen that can be timed from within: when something was asked for, and when the last of it was painted. */
import { person } from '../stage/browser.mjs';

export async function screen({ browser, base, login }, path) {
  const one = await person(browser, base, { locale: 'ru' });
  await one.context.addInitScript(install);
  await one.enter(login, { locale: 'ru', theme: 'light' });
  await one.page.goto(path);
  await one.at('ticket-row').first().waitFor({ timeout: 60_000 });
  await one.page.evaluate(() => window.timed.settled());
  return one;
}

/** Runs in the page. A moment counts as painted in the frame after the change it made to the document. */
function install() {
  const quiet = 200;
  let going = 0;
  let last = 0;
  const plain = window.fetch;
  window.fetch = (...given) => {
    going += 1;
    return plain(...given).finally(() => (going -= 1));
  };
  const painted = () =>
    new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))));
  const watch = () =>
    new MutationObserver(() => {
      const mine = (last = performance.now());
      void painted().then((at) => last === mine && (last = at));
    }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  if (document.documentElement) watch();
  else document.addEventListener('readystatechange', watch, { once: true });

  /** Resolves with the time of the last paint, once nothing has moved for a while and nothing is on its way. */
  async function settled() {
    for (;;) {
      await new Promise((done) => setTimeout(done, 20));
      if (going === 0 && performance.now() - last > quiet) return last;
    }
  }
  /** Does something, and tells when its content stood there and when the last of it was painted. */
  async function from(act, isThere) {
    const begun = (last = performance.now());
    act();
    while (!isThere()) {
      if (performance.now() - begun > 20_000) throw new Error('it never came');
      await new Promise((done) => requestAnimationFrame(done));
    }
    const first = (await painted()) - begun;
    return { first, last: (await settled()) - begun };
  }
  window.timed = { settled, from, painted };
}
