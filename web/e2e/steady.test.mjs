// Reliability of the screen: reading, writing and catching up while the connection comes and goes.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { customer } from './stage/customer.mjs';
import { login, startDepartment, tinyPng } from './stage/department.mjs';
import { layLine } from './stage/line.mjs';
import { until } from './stage/until.mjs';

const noLine = /net::ERR_|WebSocket connection|Failed to fetch|error occurred when fetching the script/;

let desk, line;
before(async () => {
  desk = await startDepartment();
});
after(() => desk?.end());
beforeEach(async () => {
  line = await layLine(desk.base);
});
afterEach(async () => {
  try {
    await desk.goHome();
  } finally {
    await line.end();
  }
});

/** Somebody behind the line, whose browser has the workspace and what was read in its keeping. */
async function reader(path) {
  const one = await desk.come(path, { baseURL: line.base, serviceWorkers: 'allow' });
  one.excuse(noLine);
  // Until then, what a screen loads when it is first needed comes by the line.
  await one.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  return one;
}

/** Keys are whole, or said by an expression where the rest of them is the screen's own affair. */
async function inKeeping(one, ...keys) {
  await until(`${keys.join(', ')} to be kept`, async () => {
    const kept = await keptKeys(one);
    return keys.every((key) => kept.some((one) => (key instanceof RegExp ? key.test(one) : key === one)));
  });
}

const keptKeys = (one) =>
  one.page.evaluate(
    () =>
      new Promise((done, failed) => {
        const request = indexedDB.open('opora.kept');
        request.onerror = () => failed(request.error);
        request.onsuccess = () => {
          const keys = request.result.transaction('answers').objectStore('answers').getAllKeys();
          keys.onsuccess = () => {
            request.result.close();
            done(keys.result);
          };
        };
      }),
  );

/** A ticket's own address, with or without what stands beside it. */
const askedFor = ({ id }) => new RegExp(`/api/v1/tickets/${id}(\\?|$)`);

const offline = (one) => one.at('offline').waitFor();
const online = (one) => one.at('offline').waitFor({ state: 'detached' });

test('what was opened is read without a connection, also after a reload, and says from when it is', async () => {
  const anna = customer(desk);
  const ticket = await anna.show('Чайник без свистка', 'Вот он на снимке.', 'чайник.png', tinyPng);
  const unseen = await desk.write('Этого никто не открывал');
  const one = await reader(`/views/all/${ticket.id}`);
  const { page } = one;
  await one.at('message').first().waitFor();
  const picture = page.getByRole('img', { name: 'чайник.png' }).first();
  const drawn = () => until('the picture', () => picture.evaluate((image) => image.naturalWidth > 0));
  await drawn();
  await page.goto(`/contacts/${ticket.contact.id}`);
  await one.at('contact-name').waitFor();
  await page.goto('/views/all');
  await one.at('ticket-row').first().waitFor();
  await inKeeping(one, `/tickets/${ticket.id}`, `/contacts/${ticket.contact.id}`, '/views', /^\/tickets\?/);

  await line.cut();
  await offline(one);
  await page.reload();
  await one.at('as-of').waitFor();
  assert.match(await one.at('as-of').textContent(), /\d\d:\d\d/);
  await page.getByText('Этого никто не открывал').first().waitFor();

  await one.at('ticket-row').filter({ hasText: 'Чайник без свистка' }).click();
  await one.at('message').first().waitFor();
  await page.getByText('Вот он на снимке.').first().waitFor();
  await drawn();
  await until('the list and the ticket to say so', async () => (await one.at('as-of').count()) === 2);

  await page.reload();
  await page.getByText('Вот он на снимке.').first().waitFor();
  await page.goto(`/contacts/${ticket.contact.id}`);
  await one.at('contact-name').waitFor();
  await page.goto(`/tickets/${unseen.id}`);
  await page.getByRole('button', { name: 'Повторить' }).waitFor();

  // The server was there all the time: what happened meanwhile is on the screen as soon as the line is mended.
  await anna.write('Чайник без свистка', 'А теперь он ещё и течёт.');
  await page.goto(`/views/all/${ticket.id}`);
  await one.at('message').first().waitFor();
  await line.mend();
  await online(one);
  await page.getByText('А теперь он ещё и течёт.').first().waitFor();
  await until('nothing to be old', async () => (await one.at('as-of').count()) === 0);
});

