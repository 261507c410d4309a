// What hands do all day in a department of its own, with a mail server that the test can trip up: files into an answer,
// an answer that did not leave, a long conversation, pictures from elsewhere, machines' mail, a forgotten password.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { openBrowser, person } from './stage/browser.mjs';
import { startPost } from './stage/post.mjs';
import { temporaryFolder } from './stage/process.mjs';
import { stillness } from './stage/screens.mjs';
import { opora, signedIn, startOpora } from './stage/server.mjs';
import { until } from './stage/until.mjs';

const support = 'support@desk.test';
const login = { email: 'nina@desk.test', password: 'a long enough password', name: 'Нина Заречная' };
const uploadLimit = 2 * 1024 * 1024;
const tinyPng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAFElEQVR4nGP8z8Dwn4GBgYGJAQoAHxcCAk+Uzr4AAAAASUVORK5CYII=',
  'base64',
);

let post, server, browser, api, token, inbox;
const people = [];

before(async () => {
  post = await startPost();
  const data = temporaryFolder();
  const { email, password, name } = login;
  opora(['admin', 'create', '--data', data, '--email', email, '--password', password, '--name', name]);
  opora(['inbox', 'create', '--data', data, '--name', 'Поддержка', '--address', support, '--smtp', post.url]);
  token = opora(['token', 'create', '--data', data, '--email', email, '--scope', 'all']);
  server = await startOpora('serve', ['--upload-limit', String(uploadLimit)], { data });
  api = await signedIn(server.base, login);
  inbox = (await api('GET', '/inboxes')).items[0].id;
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.end();
  await post?.end();
});
afterEach(async () => {
  const complaints = people.flatMap((one) => one.complaints);
  await Promise.all(people.splice(0).map((one) => one.close()));
  assert.equal(complaints.join('\n'), '', 'a screen complained');
});

async function stranger(options) {
  const one = await person(browser, server.base, options);
  people.push(one);
  return one;
}

async function come(path, options) {
  const one = await stranger(options);
  await one.enter(login, { locale: options?.locale ?? 'ru', theme: 'light' });
  await one.page.goto(path);
  return one;
}

/** A mail comes in, as it is. */
async function receive(lines) {
  const answer = await fetch(`${server.base}/api/v1/inboxes/${inbox}/mail`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'message/rfc822' },
    body: lines.join('\r\n'),
  });
  assert.equal(answer.status, 202);
}

const ticketOf = async (subject) =>
  until(`the ticket "${subject}"`, async () => {
    const { items } = await api('GET', '/tickets?q=&limit=50');
    return items.find((one) => one.subject === subject);
  });

async function write(subject, text = 'Здравствуйте! Помогите, пожалуйста.') {
  const from = 'Анна Карелина <anna@karelina.example>';
  await receive([
    `From: ${from}`,
    `To: ${support}`,
    `Subject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=`,
    `Message-Id: <${randomBytes(8).toString('hex')}@karelina.example>`,
    'Content-Type: text/plain; charset=utf-8',
    '',
    text,
  ]);
  return ticketOf(subject);
}

async function openTicket(ticket, options) {
  const one = await come(`/tickets/${ticket.id}`, options);
  await one.at('message').first().waitFor();
  await until('greeting and closing', async () => (await one.at('composer-body').textContent()).length > 5);
  return one;
}

