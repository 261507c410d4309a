// Changing many tickets at once: counted first, done as a job that outlives the tab, stopped, and taken back for a minute.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { openBrowser, person } from './stage/browser.mjs';
import { startDepartment } from './stage/department.mjs';
import { stillness } from './stage/screens.mjs';
import { signedIn, startDemo } from './stage/server.mjs';
import { until } from './stage/until.mjs';

let desk;
let inbox;
before(async () => {
  desk = await startDepartment();
  inbox = (await desk.api('GET', '/inboxes')).items[0].id;
});
after(() => desk?.end());
afterEach(() => desk.goHome());

async function make(count, tag) {
  const tickets = [];
  for (let at = 1; at <= count; at++) {
    tickets.push(
      await desk.api('POST', '/tickets', {
        inbox_id: inbox,
        contact: { name: `Клиент ${at}`, address: `customer${at}@${tag}.example` },
        subject: `${tag} ${at}`,
        body_text: 'Подробности внутри.',
        kind: 'note',
        tags: [tag],
      }),
    );
  }
  return tickets;
}

async function atList(tag) {
  const one = await desk.come('/search?q=' + encodeURIComponent(`tag:${tag}`));
  await one.at('ticket-row').first().waitFor();
  await stillness(one);
  return one;
}

const total = async (q) => (await desk.api('GET', `/tickets?limit=1&q=${encodeURIComponent(q)}`)).total;
const state = (one, pattern) =>
  until(
    `the job to say ${pattern}`,
    async () => pattern.test(await one.at('mass-state').first().textContent()),
    30_000,
  );

/** What a palette offers, by typing and Enter. */
async function pick(one, words) {
  await one.at('palette-input').fill(words);
  await one.page.getByRole('option').first().waitFor();
  await one.page.keyboard.press('Enter');
}

/** How long a job runs is the server's affair: the page learns of its progress when the test has looked at its beginning. */
async function withholdNewsOfJobs(page) {
  let letCome;
  const looked = new Promise((done) => (letCome = done));
  await page.routeWebSocket(/\/api\/v1\/live/, (screen) => {
    const server = screen.connectToServer();
    server.onMessage(async (message) => {
      if (JSON.parse(message).type === 'mass') await looked;
      screen.send(message);
    });
  });
  await page.route(/\/api\/v1\/mass-actions\/\d+$/, async (route) => {
    await looked;
    await route.continue().catch(() => undefined);
  });
  return letCome;
}

test('three tickets are solved by keyboard after their number was said, and come back within the minute', async () => {
  await make(5, 'решить');
  const one = await atList('решить');
  const { page } = one;
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('Shift+J');
  await page.keyboard.press('Shift+J');
  await page.keyboard.press('s');
  await pick(one, 'решено');
  await until('the number', async () => /Выбрано 3 обращения/.test(await one.at('mass-count').textContent()));
  assert.equal(await total('tag:решить status:solved'), 0, 'nothing happens before it is agreed to');
  await until('the button to have the focus', () =>
    one.at('mass-start').evaluate((button) => button === document.activeElement),
  );
  await page.keyboard.press('Enter');
  await state(one, /Изменены 3 обращения/);
  assert.equal(await total('tag:решить status:solved'), 3);

  await one.at('mass-undo').click();
  await state(one, /Возвращено как было/);
  assert.equal(await total('tag:решить status:solved'), 0);
});

test('a whole view gets a tag, also the tickets that were never loaded', async () => {
  await make(70, 'страницы');
  const one = await atList('страницы');
  await one.page.keyboard.press('Shift+X');
  await one.at('mass-tag').click();
  await pick(one, 'весна');
  await until('the number', async () =>
    /Выбрано 70 обращений/.test(await one.at('mass-count').textContent()),
  );
  await one.at('mass-start').click();
  await state(one, /Изменено 70 обращений/);
  assert.equal(await total('tag:страницы tag:весна'), 70);
});