test('what happens while the workspace is on its way is there when it stands', async () => {
  const one = await desk.come('/settings/profile');
  const { page } = one;
  await page.route('**/api/v1/start?*', async (route) => {
    const answer = await route.fetch();
    await desk.write('Пришло в дверях');
    await route.fulfill({ response: answer });
  });
  await page.goto('/views/all');
  await page.getByText('Пришло в дверях').first().waitFor();
});

test('a change without a connection is refused at once with a sentence, and queued nowhere', async () => {
  const ticket = await desk.write('Замок заело');
  const one = await reader(`/tickets/${ticket.id}`);
  const { page } = one;
  await one.at('message').first().waitFor();
  await line.cut();
  await one.at('status-select').selectOption('solved');
  await page.getByRole('alert').filter({ hasText: 'Нет связи с сервером' }).waitFor();
  assert.equal(await one.at('status-select').inputValue(), ticket.status);

  await until('the answer to stand', async () => (await one.at('composer-body').textContent()).length > 5);
  await one.at('composer-body').click();
  await page.keyboard.type('Смажьте замок. ');
  await one.at('send').click();
  await page
    .getByRole('alert')
    .filter({ hasText: /не отправлен/i })
    .waitFor();
  assert.match(await one.at('composer-body').textContent(), /Смажьте замок/);

  await line.mend();
  await online(one);
  const now = await desk.api('GET', `/tickets/${ticket.id}`);
  assert.equal(now.status, ticket.status);
  assert.equal(now.messages.length, 1, 'nothing left by itself');
});

test('what is typed without a connection outlives a reload and reaches the server when it is back', async () => {
  const ticket = await desk.write('Лампа мигает');
  const one = await reader(`/tickets/${ticket.id}`);
  const { page } = one;
  await composerReady(one);
  await inKeeping(one, `/tickets/${ticket.id}`, `/tickets/${ticket.id}/reply-frame`);
  await page.keyboard.press('r');
  await page.keyboard.type('Написано при связи. ');
  await until('the draft', () => draftHas(ticket, 'при связи'));
  await line.cut();
  await offline(one);
  await page.reload();
  await one.at('composer-body').filter({ hasText: 'Написано при связи.' }).waitFor();
  await one.at('composer-body').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('Дописано без неё.');
  await one.page.locator('[data-testid=draft-state][data-state=local]').waitFor();
  await page.reload();
  await one.at('composer-body').filter({ hasText: 'Дописано без неё.' }).waitFor();
  assert.equal(await draftHas(ticket, 'без неё'), false);

  await line.mend();
  await until('the draft to arrive', () => draftHas(ticket, 'Дописано без неё.'));
  assert.equal(await one.at('other-draft').count(), 0);
});

test('of two texts for one ticket the newer one is shown and the other offered', async () => {
  const ticket = await desk.write('Два черновика');
  const one = await reader(`/tickets/${ticket.id}`);
  one.excuse(/draft .*status of 409/);
  const { page } = one;
  await composerReady(one);
  await line.cut();
  await page.keyboard.press('r');
  await page.keyboard.type('Из поезда. ');
  await page.locator('[data-testid=draft-state][data-state=local]').waitFor();
  await desk.api('PUT', `/tickets/${ticket.id}/draft`, {
    kind: 'reply',
    body_html: '<p>С телефона, позже.</p>',
    to: [],
    cc: [],
    bcc: [],
    attachments: [],
  });
  await line.mend();
  await one.at('composer-body').filter({ hasText: 'С телефона, позже.' }).waitFor();
  await one.at('other-draft').filter({ hasText: 'Из поезда.' }).waitFor();

  // It waits until somebody decides, and comes back with one press.
  await page.reload();
  await one.at('other-show').click();
  await one.at('composer-body').filter({ hasText: 'Из поезда.' }).waitFor();
  await until('the chosen text', () => draftHas(ticket, 'Из поезда.'));
  await one.at('other-draft').filter({ hasText: 'С телефона' }).waitFor();
});