test('machines’ mail lies in a pile of its own, and a letter from it can still become a ticket', async () => {
  const one = await come('/quarantine');
  const { page } = one;
  await page.getByText('Все письма до сих пор удалось понять.').waitFor();
  await one.at('pile-aside').click();
  await page.getByText('Ничего не отложено').waitFor();

  await receive([
    'From: news@shop.example',
    `To: ${support}`,
    'Subject: Summer sale',
    'List-Id: <news.shop.example>',
    'Precedence: bulk',
    '',
    'Everything must go.',
  ]);
  await receive([
    'From: away@office.example',
    `To: ${support}`,
    'Subject: Out of office',
    'Auto-Submitted: auto-replied',
    '',
    'I am at the sea.',
  ]);
  await receive([`To: ${support}`, 'Subject: nobody wrote this', '', 'A letter without a sender.']);
  await until('three letters to be put aside', async () => {
    const [aside, lost] = [await api('GET', '/quarantine?pile=aside'), await api('GET', '/quarantine')];
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

test('an image is pasted, a file dropped, another taken away, and the answer carries what is left', async () => {
  const ticket = await write('Чайник свистит фальшиво');
  const one = await openTicket(ticket);
  const { page } = one;
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'Схема чайника.txt'), 'Свисток вставляется сверху.\n');
  writeFileSync(join(folder, 'лишнее.txt'), 'Это не для клиента.\n');

  await page.keyboard.press('r');
  await caretInText(one);
  await page.keyboard.type('Посмотрите на рисунок: ');
  await one.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(
    async (bytes) => {
      const picture = new Blob([new Uint8Array(bytes)], { type: 'image/png' });
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture })]);
    },
    [...tinyPng],
  );
  await page.keyboard.press('Control+v');
  const picture = one.at('composer-body').getByRole('img', { name: 'image.png' });
  await picture.waitFor();
  await until('the picture to be seen', () => picture.evaluate((image) => image.naturalWidth > 0));

  await drop(one, [join(folder, 'Схема чайника.txt'), join(folder, 'лишнее.txt')]);
  const composer = page.getByRole('region', { name: 'Ответ', exact: true });
  await composer.getByRole('link', { name: 'Схема чайника.txt' }).waitFor();
  await composer.getByRole('link', { name: 'лишнее.txt' }).waitFor();
  await composer.getByRole('button', { name: 'лишнее.txt' }).click();
  await composer.getByRole('link', { name: 'лишнее.txt' }).waitFor({ state: 'detached' });

  // What is written and attached outlives a reload.
  await until('the draft to be kept', async () => {
    const { draft } = await api('GET', `/tickets/${ticket.id}`);
    return draft?.attachments.length === 1 && draft.body_html.includes('<img');
  });
  await page.reload();
  await picture.waitFor();
  await composer.getByRole('link', { name: 'Схема чайника.txt' }).waitFor();
  await one.at('send').click();
  await one.at('undo').waitFor();

  const letter = await nextLetter('Чайник свистит');
  const [image] = letter.leaves.filter((part) => part.type === 'image/png');
  assert.ok(image, 'the picture is in the letter');
  const html = letter.leaves.find((part) => part.type === 'text/html').text;
  const cid = /<img[^>]+src="cid:([^"]+)"/.exec(html)?.[1];
  assert.equal(image.header('content-id'), `<${cid}>`, 'and stands in the text');
  const files = letter.leaves.filter((part) => part.filename?.endsWith('.txt'));
  assert.deepEqual(
    files.map(({ filename, text }) => [filename, text.trim()]),
    [['Схема чайника.txt', 'Свисток вставляется сверху.']],
  );
});

test('an upload shows how far it is, can be stopped, and says in words why it failed', async () => {
  const ticket = await write('Фотографии с дачи');
  const one = await openTicket(ticket);
  const { page } = one;
  const cdp = await one.context.newCDPSession(page);
  await cdp.send('Network.enable');
  const speed = (uploadThroughput) =>
    cdp.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput,
    });
  const file = (name, size) => ({ name, mimeType: 'application/pdf', buffer: Buffer.alloc(size, 7) });
  const choose = (name, size) => one.at('composer-file').setInputFiles(file(name, size));

  await speed(400_000);
  await choose('Дача.pdf', 1_500_000);
  const bar = one.at('upload').getByRole('progressbar');
  await until('a part of it to be under way', async () => {
    const part = await bar.evaluate((one) => one.value);
    return part > 0 && part < 1;
  });
  assert.ok(await one.at('send').isDisabled(), 'an answer does not leave without its file');
  await one.at('upload').getByRole('button').click();
  await one.at('upload').waitFor({ state: 'detached' });
  assert.equal(await page.getByRole('link', { name: 'Дача.pdf' }).count(), 0);

  await speed(-1);
  one.excuse(/\/api\/v1\/attachments .*(status of 413|ERR_FAILED)/);
  await choose('Весь альбом.pdf', uploadLimit + 500_000);
  const word = one.at('upload-failed');
  await word.waitFor();
  assert.match(
    await word.textContent(),
    /Файл Весь альбом\.pdf не загрузился\. Больше \d+ MB сюда не помещается/,
  );
  assert.equal(await page.getByRole('link', { name: 'Весь альбом.pdf' }).count(), 0);

  // What could not be carried for want of a network goes when there is one.
  await word.getByRole('button', { name: 'Закрыть' }).click();
  await page.route('**/api/v1/attachments', (route) => route.abort());
  await choose('Калитка.pdf', 1_000);
  await word.filter({ hasText: 'Связь оборвалась' }).waitFor();
  await page.unroute('**/api/v1/attachments');
  await word.getByRole('button', { name: 'Повторить' }).click();
  await page.getByRole('link', { name: 'Калитка.pdf' }).waitFor();
  await word.waitFor({ state: 'detached' });
});

test('a picture meant for colleagues does not slip into the answer when the tab is changed under way', async () => {
  const one = await openTicket(await write('Снимок с паролем'));
  let go;
  const gate = new Promise((open) => (go = open));
  await one.page.route('**/api/v1/attachments', async (route) => {
    await gate;
    await route.continue();
  });
  await one.at('tab-note').click();
  await one.at('composer-file').setInputFiles({ name: 'экран.png', mimeType: 'image/png', buffer: tinyPng });
  await one.at('upload').waitFor();
  await one.at('tab-reply').click();
  go();
  await one.at('upload').waitFor({ state: 'detached' });
  assert.equal(await one.at('composer-body').locator('img').count(), 0);
  assert.equal(await one.page.getByRole('link', { name: 'экран.png' }).count(), 0);
  await one.at('tab-note').click();
  await one.page.getByRole('link', { name: 'экран.png' }).waitFor();
});

