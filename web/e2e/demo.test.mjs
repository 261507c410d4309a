// A newcomer's demo department in a real browser: reading, answering, changing one's mind, finding, and two people at once.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { openBrowser, person } from './stage/browser.mjs';
import { signedIn, startDemo } from './stage/server.mjs';
import { until } from './stage/until.mjs';

let server, browser, logins;
const people = [];

before(async () => {
  server = await startDemo(300);
  browser = await openBrowser();
  logins = server.logins;
});
after(async () => {
  await browser?.close();
  await server?.end();
});
afterEach(async () => {
  const complaints = people.flatMap((one) => one.complaints);
  await Promise.all(people.splice(0).map((one) => one.close()));
  assert.equal(complaints.join('\n'), '', 'a screen complained');
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

test('an answer is written by keyboard, taken back within ten seconds, and its words are in the composer again', async () => {
  const one = await come(loginOf('lead'));
  const { page } = one;
  await one.at('view-all_open').click();
  await one.at('ticket-row').first().waitFor();
  await page.keyboard.press('j');
  await until('a row to be chosen', () =>
    page.evaluate(() => document.activeElement?.matches('[data-testid=ticket-row]')),
  );
  const subject = await page.evaluate(() => document.activeElement.querySelector('.s').textContent.trim());
  await page.keyboard.press('Enter');
  await one.at('message').first().waitFor();
  await page.getByRole('heading', { level: 1, name: subject }).waitFor();
  const before = await one.at('message').count();

  await page.keyboard.press('r');
  await focusInComposer(one);
  await until('greeting and closing', async () => (await one.at('composer-body').textContent()).length > 10);
  assert.doesNotMatch(await one.at('composer-body').textContent(), /[{}]/, 'a name is missing');
  await page.keyboard.type('Проверили на складе: посылка уехала вчера.');
  await page.keyboard.press('Control+Enter');
  await one.at('undo').waitFor();
  await one.at('message').filter({ hasText: 'Проверили на складе' }).waitFor();

  await one.at('undo').click();
  await one.at('undo').waitFor({ state: 'detached' });
  await until('the words to come back', async () =>
    (await one.at('composer-body').textContent()).includes('Проверили на складе: посылка уехала вчера.'),
  );
  await until(
    'the message to leave the conversation',
    async () => (await one.at('message').count()) === before,
  );

  await page.reload();
  await until('the words to survive a reload', async () =>
    (await one.at('composer-body').textContent()).includes('Проверили на складе: посылка уехала вчера.'),
  );
  assert.equal(await one.at('message').filter({ hasText: 'Проверили на складе' }).count(), 0);
});

test('a note stays among us and is still there after a reload', async () => {
  const one = await come(loginOf('lead'));
  await openFirst(one, 'all_open');
  await one.page.keyboard.press('n');
  await focusInComposer(one);
  await one.page.keyboard.type('Клиент звонил дважды, голос усталый.');
  await one.page.keyboard.press('Control+Enter');
  const note = one.at('message').filter({ hasText: 'Клиент звонил дважды' });
  await note.waitFor();
  assert.equal(await note.getAttribute('data-kind'), 'note');
  assert.equal(await one.at('undo').count(), 0, 'a note leaves nobody, there is nothing to take back');
  await one.page.reload();
  await note.waitFor();
});

test('status and assignee change at once on the screen and in the department', async () => {
  const login = loginOf('lead');
  const one = await come(login);
  const api = await signedIn(server.base, login);
  const id = await openFirst(one, 'all_open', 1);
  const me = await api('GET', '/session');
  const now = async () => api('GET', `/tickets/${id}`);

  await one.at('status-select').selectOption('on_hold');
  await until('the status to be kept', async () => (await now()).status === 'on_hold');
  await one.at('assignee-select').selectOption('');
  await until('nobody to have it', async () => (await now()).assignee_id === null);
  await one.at('assignee-select').blur();
  await one.page.keyboard.press('i');
  await until('me to have it', async () => (await now()).assignee_id === me.id);
  assert.equal(await one.at('assignee-select').inputValue(), String(me.id));
  await one.page.reload();
  await one.at('message').first().waitFor();
  assert.equal(await one.at('status-select').inputValue(), 'on_hold');
  assert.equal(await one.at('assignee-select').inputValue(), String(me.id));
});

test('the palette opens over a half-written answer and gives the caret back', async () => {
  const one = await come(loginOf('lead'));
  await openFirst(one, 'all_open', 3);
  for (const key of ['n', 'r']) {
    await one.page.keyboard.press(key);
    await focusInComposer(one);
    await one.page.keyboard.press('Control+k');
    await one.at('palette-input').waitFor();
    await one.page.keyboard.press('ArrowDown');
    await one.page.keyboard.press('Escape');
    await one.at('palette-input').waitFor({ state: 'detached' });
    await focusInComposer(one);
    await one.page.keyboard.press('Escape');
  }
});

test('hands that run ahead of the screen open and close many tickets, and no screen complains', async () => {
  const one = await come(loginOf('lead'));
  await one.at('view-all_open').click();
  await one.at('ticket-row').first().waitFor();
  const keys = [
    'j',
    'j',
    'k',
    'Enter',
    'Enter',
    'Escape',
    'u',
    'r',
    'n',
    'g i',
    'g a',
    ']',
    'Control+k Escape',
  ];
  // Always the same walk: a linear congruential generator with the numbers of ANSI C.
  let chance = 7;
  for (let step = 0; step < 250; step++) {
    chance = (chance * 1103515245 + 12345) % 2 ** 31;
    const chosen = keys[chance % keys.length];
    for (const key of chosen.split(' ')) await one.page.keyboard.press(key);
    if (step % 25 === 24) await until('the screen to come after', () => one.underway() === 0);
  }
  await one.page.goto('/views/all_open');
  await openFirst(one, 'all_open', 1);
});

test('a search for «посылки» finds «посылка» and marks it', async () => {
  const one = await come(loginOf('lead'));
  await one.page.keyboard.press('/');
  await one.at('search-box').fill('посылки');
  await one.page.keyboard.press('Enter');
  await one.at('search-hit').first().waitFor();
  const marks = await one.at('search-hit').locator('mark').allTextContents();
  const forms = new Set(marks.map((word) => word.toLowerCase()));
  assert.ok(forms.has('посылка'), `marked: ${[...forms].join(', ')}`);
  await one.at('search-hit').first().click();
  await one.at('message').first().waitFor();
});

test('language and theme are chosen once and survive a reload', async () => {
  const one = await come(loginOf('agent'), { colorScheme: 'light' });
  const { page } = one;
  const html = page.locator('html');
  for (const [language, solved, names] of [
    ['en', 'Solved', { dark: 'Dark', light: 'Light' }],
    ['ru', 'Решённые', { dark: 'Тёмная', light: 'Светлая' }],
  ]) {
    await page.goto('/settings/profile');
    await one.at('language-select').selectOption(language);
    await until(`${language} on the screen`, async () => (await html.getAttribute('lang')) === language);
    for (const theme of ['dark', 'light']) {
      const kept = page.waitForResponse((answer) => answer.url().endsWith('/api/v1/me'));
      await page.getByRole('radio', { name: names[theme] }).click();
      await kept;
      await until(`${theme} on the screen`, async () => (await html.getAttribute('data-theme')) === theme);
      await page.reload();
      await one.at('view-solved').waitFor();
      assert.equal(await html.getAttribute('data-theme'), theme);
      assert.equal(await html.getAttribute('lang'), language);
      await until('the view in its language', async () =>
        (await one.at('view-solved').textContent()).includes(solved),
      );
      const paper = await page.evaluate(() =>
        getComputedStyle(document.body)
          .backgroundColor.match(/[\d.]+/g)
          .map(Number),
      );
      assert.ok(theme === 'dark' ? paper[0] < 100 : paper[0] > 200, `${theme} paper is ${paper}`);
    }
  }
});

test('somebody who looks elsewhere is told by the browser, and one click brings them to the ticket', async () => {
  const first = loginOf('lead');
  const one = await person(browser, server.base);
  people.push(one);
  // A browser without a screen shows no notifications: what it is asked to show is written down instead.
  await one.context.addInitScript(() => {
    document.hasFocus = () => false;
    window.shown = [];
    window.Notification = class {
      static permission = 'granted';
      constructor(title, { body }) {
        Object.assign(this, { title, body });
        window.shown.push(this);
      }
    };
  });
  await one.login(first);
  const boss = await signedIn(server.base, loginOf('admin'));
  const lead = await (await signedIn(server.base, first))('GET', '/session');
  const [row] = (await boss('GET', '/tickets?q=assignee:none is:open&limit=1')).items;
  await boss('PATCH', `/tickets/${row.id}`, { assignee_id: lead.id });
  await until('the notification', () =>
    one.page.evaluate((number) => window.shown.some(({ body }) => body.includes(`#${number}`)), row.number),
  );
  await one.page.getByRole('button', { name: /^1 новое уведомление/ }).waitFor();
  await one.page.evaluate(() => window.shown[0].onclick());
  await one.at('message').first().waitFor();
  assert.equal(new URL(one.page.url()).pathname, `/tickets/${row.id}`);
});

test('on a telephone everybody in the list can be reached, and a permission stays beside its roles', async () => {
  const width = 360;
  const one = await come(loginOf('admin'), { viewport: { width: 1440, height: 740 } });
  const { page } = one;
  await page.setViewportSize({ width, height: 740 });
  const within = async (locator) => {
    const box = await locator.boundingBox();
    return box !== null && box.x >= 0 && box.x + box.width <= width;
  };

  await page.goto('/settings/people');
  const edit = page.getByRole('button', { name: /^Изменить: / });
  await edit.first().waitFor();
  for (const button of await edit.all()) assert.ok(await within(button), 'cut off');
  await until('our place among the settings', () => within(page.getByRole('link', { name: 'Люди' })));

  await page.goto('/settings/roles');
  const permission = page.getByRole('rowheader', { name: 'Отвечать клиентам' });
  await permission.waitFor();
  const table = page.getByRole('table');
  await table.evaluate((element) => (element.scrollLeft = 10_000));
  await until('the last role', () => within(page.getByRole('columnheader').last()));
  assert.ok(await within(permission), 'the permission has gone');

  // The bar that takes an answer back says its whole sentence beside its buttons.
  await page.goto('/views/all_open');
  await one.at('ticket-row').nth(5).click();
  await one.at('message').first().waitFor();
  await one.at('tab-reply').click();
  await focusInComposer(one);
  await page.keyboard.type('Скоро ответим.');
  await one.at('send').click();
  await one.at('undo').waitFor();
  const bar = page.getByRole('status').filter({ has: one.at('undo') });
  assert.ok(await within(bar));
  const whole = await bar
    .locator('span')
    .first()
    .evaluate((span) => span.scrollWidth <= span.clientWidth);
  assert.ok(whole, 'its words are cut off');
  await one.at('undo').click();
  await one.at('undo').waitFor({ state: 'detached' });
});

test('what was not understood waits in the quarantine with its reason and its text, and can be made a ticket', async () => {
  const login = loginOf('admin');
  const one = await come(login);
  const api = await signedIn(server.base, login);
  const { items } = await api('GET', '/quarantine');
  assert.equal(items[0].reason_code, 'no_sender');

  await one.page.goto('/quarantine');
  await one.at('quarantine-row').filter({ hasText: 'nobody wrote this' }).click();
  await until('the raw letter', async () =>
    (await one.page.locator('pre').textContent()).replace(/\r/g, '').includes('A letter without a sender.'),
  );
  await one.page.getByRole('button', { name: 'Всё равно создать обращение' }).click();
  await until('the letter is a ticket', async () => (await api('GET', '/quarantine')).total === 0);
  const made = (await api('GET', '/tickets?q=&sort=-id&limit=1')).items[0];
  assert.match(made.contact.address, /@unknown\.invalid$/, 'nobody is answered by mistake');
});

test('a customer writes, an agent sees it come and answers, the customer reads the answer', async () => {
  const customer = await come(loginOf('admin'));
  const agent = await come(loginOf('lead'));
  await agent.at('view-unassigned').click();
  await agent.at('ticket-row').first().waitFor();
  await agent.page.mouse.move(1400, 5);

  await customer.page.goto('/mailbox');
  await customer.at('mailbox-write').click();
  await customer.at('mailbox-name').fill('Зоя Платонова');
  await customer.at('mailbox-address').fill('zoya@platonova.example');
  await customer.at('mailbox-subject').fill('Самовар пришёл без крана');
  await customer.at('mailbox-body').fill('Здравствуйте! Крана в коробке нет.\nЧто делать?');
  await customer.at('mailbox-send').click();
  const row = agent.at('ticket-row').filter({ hasText: 'Самовар пришёл без крана' });
  await row.waitFor({ timeout: 10_000 });

  await row.click();
  await agent.at('message').filter({ hasText: 'Крана в коробке нет' }).waitFor();
  await agent.page.keyboard.press('r');
  await focusInComposer(agent);
  await agent.page.keyboard.type('Кран вышлем завтра, за наш счёт.');
  await agent.at('send').click();
  const answer = agent.at('message').filter({ hasText: 'Кран вышлем завтра' });
  await answer.waitFor();
  await agent.at('undo').waitFor({ state: 'detached', timeout: 15_000 });

  const letter = customer.at('mailbox-letter').filter({ hasText: 'Кран вышлем завтра' });
  await letter.waitFor({ timeout: 10_000 });
  await letter.click();
  await until('the words of the answer', async () => {
    const text = await customer.at('mailbox-text').textContent();
    return `${text} ${await insideFrames(customer)}`.includes('Кран вышлем завтра, за наш счёт.');
  });
  await until(
    'the agent to be told it was sent',
    async () => (await answer.getByTestId('delivery').getAttribute('data-state')) === 'sent',
  );
});

test('two agents at one ticket see each other, and the second is told what the first has changed', async () => {
  const firstLogin = loginOf('lead');
  const secondLogin = loginOf('admin');
  const first = await come(firstLogin);
  const second = await come(secondLogin);
  const id = await openFirst(first, 'all_open', 2);
  await second.page.goto(`/tickets/${id}`);
  await second.at('message').first().waitFor();

  await first.at('presence').filter({ hasText: secondLogin.name }).waitFor();
  await second.at('presence').filter({ hasText: firstLogin.name }).waitFor();
  await first.page.keyboard.press('n');
  await focusInComposer(first);
  await first.page.keyboard.type('смотрю');
  await second.at('presence').and(second.page.locator('.typing')).waitFor();

  // The first one's change arrives between the second one's decision and the server.
  const api = await signedIn(server.base, firstLogin);
  await api('PATCH', `/tickets/${id}`, { status: 'open' });
  await until('both to see the same', async () => (await second.at('status-select').inputValue()) === 'open');
  let late = false;
  await second.page.route(`**/api/v1/tickets/${id}`, async (route) => {
    if (route.request().method() === 'PATCH' && !late) {
      late = true;
      await api('PATCH', `/tickets/${id}`, { status: 'on_hold' });
    }
    await route.continue();
  });
  second.excuse(new RegExp(`/api/v1/tickets/${id} .*status of 409`));
  await second.at('status-select').selectOption('solved');
  const word = second.page.getByRole('alert');
  await word.waitFor();
  const held = await second.at('status-select').locator('option[value=on_hold]').textContent();
  const said = await word.textContent();
  assert.ok(said.toLowerCase().includes(held.trim().toLowerCase()), said);
  assert.equal(await second.at('status-select').inputValue(), 'on_hold');
  await word.getByRole('button').first().click();
  await until(
    'my change to be made after all',
    async () => (await api('GET', `/tickets/${id}`)).status === 'solved',
  );
});

async function openFirst(one, view, nth = 0) {
  await one.at(`view-${view}`).click();
  const row = one.at('ticket-row').nth(nth);
  await row.waitFor();
  const id = Number(await row.getAttribute('data-ticket'));
  await row.click();
  await one.at('message').first().waitFor();
  return id;
}

/** The caret stands in the text, and the greeting has come: what is typed now stays. */
async function focusInComposer(one) {
  await until('the caret to stand in the composer', () =>
    one.page.evaluate(() => document.activeElement?.matches('[data-testid=composer-body]')),
  );
}

async function insideFrames(one) {
  const texts = await Promise.all(
    one.page.frames().map((frame) => frame.evaluate(() => document.body?.innerText ?? '')),
  );
  return texts.join('\n');
}
