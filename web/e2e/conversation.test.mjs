// Reading: what is unread first, single messages quoted, passed on and linked to, pictures marked; what one is told about.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { colleague } from './stage/colleague.mjs';
import { customer } from './stage/customer.mjs';
import { login, startDepartment } from './stage/department.mjs';
import { stillness } from './stage/screens.mjs';
import { until } from './stage/until.mjs';

let desk;
before(async () => {
  desk = await startDepartment();
});
after(() => desk?.end());
afterEach(() => desk.goHome());

/** A picture of a size one can draw on: a grey square, as the browser writes it. */
async function squarePng(one) {
  const bytes = await one.page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 300;
    const pen = canvas.getContext('2d');
    pen.fillStyle = 'rgb(128 128 128)';
    pen.fillRect(0, 0, 300, 300);
    const blob = await new Promise((done) => canvas.toBlob(done));
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
  return Buffer.from(bytes);
}

test('a conversation opens at what is unread, under a line that says so', async () => {
  const anna = customer(desk);
  const subject = 'Двенадцать писем подряд';
  const ticket = await anna.write(subject, 'Первое письмо.\n'.repeat(12));
  await desk.api('POST', `/tickets/${ticket.id}/messages`, { kind: 'reply', body_text: 'Смотрим.' });
  for (let at = 1; at <= 12; at++) await anna.write(subject, `Письмо ${at}.\n`.repeat(8));
  await until('all the letters', async () => {
    const { messages } = await desk.api('GET', `/tickets/${ticket.id}`);
    return messages.length === 14;
  });
  const one = await desk.openTicket(ticket);
  await stillness(one);
  const line = one.at('unread');
  await line.waitFor();
  assert.equal(await line.count(), 1);
  const stream = await one.page.getByRole('log').boundingBox();
  const box = await line.boundingBox();
  assert.ok(
    box.y >= stream.y && box.y < stream.y + stream.height / 2,
    `the line is at ${box.y}, the stream begins at ${stream.y}`,
  );
  const next = await line.evaluate((element) => element.nextElementSibling.textContent);
  assert.match(next, /Письмо 1\./);

  await one.page.getByRole('button', { name: 'К последним' }).click();
  await until('the last letter in sight', async () => {
    const last = await one.at('message').last().boundingBox();
    return last.y + last.height <= stream.y + stream.height + 1;
  });
});

test('what was not seen is under the line though a colleague has answered since, also on an earlier page', async () => {
  const boris = await colleague(desk, 'Борис Ладогин', 'boris@desk.test', 'lead');
  const anna = customer(desk);
  const subject = 'Долгая переписка';
  const ticket = await anna.write(subject, 'Виденное письмо.');
  const messages = async () => (await desk.api('GET', `/tickets/${ticket.id}?limit=200`)).messages;
  const [seen] = await messages();
  await desk.api('PUT', `/tickets/${ticket.id}/read`, { message_id: seen.id });
  await anna.write(subject, 'Письмо 1.');
  await until('the first letter', async () => (await messages()).length === 2);
  const say = (kind, body_text) => boris.api('POST', `/tickets/${ticket.id}/messages`, { kind, body_text });
  for (let at = 1; at <= 60; at++) await say('note', `Заметка ${at}.`);
  await say('reply', 'Смотрим.');
  await anna.write(subject, 'Письмо 2.');
  await until('the second letter', async () => (await messages()).length === 64);
  const one = await desk.openTicket(ticket);
  const line = one.at('unread');
  await until('the line to stand before the first letter not seen', async () =>
    /Письмо 1\./.test(await line.evaluate((element) => element.nextElementSibling.textContent)),
  );
  await stillness(one);
  const stream = await one.page.getByRole('log').boundingBox();
  const box = await line.boundingBox();
  assert.ok(
    box.y >= stream.y && box.y < stream.y + stream.height / 2,
    `the line is at ${box.y}, the stream begins at ${stream.y}`,
  );
});