test('an answer that was refused says why, is sent again with one button, and one that waits goes by itself', async () => {
  const ticket = await write('Посылка застряла');
  const one = await openTicket(ticket);
  post.answer('550 5.7.1 You are not welcome here');
  await answer(one, 'Посылка выедет сегодня.');
  const message = one.at('message').filter({ hasText: 'Посылка выедет сегодня' });
  const state = async () => message.getByTestId('delivery').getAttribute('data-state');
  const failed = message.getByTestId('delivery-failed');
  await failed.waitFor({ timeout: 30_000 });
  assert.match(await failed.textContent(), /You are not welcome here|550/);
  const before = post.letters.length;

  // Too early: it comes back refused once more, with the button.
  await failed.getByTestId('retry').click();
  await until('the second refusal', async () => (await state()) === 'failed', 20_000);
  await failed.waitFor();

  post.answer('250 2.1.5 ok');
  await failed.getByTestId('retry').click();
  await until('the answer to be sent', async () => (await state()) === 'sent', 20_000);
  await failed.waitFor({ state: 'detached' });
  assert.equal(post.letters.length, before + 1, 'exactly once');

  // The server is not there: the answer waits, says so, and leaves when it is back.
  await post.down();
  await answer(one, 'И ещё открытка.');
  const second = one.at('message').filter({ hasText: 'И ещё открытка' });
  await second.getByTestId('delivery-waiting').waitFor({ timeout: 30_000 });
  await post.up();
  await until(
    'the second answer to be sent',
    async () => (await second.getByTestId('delivery').getAttribute('data-state')) === 'sent',
    90_000,
  );
  await second.getByTestId('delivery-waiting').waitFor({ state: 'detached' });
  assert.equal(post.letters.length, before + 2);
});

test('a long ticket opens at its end, and earlier pages come without moving what is being read', async () => {
  const ticket = await write('Переписка на целый год', 'Первое письмо.');
  const count = 130;
  for (let at = 1; at <= count; at++) {
    const body_text = `Заметка ${at}.\n`.repeat(1 + (at % 5));
    await api('POST', `/tickets/${ticket.id}/messages`, { kind: 'note', body_text });
  }
  const one = await openTicket(ticket);
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
    await receive([
      'From: Shop <shop@shop.example>',
      `To: ${support}`,
      'Subject: Look at this',
      'Content-Type: text/html; charset=utf-8',
      '',
      `<p>Our <b>new</b> clock:</p><img src="${place}/clock.png" alt="clock" width="20" height="20">`,
      `<div style="background:url(${place}/paper.png)">ticks</div><img src="${place}/pixel.gif" width="1">`,
    ]);
    const one = await openTicket(await ticketOf('Look at this'));
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
  const old = await stranger();
  await old.login(login);
  const one = await stranger();
  const { page } = one;
  await page.goto('/login');
  await page.getByRole('link', { name: 'Забыли пароль?' }).click();
  await page.getByLabel('Почта').fill(login.email);
  await page.getByRole('button', { name: 'Прислать ссылку' }).click();
  await page.getByText(login.email).waitFor();

  const letter = await until(
    'the letter',
    () => post.letters.find((one) => one.header('to').includes(login.email)),
    20_000,
  );
  const link = /https?:\/\/\S+/.exec(letter.text)[0];
  assert.ok(link.startsWith(server.base), link);
  await page.goto(link);
  await page.getByLabel('Новый пароль').fill(fresh);
  await page.keyboard.press('Enter');
  await one.at('view-mine').waitFor();

  // The older session is over, wherever it was; so is the old password, and so is the link.
  old.excuse(/status of 401/);
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

  const late = await stranger();
  late.excuse(/password-resets\/.* 404/);
  await late.page.goto(link);
  await late.page.getByText('Ссылка не действует').waitFor();
});

async function caretInText(one) {
  await until('the caret to stand in the composer', () =>
    one.page.evaluate(() => document.activeElement?.matches('[data-testid=composer-body]')),
  );
}

async function answer(one, text) {
  await one.at('tab-reply').click();
  await caretInText(one);
  await one.page.keyboard.type(text);
  await one.at('send').click();
  await one.at('undo').waitFor();
}

async function nextLetter(subject) {
  return until(
    'the letter to arrive',
    () => post.letters.find((one) => one.header('subject').includes(subject)),
    30_000,
  );
}

/** Files dragged from the desktop onto the composer: the browser's own drag, not an event made by hand. */
async function drop(one, paths) {
  const cdp = await one.context.newCDPSession(one.page);
  const box = await one.at('composer-body').boundingBox();
  const place = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'])
    await cdp.send('Input.dispatchDragEvent', { type, ...place, data });
}

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