test('a computer that slept notices the dead connection and fetches what is on the screen', async () => {
  const anna = customer(desk);
  const ticket = await anna.write('Часы отстают', 'На пять минут.');
  const one = await reader(`/views/all/${ticket.id}`);
  const { page } = one;
  await one.at('message').first().waitFor();
  await until('the live connection', () => page.evaluate(() => navigator.onLine));
  line.fallSilent();
  await anna.write('Часы отстают', 'Уже на час!');
  const late = await desk.write('Пока все спали');
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await one.at('offline').waitFor({ timeout: 20_000 });
  line.speakAgain();
  await page.getByText('Уже на час!').first().waitFor({ timeout: 25_000 });
  await one.at('ticket-row').filter({ hasText: late.subject }).waitFor();
  await online(one);
});

test('what is kept goes with the person, and never stands in for a refusal', async () => {
  const ticket = await desk.write('Не для чужих глаз');
  const one = await reader(`/tickets/${ticket.id}`);
  await one.at('message').first().waitFor();
  await inKeeping(one, `/tickets/${ticket.id}`);

  // The server refuses: nothing remembered is shown instead, nor later.
  one.excuse(/status of (401|403)/);
  const refusal = {
    status: 403,
    contentType: 'application/problem+json',
    body: JSON.stringify({ status: 403, code: 'forbidden' }),
  };
  const itself = askedFor(ticket);
  const opening = '**/api/v1/start?*';
  await one.page.route(itself, (route) => route.fulfill(refusal));
  await one.page.route(opening, async (route) => {
    const answer = await route.fetch();
    const all = await answer.json();
    delete all.answers[`/tickets/${ticket.id}?beside=true`];
    await route.fulfill({ response: answer, json: all });
  });
  await one.page.reload();
  await one.page.getByRole('button', { name: 'Повторить' }).waitFor();
  assert.equal(await one.at('message').count(), 0);
  await until('it to be dropped', async () => !(await keptKeys(one)).includes(`/tickets/${ticket.id}`));
  await one.page.unroute(itself);
  await one.page.unroute(opening);

  // Without a connection nobody is signed out for show; with one, everything goes.
  await line.cut();
  await one.page.goto('/settings/profile');
  await one.at('logout').click();
  await one.page.getByRole('alert').filter({ hasText: 'Нет связи' }).last().waitFor();
  await line.mend();
  await online(one);
  await one.at('logout').click();
  await one.at('login-email').waitFor();
  assert.deepEqual(await keptKeys(one), []);
  await line.cut();
  await one.page.goto('/views/all');
  await one.page.getByText('Сервер не отвечает').waitFor();
  await line.mend();
  await one.at('login-email').fill(login.email);
});

async function composerReady(one) {
  await one.at('message').first().waitFor();
  await until('greeting and closing', async () => (await one.at('composer-body').textContent()).length > 5);
}

async function draftHas(ticket, words) {
  const { drafts } = await desk.api('GET', `/tickets/${ticket.id}`);
  return drafts.some((draft) => draft.body_html.includes(words));
}

test('a message that breaks the screen takes nothing along: the rest is read, and the draft is found again', async () => {
  const broken = await desk.write('Это сообщение не показать');
  const other = await desk.write('Здесь всё в порядке');
  const one = await desk.come(`/views/all/${broken.id}`);
  const { page } = one;
  one.excuse(/TypeError|undefined|null/);
  await composerReady(one);
  await page.keyboard.press('r');
  await page.keyboard.type('Слова, которые жалко. ');
  await page.locator('[data-testid=draft-state][data-state=saved]').waitFor();
  await page.goto(`/views/all/${other.id}`);
  await composerReady(one);

  const path = askedFor(broken);
  const spoiled = (spoil) =>
    page.route(path, async (route) => {
      const answer = await route.fetch();
      const ticket = await answer.json();
      spoil(ticket);
      await route.fulfill({ response: answer, json: ticket });
    });
  const part = (name) => page.locator(`[data-testid=broken][data-part=${name}]`);
  const goTo = (ticket) => one.at('ticket-row').filter({ hasText: ticket.subject }).click();

  await spoiled((ticket) => (ticket.messages[0].attachments = null));
  await goTo(broken);
  await part('message').waitFor();
  await one.at('composer-body').filter({ hasText: 'Слова, которые жалко.' }).waitFor();
  await page.getByText('Это наша ошибка').waitFor();
  await page.unroute(path);
  await goTo(other);
  await composerReady(one);

  // The composer itself breaks down; trying again asks the server anew.
  await spoiled((ticket) => (ticket.drafts = [{ kind: 'reply', body_html: null }]));
  await goTo(broken);
  await part('composer').waitFor();
  await one.at('message').first().waitFor();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Скопировать подробности' }).click();
  await page.getByRole('button', { name: 'Скопировано' }).waitFor();
  const details = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(details, /composer: /);
  assert.doesNotMatch(details, /жалко/);
  await page.unroute(path);
  await part('composer').getByRole('button', { name: 'Повторить' }).click();
  await one.at('composer-body').filter({ hasText: 'Слова, которые жалко.' }).waitFor();
});

