// What a day brings besides answers: machines' mail, a long conversation, pictures from elsewhere, a forgotten password.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, afterEach, before, test } from 'node:test';
import { login, startDepartment, support, tinyPng } from './stage/department.mjs';
import { stillness } from './stage/screens.mjs';
import { until } from './stage/until.mjs';

let desk;
before(async () => {
  desk = await startDepartment();
});
after(() => desk?.end());
afterEach(() => desk.goHome());

test('machines’ mail lies in a pile of its own, and a letter from it can still become a ticket', async () => {
  const one = await desk.come('/quarantine');
  const { page } = one;
  await page.getByText('Все письма до сих пор удалось понять.').waitFor();
  await one.at('pile-aside').click();
  await page.getByText('Ничего не отложено').waitFor();

  await desk.receive([
    'From: news@shop.example',
    `To: ${support}`,
    'Subject: Summer sale',
    'List-Id: <news.shop.example>',
    'Precedence: bulk',
    '',
    'Everything must go.',
  ]);
  await desk.receive([
    'From: away@office.example',
    `To: ${support}`,
    'Subject: Out of office',
    'Auto-Submitted: auto-replied',
    '',
    'I am at the sea.',
  ]);
  await desk.receive([`To: ${support}`, 'Subject: nobody wrote this', '', 'A letter without a sender.']);
  await until('three letters to be put aside', async () => {
    const [aside, lost] = [
      await desk.api('GET', '/quarantine?pile=aside'),
      await desk.api('GET', '/quarantine'),
    ];
    return aside.total === 2 && lost.total === 1;
  });

  await page.reload();
  assert.equal(new URL(page.url()).pathname, '/quarantine/aside', 'the pile has an address');
  assert.equal(await one.at('pile-aside').getAttribute('aria-current'), 'page');
  const row = one.at('quarantine-row');
  await row.filter({ hasText: 'Summer sale' }).getByText('рассылка').waitFor();
  await row.filter({ hasText: 'Out of office' }).getByText('автоответ').waitFor();
  assert.equal(await row.count(), 2);
  await until('both counts', async () => {
    const shown = await Promise.all(
      ['aside', 'quarantined'].map((pile) => one.at(`pile-${pile}`).textContent()),
    );
    return /Отложенные\s*2$/.test(shown[0].trim()) && /Непонятые\s*1$/.test(shown[1].trim());
  });

  // By keyboard: along the pile, into the letter, out as a ticket.
  await page.keyboard.press('j');
  await until('the first letter to be open', async () =>
    (await page.locator('pre').textContent()).includes('I am at the sea.'),
  );
  assert.equal(
    await page.getByRole('button', { name: 'Повторить' }).count(),
    0,
    'reading it again would change nothing',
  );
  await one.at('quarantine-ticket').focus();
  await page.keyboard.press('Enter');
  await one.at('message').filter({ hasText: 'I am at the sea.' }).waitFor();
  await page.goBack();
  await until('the letter to have left the pile', async () => (await row.count()) === 1);
  await one.at('pile-quarantined').click();
  await row.filter({ hasText: 'nobody wrote this' }).getByText('не сказано, кто написал').waitFor();
});

test('a long ticket opens at its end, and earlier pages come without moving what is being read', async () => {
  const ticket = await desk.write('Переписка на целый год', 'Первое письмо.');
  const count = 130;
  for (let at = 1; at <= count; at++) {
    const body_text = `Заметка ${at}.\n`.repeat(1 + (at % 5));
    await desk.api('POST', `/tickets/${ticket.id}/messages`, { kind: 'note', body_text });
  }
  const one = await desk.openTicket(ticket);
  const { page } = one;
  await stillness(one);
  const last = one.at('message').last();
  assert.match(await last.textContent(), new RegExp(`Заметка ${count}\\.`));
  const stream = page.getByRole('log');
  const [inView, box] = [await last.boundingBox(), await stream.boundingBox()];
  assert.ok(inView.y + inView.height <= box.y + box.height + 1, 'the newest message is in sight');
  assert.equal(await one.at('message').count(), 50);

  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (let shown = 50; shown < count + 1;) {
    let go;
    const gate = new Promise((open) => (go = open));
    let asked = false;
    await page.route('**/api/v1/tickets/*before=*', async (route) => {
      asked = true;
      await gate;
      await route.continue();
    });
    const first = one.at('message').first();
    const id = await first.getAttribute('data-message');
    await until('the earlier page to be asked for', async () => {
      await page.mouse.wheel(0, -2_000);
      return asked;
    });
    await until('the stream to stand still', () => standsStill(first));
    const before = await first.boundingBox();
    go();
    const next = Math.min(shown + 50, count + 1);
    await until('the earlier messages', async () => (await one.at('message').count()) === next);
    await page.unroute('**/api/v1/tickets/*before=*');
    await stillness(one);
    const same = page.locator(`[data-message="${id}"]`);
    const after = await same.boundingBox();
    assert.ok(Math.abs(after.y - before.y) <= 2, `at ${shown} it jumped from ${before.y} to ${after.y}`);
    shown = next;
  }
  await page.getByRole('button', { name: 'Показать более ранние' }).waitFor({ state: 'detached' });
  assert.match(await one.at('message').first().textContent(), /Первое письмо/);
});

