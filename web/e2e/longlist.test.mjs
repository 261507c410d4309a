// A list of thousands: the scrollbar tells the truth, one jumps anywhere, and nothing moves under the cursor.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { openBrowser, person } from './stage/browser.mjs';
import { signedIn, startDemo } from './stage/server.mjs';
import { until } from './stage/until.mjs';

const count = 3_000;
let server, browser, one, page, api, total;

before(async () => {
  server = await startDemo(count);
  browser = await openBrowser();
  api = await signedIn(server.base, server.boss);
});
after(async () => {
  await browser?.close();
  await server?.end();
});
afterEach(async () => {
  const complaints = one?.complaints ?? [];
  await one?.close();
  assert.equal(complaints.join('\n'), '', 'the screen complained');
});

const asked = [];

async function atList() {
  one = await person(browser, server.base, { locale: 'ru' });
  await one.enter(server.boss, { locale: 'ru', theme: 'light' });
  page = one.page;
  page.on('request', (request) => {
    if (/\/api\/v1\/tickets\?/.test(request.url())) asked.push(new URL(request.url()).searchParams);
  });
  await page.goto('/views/all');
  await one.at('ticket-row').first().waitFor();
  total = (await api('GET', '/tickets?q=&limit=1')).total;
  asked.length = 0;
}

const list = () => page.locator('.rows');
const places = () =>
  page
    .locator('[data-row]')
    .evaluateAll((rows) =>
      rows.map((row) => Number(row.getAttribute('aria-posinset'))).sort((a, b) => a - b),
    );
const focused = () =>
  page.evaluate(() => {
    const row = document.activeElement?.closest('[data-row]');
    const id = document.activeElement?.dataset.ticket;
    return { place: Number(row?.getAttribute('aria-posinset')), id: Number(id) };
  });
const at = (place) =>
  until(`place ${place} to have the focus`, async () => (await focused()).place === place);
/** The ticket at a place, as the server has it. */
const there = async (place) => (await api('GET', `/tickets?q=&limit=1&skip=${place - 1}`)).items[0].id;
const filled = () =>
  until('all rows in sight', async () =>
    page.evaluate(
      () => document.querySelector('.coming') === null && document.querySelectorAll('[data-row]').length > 5,
    ),
  );
/**
 * The first place in sight, once a leap has led below this one and the rows are there.
 * How long they are empty is the server's affair: it may be less than one look at the screen.
 */
const below = async (place) => {
  const first = await until(`rows from below ${place}`, async () => {
    const [top] = await places();
    return top > place && top;
  });
  await filled();
  return first;
};

test('End, Home and the page keys land at the right ticket, after one question at most', async () => {
  await atList();
  await page.keyboard.press('j');
  await at(1);
  await page.keyboard.press('End');
  await at(total);
  assert.equal((await focused()).id, await there(total));
  assert.equal(asked.length, 1, 'the end is one question away');
  await page.keyboard.press('k');
  await at(total - 1);
  await page.keyboard.press('PageUp');
  const up = await until('a screen up', async () => {
    const { place } = await focused();
    return place < total - 1 && place;
  });
  assert.ok(total - up < 20, `a screen, not more: ${up}`);
  assert.equal((await focused()).id, await there(up));
  await page.keyboard.press('Home');
  await at(1);
});

test('the scrollbar is as long as the list: half way down stands the ticket from the middle', async () => {
  await atList();
  await list().evaluate((box) => (box.scrollTop = (box.scrollHeight - box.clientHeight) / 2));
  const first = await below(total / 4);
  assert.equal(asked.length, 1);
  assert.ok(Math.abs(first - total / 2) < 20, `${first} of ${total}`);
  const row = page.locator(`[data-row][aria-posinset="${first}"] [data-ticket]`);
  assert.equal(Number(await row.getAttribute('data-ticket')), await there(first));
  assert.ok((await one.at('ticket-row').count()) < 40, 'only what is in sight is drawn');
});

test('dragging through the whole list asks for one place at a time, and what one stops at is there', async () => {
  await atList();
  let [going, most] = [0, 0];
  const aboutTickets = (request) => /\/api\/v1\/tickets\?/.test(request.url());
  page.on('request', (request) => aboutTickets(request) && (most = Math.max(most, ++going)));
  for (const end of ['requestfinished', 'requestfailed'])
    page.on(end, (request) => aboutTickets(request) && going--);
  for (let step = 1; step <= 60; step++) {
    await list().evaluate((box, part) => (box.scrollTop = box.scrollHeight * part), step / 61);
  }
  await filled();
  // One that is given up ends a moment after the next has begun.
  assert.ok(most <= 2, `${most} questions at once`);
  const shown = await places();
  assert.deepEqual(
    shown,
    shown.map((_, nth) => shown[0] + nth),
  );
});

test('deep in the list nothing moves when tickets come and leave above', async () => {
  await atList();
  await page.keyboard.press('j');
  await page.keyboard.press('End');
  await at(total);
  for (let step = 0; step < 4; step++) await page.keyboard.press('k');
  await at(total - 4);
  const row = page.locator(`[data-ticket="${(await focused()).id}"]`);
  const before = await row.boundingBox();
  const inbox = (await api('GET', '/inboxes')).items[0].id;
  const contact = { name: 'Новый Клиент', address: 'new@client.example' };
  for (const subject of ['Первое новое', 'Второе новое']) {
    await api('POST', '/tickets', { inbox_id: inbox, contact, subject, body_text: 'Слова.', kind: 'note' });
  }
  await one.at('new-pill').filter({ hasText: '2' }).waitFor();
  assert.deepEqual(await row.boundingBox(), before);
  await page.keyboard.press('k');
  await at(total - 5);
  await until('no hole', async () => (await page.locator('.coming').count()) === 0);
});

test('a choice reaches over rows that were never read, and stays when they are let go', async () => {
  await atList();
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await list().evaluate((box) => (box.scrollTop = box.scrollHeight / 3));
  await below(total / 5);
  const shown = await places();
  const goal = shown[Math.floor(shown.length / 2)];
  await page.locator(`[data-row][aria-posinset="${goal}"] [data-ticket]`).click({ modifiers: ['Shift'] });
  await until(`${goal} to be chosen`, async () => {
    const text = await one.at('select-count').textContent();
    return Number(text.replace(/\D/g, '')) === goal;
  });
  await page.keyboard.press('End');
  await page.keyboard.press('Home');
  const text = await one.at('select-count').textContent();
  assert.equal(Number(text.replace(/\D/g, '')), goal);
});