test('a tab open for a week does not grow: hundreds of tickets, thousands of live changes', async () => {
  const words = 'Подробности, которые занимают место. '.repeat(200);
  const subjects = Array.from({ length: 40 }, (_, n) => `Неделя, обращение ${n}`);
  for (const subject of subjects) {
    await desk.receive([
      `From: Anna <anna${subject.length}.${subjects.indexOf(subject)}@karelina.example>`,
      'To: support@desk.test',
      `Subject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=`,
      'Content-Type: text/plain; charset=utf-8',
      '',
      words,
    ]);
  }
  const tickets = await until('forty tickets', async () => {
    const { items } = await desk.api('GET', '/tickets?q=&limit=100');
    const found = items.filter((one) => one.subject.startsWith('Неделя'));
    return found.length === subjects.length && found;
  });
  const one = await desk.stranger();
  const { page } = one;
  let say;
  await page.routeWebSocket(/\/api\/v1\/live$/, (socket) => {
    socket.connectToServer();
    say = (message) => socket.send(JSON.stringify(message));
  });
  await one.enter(login, { locale: 'ru', theme: 'light' });
  await page.goto('/views/all');
  await one.at('ticket-row').first().waitFor();
  const cdp = await one.context.newCDPSession(page);
  await cdp.send('Performance.enable');

  let told = 0;
  let opened = 0;
  async function days() {
    for (let turn = 0; turn < 60; turn++) {
      const ticket = tickets[opened++ % tickets.length];
      await page.evaluate((id) => {
        history.pushState(null, '', `/views/all/${id}`);
        dispatchEvent(new PopStateEvent('popstate'));
      }, ticket.id);
      await page.locator('h1', { hasText: ticket.subject }).waitFor();
      for (let n = 0; n < 25; n++) {
        const { id, subject } = tickets[(told * 7) % tickets.length];
        told += 1;
        say({ type: 'ticket', id, version: told, kinds: ['ticket.changed'] });
        say({
          type: 'presence',
          ticket_id: ticket.id,
          people: [{ agent_id: told, name: 'Олег', state: 'viewing' }],
        });
        if (n % 4 === 0) {
          const item = {
            id: 1_000_000 + told,
            kind: 'follow',
            ticket_id: id,
            ticket_subject: subject,
            actor: null,
            text: words.slice(0, 200),
            at: new Date().toISOString(),
            read: false,
          };
          say({ type: 'notification', item, unread: told });
        }
      }
    }
    await page.evaluate(() => new Promise((done) => setTimeout(done, 600)));
    for (let round = 0; round < 3; round++) await cdp.send('HeapProfiler.collectGarbage');
    const { usedSize, embedderHeapUsedSize = 0 } = await cdp.send('Runtime.getHeapUsage');
    const { metrics } = await cdp.send('Performance.getMetrics');
    const count = (name) => metrics.find((metric) => metric.name === name)?.value;
    return {
      opened,
      told,
      heap: megabytes(usedSize),
      nodesHeap: megabytes(embedderHeapUsedSize),
      nodes: count('Nodes'),
      listeners: count('JSEventListeners'),
    };
  }
  const figures = [];
  for (let week = 0; week < 4; week++) {
    figures.push(await days());
    console.log(JSON.stringify(figures.at(-1)));
  }
  const [first, , before, last] = figures;
  assert.ok(last.heap + last.nodesHeap < 300, `${last.heap} MB`);
  assert.ok(last.heap - before.heap < 3, `it still grows: ${before.heap} → ${last.heap} MB`);
  assert.ok(last.nodes < first.nodes * 1.5 + 2_000, `nodes: ${first.nodes} → ${last.nodes}`);
  assert.ok(
    last.listeners < first.listeners * 1.5 + 500,
    `listeners: ${first.listeners} → ${last.listeners}`,
  );
});

const megabytes = (bytes) => Math.round((bytes / 1024 / 1024) * 10) / 10;