test('a picture from elsewhere is not fetched until somebody asks to see it', async () => {
  const asked = [];
  const elsewhere = createServer((request, response) => {
    asked.push({ path: request.url, referer: request.headers.referer, cookie: request.headers.cookie });
    response.writeHead(200, { 'Content-Type': 'image/png' }).end(tinyPng);
  });
  await new Promise((done) => elsewhere.listen(0, '127.0.0.1', done));
  const place = `http://localhost:${elsewhere.address().port}`;
  try {
    await desk.receive([
      'From: Shop <shop@shop.example>',
      `To: ${support}`,
      'Subject: Look at this',
      'Content-Type: text/html; charset=utf-8',
      '',
      `<p>Our <b>new</b> clock:</p><img src="${place}/clock.png" alt="clock" width="20" height="20">`,
      `<div style="background:url(${place}/paper.png)">ticks</div><img src="${place}/pixel.gif" width="1">`,
    ]);
    const one = await desk.openTicket(await desk.ticketOf('Look at this'));
    const frame = one.at('message').frameLocator('iframe');
    await frame.getByText('new', { exact: true }).waitFor();
    await stillness(one);
    assert.deepEqual(asked, [], 'nobody elsewhere learns that the letter was opened');

    await one.page.getByRole('button', { name: 'Показать', exact: true }).click();
    await until('the pictures to be seen', () =>
      frame
        .locator('img')
        .evaluateAll((images) => images.length === 2 && images.every((one) => one.naturalWidth > 0)),
    );
    assert.deepEqual(new Set(asked.map(({ path }) => path)), new Set(['/clock.png', '/pixel.gif']));
    assert.ok(asked.every(({ referer, cookie }) => referer === undefined && cookie === undefined));
    assert.equal(await one.page.getByRole('button', { name: 'Показать', exact: true }).count(), 0);

    await one.page.reload();
    await frame.getByText('new', { exact: true }).waitFor();
    await one.page.getByRole('button', { name: 'Показать', exact: true }).waitFor();
  } finally {
    elsewhere.closeAllConnections();
    elsewhere.close();
  }
});

test('a forgotten password: a link comes by mail, works once, and ends every older session', async () => {
  const fresh = 'a wholly new password';
  const old = await desk.stranger();
  await old.login(login);
  const one = await desk.stranger();
  const { page } = one;
  await page.goto('/login');
  await page.getByRole('link', { name: 'Забыли пароль?' }).click();
  await page.getByLabel('Почта').fill(login.email);
  await page.getByRole('button', { name: 'Прислать ссылку' }).click();
  await page.getByText(login.email).waitFor();

  const letter = await until(
    'the letter',
    () => desk.post.letters.find((one) => one.header('to').includes(login.email)),
    20_000,
  );
  const link = /https?:\/\/\S+/.exec(letter.text)[0];
  assert.ok(link.startsWith(desk.base), link);
  await page.goto(link);
  await page.getByLabel('Новый пароль').fill(fresh);
  await page.keyboard.press('Enter');
  await one.at('view-mine').waitFor();

  // The older session is over, wherever it was; so is the old password, and so is the link.
  // Its requests are refused, and its live socket when it happens to be on its way.
  old.excuse(/status of 401|HTTP Authentication failed/);
  await old.page.reload();
  await old.at('login-email').fill(login.email);
  await old.at('login-password').fill(login.password);
  await old.at('login-submit').click();
  await old.page.getByRole('alert').waitFor();
  await old.at('login-password').fill(fresh);
  await old.at('login-submit').click();
  await old.at('view-mine').waitFor();
  await one.page.reload();
  await one.at('view-mine').waitFor();

  const late = await desk.stranger();
  late.excuse(/password-resets\/.* 404/);
  await late.page.goto(link);
  await late.page.getByText('Ссылка не действует').waitFor();
});

async function standsStill(locator) {
  const [before, after] = [
    await locator.boundingBox(),
    await locator.evaluate(
      (element) =>
        new Promise((done) => requestAnimationFrame(() => done(element.getBoundingClientRect().y))),
    ),
  ];
  return Math.abs(before.y - after) < 0.5;
}