test('a subject and words in Hebrew run from right to left', async () => {
  const ticket = await customer(desk).write('שלום לכם', 'הקומקום שלי דולף.');
  const one = await desk.openTicket(ticket);
  const direction = (place) => place.evaluate((element) => getComputedStyle(element).direction);
  assert.equal(await direction(one.page.getByRole('heading', { level: 1 })), 'rtl');
  assert.equal(await direction(one.at('message').first().getByText('הקומקום שלי דולף.')), 'rtl');
});

test('a ticket with all that stands beside it is one question away', async () => {
  const ticket = await customer(desk, { address: 'only@karelina.example' }).write(
    'Один вопрос',
    'Где заказ?',
  );
  const one = await desk.come('/views/all');
  await one.at('ticket-row').first().waitFor();
  const asked = [];
  one.page.on('request', (request) => {
    const { pathname, search } = new URL(request.url());
    if (request.method() === 'GET' && pathname.startsWith('/api/')) asked.push(pathname.slice(7) + search);
  });
  await one.at('ticket-row').filter({ hasText: 'Один вопрос' }).click();
  await until('the greeting', async () => /Здравствуйте/.test(await one.at('composer-body').textContent()));
  await one.at('contact-link').waitFor();
  await one.page.getByText('Первое обращение этого клиента').waitFor();
  const about = asked.filter((path) => /^\/(tickets|contacts)\//.test(path) || path.includes('contact:'));
  assert.deepEqual(about, [`/tickets/${ticket.id}?beside=true`]);
});

test('a message is quoted, linked to, and tells of its delivery', async () => {
  const anna = customer(desk);
  const ticket = await anna.write('Какой чайник?', 'Синий чайник.\n\nИли красный.');
  const one = await desk.openTicket(ticket);
  const { page } = one;
  await one.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const first = one.at('message').first();
  await menu(first, 'message-quote');
  const quote = one.at('composer-body').locator('blockquote');
  await quote.waitFor();
  assert.match(await quote.textContent(), /Синий чайник\.\s*Или красный\./);
  assert.match(await one.at('composer-body').textContent(), /Anna Karelina, .*:/);
  await page.keyboard.type('Синий есть.');
  await one.at('send').click();
  await one.at('undo').waitFor();

  // Its words are in a frame of their own.
  const answer = one.at('message').last();
  await until(
    'the answer to be sent',
    async () => (await answer.getByTestId('delivery').getAttribute('data-state')) === 'sent',
    40_000,
  );
  await menu(answer, 'message-delivery');
  assert.match(await answer.getByTestId('details').textContent(), /Доставка\s*отправлено/);

  await menu(first, 'message-link');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const id = await first.getAttribute('data-message');
  assert.equal(link, `${desk.base}/tickets/${ticket.id}?m=${id}`);
  await page.goto(link);
  await until('the message to be marked', async () =>
    /sought/.test(await page.locator(`[data-message="${id}"]`).getAttribute('class')),
  );
  await until('the link to have done its work', () => !page.url().includes('m='));
});

test('from one message on a conversation becomes a ticket of its own, and answers land where they belong', async () => {
  const anna = customer(desk, { address: 'two@karelina.example' });
  const ticket = await anna.write('Где заказ, и ещё', 'Где мой заказ?');
  await anna.write('Где заказ, и ещё', 'И ещё: чайник течёт.');
  await until('both letters', async () => {
    const { messages } = await desk.api('GET', `/tickets/${ticket.id}`);
    return messages.length === 2;
  });
  const one = await desk.openTicket(ticket);
  const { page } = one;
  const first = one.at('message').filter({ hasText: 'Где мой заказ?' });
  await first.getByTestId('message-menu').click();
  assert.equal(await first.getByTestId('message-split').count(), 0, 'the first one stays');
  await page.keyboard.press('Escape');
  await menu(one.at('message').filter({ hasText: 'чайник течёт' }), 'message-split');
  await one.at('split-count').filter({ hasText: 'уйдёт 1 сообщение' }).waitFor();
  await one.at('split-subject').fill('Чайник течёт');
  await one.at('split-submit').click();
  await page.getByRole('heading', { level: 1, name: 'Чайник течёт' }).waitFor();
  await one.at('message').filter({ hasText: 'чайник течёт' }).waitFor();
  assert.equal(await one.at('message').filter({ hasText: 'Где мой заказ?' }).count(), 0);
  await page.getByText(`отделено от #${ticket.number}`).waitFor();

  // The customer answers the second letter, in the same thread as ever.
  await anna.write('Где заказ, и ещё', 'Капает сильнее!');
  await one.at('message').filter({ hasText: 'Капает сильнее!' }).waitFor();
  assert.equal((await desk.api('GET', `/tickets/${ticket.id}`)).messages.length, 1);
});

test('a message is passed on to somebody else with its words and files', async () => {
  const anna = customer(desk);
  const one = await desk.come('/views/all');
  const png = await squarePng(one);
  const ticket = await anna.show('Для склада', 'Вот что пришло.', 'parcel.png', png);
  await one.page.goto(`/tickets/${ticket.id}`);
  await one.at('message').first().waitFor();
  await menu(one.at('message').first(), 'message-forward');
  await one.at('new-email').fill('sklad@partner.example');
  assert.match(await one.at('new-subject').inputValue(), /Для склада/);
  const words = await one.at('new-body').textContent();
  assert.match(words, /Пересланное сообщение[\s\S]*anna@karelina\.example[\s\S]*Вот что пришло\./);
  await one.at('new-body').click();
  await one.page.keyboard.press('Control+Home');
  await one.page.keyboard.type('Посмотрите, пожалуйста.');
  await one.at('new-submit').click();
  const letter = await until(
    'the letter to the store',
    () => desk.post.letters.find((one) => one.header('to').includes('sklad@partner.example')),
    40_000,
  );
  assert.match(letter.leaves[0].text, /Посмотрите, пожалуйста\.[\s\S]*Вот что пришло\./);
  assert.ok(
    letter.leaves.some((part) => part.filename === 'parcel.png'),
    'the file is with it',
  );
});

test('a letter that was begun is there after a reload, and gone when it is sent or its writer has signed out', async () => {
  const one = await desk.come('/views/all');
  const { page } = one;
  const begin = async () => {
    await one.at('view-mine').waitFor();
    await page.keyboard.press('c');
    await one.at('new-body').waitFor();
  };
  const write = async (subject) => {
    await one.at('new-email').fill('zoya@platonova.example');
    await one.at('new-subject').fill(subject);
    await one.at('new-body').click();
    await page.keyboard.type('Ваш самовар готов.');
  };
  await begin();
  await write('Самовар');
  await page.reload();
  await begin();
  assert.equal(await one.at('new-email').inputValue(), 'zoya@platonova.example');
  assert.equal(await one.at('new-subject').inputValue(), 'Самовар');
  assert.match(await one.at('new-body').textContent(), /Ваш самовар готов\./);
  await one.at('new-submit').click();
  await one.at('message').filter({ hasText: 'Ваш самовар готов.' }).waitFor();
  await page.reload();
  await begin();
  assert.equal(await one.at('new-subject').inputValue(), '');

  await write('Второй самовар');
  await page.keyboard.press('Escape');
  await one.at('new-body').waitFor({ state: 'detached' });
  one.excuse(/status of 401/);
  await page.goto('/settings/profile');
  await one.at('logout').click();
  await one.at('login-email').waitFor();
  await one.login(login);
  await begin();
  assert.equal(await one.at('new-subject').inputValue(), '');
});

test('a picture opens large, is walked and closed by keys, and goes marked into the answer', async () => {
  const anna = customer(desk);
  const one = await desk.come('/views/all');
  const { page } = one;
  const png = await squarePng(one);
  await anna.show('Трещина на чашке', 'Первый снимок.', 'first.png', png);
  const ticket = await anna.show('Трещина на чашке', 'Второй снимок.', 'second.png', png);
  await page.goto(`/tickets/${ticket.id}`);
  await until('both pictures', async () => (await one.at('picture').count()) === 2);
  await one.at('picture').first().click();
  const box = one.at('light-box');
  await box.getByText('1 из 2').waitFor();
  await page.keyboard.press('ArrowRight');
  await box.getByText('2 из 2').waitFor();
  await page.keyboard.press('+');
  await box.getByText('150 %').waitFor();
  await page.keyboard.press('0');
  await one.at('light-mark').click();
  const board = one.at('mark-board');
  await until('the picture to lie there', async () => (await board.evaluate((one) => one.width)) === 300);
  const at = await board.boundingBox();
  const drag = async ([x1, y1], [x2, y2]) => {
    await page.mouse.move(at.x + x1, at.y + y1);
    await page.mouse.down();
    await page.mouse.move(at.x + x2, at.y + y2, { steps: 4 });
    await page.mouse.up();
  };
  const marks = (count) =>
    until(`${count} marks`, async () => Number(await board.getAttribute('data-marks')) === count);
  await drag([20, 20], [120, 80]);
  await marks(1);
  await one.at('mark-box').click();
  await drag([150, 150], [250, 220]);
  await marks(2);
  await one.at('mark-undo').click();
  await marks(1);
  await one.at('mark-text').click();
  await page.mouse.click(at.x + 60, at.y + 200);
  await one.at('mark-words').fill('вот здесь');
  await page.keyboard.press('Enter');
  await marks(2);
  await one.at('mark-done').click();
  await box.waitFor({ state: 'detached' });
  const picture = one.at('composer-body').getByRole('img', { name: 'second-marked.png' });
  await picture.waitFor();
  await until('the marked picture to be seen', () => picture.evaluate((image) => image.naturalWidth === 300));
});

test('what concerns me stands under the bell, and one press opens the message', async () => {
  const anna = customer(desk);
  const subject = 'Моё обращение';
  const ticket = await anna.write(subject, 'Здравствуйте.');
  const { id } = await desk.api('GET', '/session');
  await desk.api('PATCH', `/tickets/${ticket.id}`, { assignee_id: id });
  await desk.api('POST', '/notifications/read', { all: true });
  const one = await desk.come('/views/mine');
  await one.at('ticket-row').first().waitFor();
  const unread = async () => Number(await one.at('bell').getAttribute('data-unread'));
  await until('nothing to be unread', async () => (await unread()) === 0);
  await anna.write(subject, 'Есть новости?');
  await until('the news to come live', async () => (await unread()) === 1);

  await one.at('bell').click();
  const notice = one.at('notice').first();
  await notice.getByText(subject).waitFor();
  assert.equal(await notice.getAttribute('data-read'), 'false');
  await one.page.keyboard.press('ArrowDown');
  await one.page.keyboard.press('Enter');
  await one.at('message').filter({ hasText: 'Есть новости?' }).waitFor();
  await until('it to be read', async () => (await unread()) === 0);
  await one.page.reload();
  await one.at('bell').click();
  await until(
    'it to stay read',
    async () => (await one.at('notice').first().getAttribute('data-read')) === 'true',
  );
});

test('a person says about what they are told, when it is quiet, and where they live', async () => {
  const one = await desk.come('/settings/profile');
  // The first change takes long on its way: those that follow must not be lost to it.
  let [begun, done] = [0, 0];
  let arrive;
  const onItsWay = new Promise((go) => (arrive = go));
  await one.page.route('**/api/v1/me/notification-settings', async (route) => {
    if (route.request().method() === 'PUT' && begun++ === 0) await onItsWay;
    await route.continue();
  });
  one.page.on('requestfinished', (request) => {
    if (request.method() === 'PUT' && request.url().endsWith('/notification-settings')) done++;
  });
  await one.at('notice-answer-push').setChecked(false);
  await one.at('quiet').check();
  await one.at('time-zone').selectOption('Asia/Tokyo');
  await until('the first of it to be on its way', () => begun === 1);
  arrive();
  await until('all of it to be sent', () => done === 3);
  const kept = await desk.api('GET', '/me/notification-settings');
  assert.deepEqual(
    [kept.kinds.answer.push, kept.quiet?.from, kept.time_zone],
    [false, '20:00', 'Asia/Tokyo'],
  );
  await one.page.reload();
  assert.equal(await one.at('notice-answer-push').isChecked(), false);
  assert.equal(await one.at('time-zone').inputValue(), 'Asia/Tokyo');
});

async function menu(message, item) {
  await message.getByTestId('message-menu').click();
  await message.getByTestId(item).click();
}
