// Runs the browser tests one file after another and ends with "N passed, N failed, N skipped", which the test command
// counts. Names given as arguments choose files: `npm run e2e -w e2e -- circle`.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setMaxListeners } from 'node:events';
import { run } from 'node:test';
import { spec as Spec } from 'node:test/reporters';

const wanted = process.argv.slice(2);
const files = readdirSync(import.meta.dirname)
  .filter(
    (name) =>
      name.endsWith('.test.mjs') && (wanted.length === 0 || wanted.some((part) => name.includes(part))),
  )
  .map((name) => join(import.meta.dirname, name));

const giveUp = new AbortController();
setMaxListeners(0, giveUp.signal);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => giveUp.abort());

const count = { passed: 0, failed: 0, skipped: 0 };
const tests = run({ files, concurrency: 1, timeout: 15 * 60_000, signal: giveUp.signal });
tests.on('test:pass', ({ details, skip, todo }) => {
  if (details.type === 'suite') return;
  if (skip !== undefined || todo !== undefined) count.skipped += 1;
  else count.passed += 1;
});
tests.on('test:fail', ({ details, todo }) => {
  if (details.type === 'suite') return;
  if (todo !== undefined) count.skipped += 1;
  else count.failed += 1;
});
tests.compose(new Spec()).pipe(process.stdout);
tests.on('end', () => {
  process.exitCode = count.failed > 0 || count.passed === 0 ? 1 : 0;
  process.on('exit', () =>
    console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`),
  );
});
