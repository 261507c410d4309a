// A newcomer's demo department in a real browser: reading, answering, changing one's mind, finding, and two people at once.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { openBrowser, person } from './stage/browser.mjs';
import { signedIn, startOpora } from './stage/server.mjs';
import { until } from './stage/until.mjs';

let server, browser, logins;
const people = [];

before(async () => {
  server = await startOpora('demo', ['--tickets', '300']);
  browser = await openBrowser();
  const answer = await fetch(`${server.base}/api/v1/demo/logins`);
  logins = (await answer.json()).items;
});
after(async () => {
  await browser?.close();
  await server?.end();
});
afterEach(async () => {
  const complaints = people.flatMap((one) => one.complaints);
  await Promise.all(people.splice(0).map((one) => one.close()));
  assert.deepEqual(complaints, [], 'a screen complained');
});

const loginOf = (role, nth = 0) => logins.filter((one) => one.role === role)[nth];

async function come(login, options) {
  const one = await person(browser, server.base, options);
  people.push(one);
  await one.login(login);
  return one;
}

test('a newcomer enters with one of the demo logins and sees exact counts', async () => {
  const { email, password } = loginOf('lead');
  const one = await person(browser, server.base);
  people.push(one);
  await one.page.goto('/');
  await one.at('demo-login').filter({ hasText: email }).click();
  await one.at('view-all').waitFor();
  const api = await signedIn(server.base, { email, password });
  const { items } = await api('GET', '/views');
  assert.ok(items.some((view) => view.key === 'all' && view.count === 300));
  for (const view of items) {
    const { total } = await api('GET', `/tickets?limit=1&q=${encodeURIComponent(view.query)}`);
    assert.equal(view.count, total, `the count of ${view.key}`);
    await until(`the count of ${view.key} on the screen`, async () => {
      const shown = await one.at(`count-${view.key}`).textContent();
      return Number(shown.replace(/\D/g, '')) === view.count;
    });
  }
});
