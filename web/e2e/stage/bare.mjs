/**
 * A browser without the inspector's ears. What drives the other tests listens to the network, for which the page's own
 * process keeps every answer: where the size of that process is measured, nobody may listen. Speaks the DevTools protocol over
 * a pipe: messages end with a zero byte.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { args, chromiumPath } from './browser.mjs';

export async function openBare() {
  const home = mkdtempSync(join(tmpdir(), 'opora-bare-'));
  const own = ['--headless=new', '--remote-debugging-pipe', `--user-data-dir=${home}`, '--no-first-run'];
  const child = spawn(chromiumPath(), [...own, ...args, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const [into, from] = [child.stdio[3], child.stdio[4]];
  const waiting = new Map();
  let [count, rest] = [0, ''];
  from.setEncoding('utf8').on('data', (text) => {
    const parts = (rest + text).split('\0');
    rest = parts.pop();
    for (const { id, result, error } of parts.map((part) => JSON.parse(part))) {
      const answer = waiting.get(id);
      waiting.delete(id);
      if (error) answer?.failed(new Error(error.message));
      else answer?.done(result);
    }
  });
  const send = (method, params = {}, sessionId = undefined) =>
    new Promise((done, failed) => {
      const id = ++count;
      waiting.set(id, { done, failed });
      into.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });

  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
  /** Runs a function in the page and gives what it gave. */
  async function evaluate(work, ...values) {
    const expression = `(${work})(...${JSON.stringify(values)})`;
    const asked = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await send('Runtime.evaluate', asked, sessionId);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }
  return {
    evaluate,
    go: (url) => send('Page.navigate', { url }, sessionId),
    /** The processes of its pages. */
    async renderers() {
      const { processInfo } = await send('SystemInfo.getProcessInfo');
      return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
    },
    async close() {
      const ended = new Promise((done) => child.once('exit', done));
      await send('Browser.close').catch(() => child.kill());
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}