test('when the number has changed since it was said, it is said again', async () => {
  await make(2, 'число');
  const one = await atList('число');
  one.excuse(/mass-actions.*status of 422/);
  await one.page.keyboard.press('Shift+X');
  await one.page.keyboard.press('e');
  await until('the number', async () => /Выбрано 2 обращения/.test(await one.at('mass-count').textContent()));
  await make(1, 'число');
  await one.at('mass-start').click();
  await one.page.getByRole('alert').getByText('Число обращений').waitFor();
  await until('the new number', async () =>
    /Выбрано 3 обращения/.test(await one.at('mass-count').textContent()),
  );
  assert.equal(await total('tag:число status:solved'), 0);
  await one.at('mass-start').click();
  await state(one, /Изменены 3 обращения/);
});

test('one answer goes to every customer, with their own name in it', async () => {
  await make(2, 'ответ');
  const one = await atList('ответ');
  const { page } = one;
  await page.keyboard.press('Shift+X');
  await page.keyboard.press('r');
  await one.at('mass-text').fill('{{contact.name}}, всё <b>исправлено</b>.\n\nСпасибо за терпение!');
  await one.at('mass-next').click();
  await page.getByText('Клиентам уйдут 2 письма.').waitFor();
  await one.at('mass-start').click();
  await state(one, /Изменены 2 обращения/);
  for (const name of ['Клиент 1', 'Клиент 2']) {
    await until(
      `the letter to ${name}`,
      () =>
        desk.post.letters
          .flatMap((letter) => letter.leaves)
          .some((part) => part.text.includes(`${name}, всё <b>исправлено</b>.`)),
      // Letters to many leave only when the whole action can no longer be taken back.
      90_000,
    );
  }
});

test('a note for many stays in the house', async () => {
  const tickets = await make(2, 'заметка');
  const sent = desk.post.letters.length;
  const one = await atList('заметка');
  await one.page.keyboard.press('Shift+X');
  await one.page.keyboard.press('n');
  await one.at('mass-text').fill('Ждём поставщика.');
  await one.at('mass-next').click();
  await one.at('mass-start').click();
  await state(one, /Изменены 2 обращения/);
  for (const { id } of tickets) {
    const { messages } = await desk.api('GET', `/tickets/${id}`);
    assert.ok(
      messages.some((message) => message.kind === 'note' && message.text.includes('Ждём поставщика.')),
    );
  }
  assert.equal(desk.post.letters.length, sent);
});

test('a long job shows how far it is, is found again after the tab was closed, and can be stopped', async () => {
  const demo = await startDemo(15_000);
  const browser = await openBrowser();
  try {
    const api = await signedIn(demo.base, demo.boss);
    const one = await person(browser, demo.base);
    await one.enter(demo.boss, { locale: 'ru', theme: 'light' });
    const letNewsCome = await withholdNewsOfJobs(one.page);
    await one.page.goto('/views/all');
    await one.at('ticket-row').first().waitFor();
    await one.page.keyboard.press('Shift+X');
    await one.at('mass-tag').click();
    await pick(one, 'инвентаризация');
    await one.at('mass-start').click();
    await one.at('mass-job').getByRole('progressbar').waitFor();
    letNewsCome();
    await one.page.close();

    one.page = await one.context.newPage();
    await one.page.goto('/views/all');
    await one.page.getByTestId('mass-cancel').click();
    await one.page
      .getByTestId('mass-state')
      .filter({ hasText: /^Остановлено на/ })
      .waitFor();
    const { items } = await api('GET', '/mass-actions');
    assert.equal(items[0].state, 'cancelled');
    assert.ok(items[0].done < items[0].total, 'the rest was left alone');

    await one.page.getByTestId('mass-undo').click();
    await one.page
      .getByTestId('mass-state')
      .filter({ hasText: 'Возвращено как было' })
      .waitFor({ timeout: 60_000 });
    assert.equal(
      (await api('GET', '/tickets?limit=1&q=' + encodeURIComponent('tag:инвентаризация'))).total,
      0,
    );
    assert.deepEqual(one.complaints, []);
  } finally {
    await browser.close();
    await demo.end();
  }
});
