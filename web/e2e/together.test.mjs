// Working together: whose the answer is, talks among colleagues beside a ticket, a message passed on as it was.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { colleague } from './stage/colleague.mjs';
import { customer } from './stage/customer.mjs';
import { startDepartment, tinyPng } from './stage/department.mjs';
import { until } from './stage/until.mjs';

let desk, boris, vera;
before(async () => {
  desk = await startDepartment();
  boris = await colleague(desk, 'Борис Ладогин', 'boris@desk.test', 'lead');
  vera = await colleague(desk, 'Вера Полозова', 'vera@desk.test', 'lead');
});
after(() => desk?.end());
afterEach(() => desk.goHome());

const ready = (one) =>
  until('greeting and closing', async () => (await one.at('composer-body').textContent()).length > 5);

async function atTicket(who, ticket) {
  const one = await who.come(`/tickets/${ticket.id}`);
  await one.at('message').first().waitFor();
  await ready(one);
  return one;
}

/** Writes into the answer by keys, as a person would. */
async function answer(one, words) {
  await one.page.keyboard.press('r');
  await until('the caret in the text', () =>
    one.page.evaluate(() => document.activeElement?.getAttribute('data-testid') === 'composer-body'),
  );
  await one.page.keyboard.type(words);
}

const says = (one, testid, words) =>
  until(`"${words}"`, async () => {
    const found = one.at(testid);
    return (await found.count()) > 0 && words.test(await found.first().textContent());
  });

test('one begins to answer, another sees it and takes over, and the first is told and loses nothing', async () => {
  const ticket = await customer(desk).write('Чей это ответ?', 'Помогите, пожалуйста.');
  const nina = await desk.openTicket(ticket);
  const other = await atTicket(boris, ticket);
  await answer(nina, 'Смотрю ваш заказ');
  await says(other, 'answering', /Нина Заречная отвечает \(с \d\d:\d\d\)/);

  // He writes too, asks to send, and is asked first; Escape takes him back to his text.
  await answer(other, 'Мой ответ.');
  await other.page.keyboard.press('Control+Enter');
  await says(other, 'composer-warning', /Нина Заречная уже отвечает/);
  await other.page.keyboard.press('Escape');
  await other.at('composer-warning').waitFor({ state: 'detached' });
  await other.page.keyboard.type(' Ещё слово.');
  assert.match(await other.at('composer-body').textContent(), /Мой ответ\. Ещё слово\./);

  // By one key, out of the text.
  await other.page.keyboard.press('Escape');
  await other.page.keyboard.press('Shift+R');
  await says(nina, 'answering', /Теперь отвечает Борис Ладогин; ваш текст остался в черновике/);
  assert.match(await nina.at('composer-body').textContent(), /Смотрю ваш заказ/);
  await other.at('answering').waitFor({ state: 'detached' });
  await until('Nina to be told in the notification centre', async () => {
    const { items } = await desk.api('GET', '/notifications');
    return items.some(({ kind, actor }) => kind === 'taken_over' && actor.id === boris.id);
  });

  // He sends, takes it back within the ten seconds, and holds the answer again.
  await other.at('composer-body').click();
  await other.page.keyboard.press('Control+Enter');
  await other.at('undo').waitFor();
  await nina.at('answering').waitFor({ state: 'detached' });
  const seen = (count) =>
    until(`${count} messages on her screen`, async () => (await nina.at('message').count()) === count);
  await seen(2);
  await other.at('undo').click();
  await seen(1);
  await until('his words to be back', async () =>
    /Мой ответ/.test(await other.at('composer-body').textContent()),
  );
  await says(nina, 'answering', /Борис Ладогин отвечает/);

  await nina.page.reload();
  await ready(nina);
  assert.match(await nina.at('composer-body').textContent(), /Смотрю ваш заказ/);
});

test('an answer that crosses with a colleague’s asks before it leaves, and a note never does', async () => {
  const ticket = await customer(desk).write('Двое сразу', 'Где заказ?');
  const nina = await desk.openTicket(ticket);
  nina.excuse(/messages .*status of 409/);
  await answer(nina, 'Уже едет.');
  let late = false;
  await nina.page.route(`**/api/v1/tickets/${ticket.id}/messages`, async (route) => {
    if (!late) {
      late = true;
      await boris.api('POST', `/tickets/${ticket.id}/answering`, { take_over: true });
    }
    await route.continue();
  });
  await nina.at('send').click();
  await says(nina, 'composer-warning', /Борис Ладогин уже отвечает/);
  assert.match(await nina.at('composer-body').textContent(), /Уже едет\./);
  const { messages } = await desk.api('GET', `/tickets/${ticket.id}`);
  assert.equal(messages.filter(({ kind }) => kind === 'reply').length, 0, 'nothing was sent');

  await nina.at('send-not').click();
  await nina.page.keyboard.press('Escape');
  await nina.page.keyboard.press('n');
  await nina.page.keyboard.type('Спрошу у Бориса.');
  await nina.page.keyboard.press('Control+Enter');
  await nina.at('message').filter({ hasText: 'Спрошу у Бориса' }).waitFor();

  await nina.at('tab-reply').click();
  await nina.at('send').click();
  await says(nina, 'composer-warning', /Борис Ладогин уже отвечает/);
  // The question holds the focus: its first button is one Tab away.
  await nina.page.keyboard.press('Tab');
  await nina.page.keyboard.press('Enter');
  await nina.at('message').filter({ hasText: 'Уже едет' }).waitFor();
});

test('somebody who steps out for a moment does not blink', async () => {
  const ticket = await customer(desk).write('Кто здесь?', 'Ау.');
  const nina = await desk.openTicket(ticket);
  const other = await atTicket(boris, ticket);
  await nina.at('presence').filter({ hasText: 'Борис' }).waitFor();
  await nina.page.evaluate(() => {
    window.blinks = 0;
    const head = document.querySelector('[data-testid=presence]').parentElement;
    new MutationObserver(() => (window.blinks += 1)).observe(head, { childList: true });
  });
  for (let times = 0; times < 3; times++) {
    await other.page.keyboard.press('Escape');
    await other.at('composer-body').waitFor({ state: 'detached' });
    await other.page.goBack();
    await other.at('composer-body').waitFor();
  }
  assert.equal(await nina.page.evaluate(() => window.blinks), 0);
  await other.page.goto('/contacts');
  await nina.at('presence').waitFor({ state: 'detached', timeout: 15_000 });
});

test('colleagues talk beside a ticket: begun by keys, told of, answered live, joined, closed and opened again', async () => {
  const ticket = await customer(desk).write('Возврат батареек', 'Пришли не те.');
  const elsewhere = await customer(desk, { address: 'other@karelina.example' }).write('Другое', 'Вопрос.');
  const nina = await desk.openTicket(ticket);
  const other = await atTicket(boris, elsewhere);

  await nina.page.keyboard.press('d');
  await nina.at('talk-subject').waitFor();
  await until('the caret in the subject', () =>
    nina.page.evaluate(() => document.activeElement?.getAttribute('data-testid') === 'talk-subject'),
  );
  await nina.page.keyboard.type('Кто на складе?');
  await nina.page.keyboard.press('Tab');
  await nina.page.keyboard.type('Бор');
  await nina.page.keyboard.press('Enter');
  await nina.at('talk-person').filter({ hasText: 'Борис' }).waitFor();
  await nina.at('talk-body').click();
  await nina.page.keyboard.type('Проверь полку, ');
  await nina.page.keyboard.press('Control+b');
  await nina.page.keyboard.type('пожалуйста');
  await nina.page.keyboard.press('Control+b');

  // What is unsent waits, whatever is opened meanwhile.
  await nina.page.goto(`/tickets/${elsewhere.id}`);
  await nina.at('message').first().waitFor();
  await nina.page.goto(`/tickets/${ticket.id}`);
  await nina.at('message').first().waitFor();
  await nina.page.keyboard.press('d');
  await until('the text to be there still', async () =>
    /Проверь полку, пожалуйста/.test((await nina.at('talk-body').textContent()) ?? ''),
  );
  assert.equal(await nina.at('talk-subject').inputValue(), 'Кто на складе?');
  await nina.at('talk-body').click();
  await nina.page.keyboard.press('Control+Enter');
  await nina.at('talk-message').filter({ hasText: 'Проверь полку' }).waitFor();

  // He is told where he is, and the notice leads him there.
  await until('the bell', async () => Number(await other.at('bell').getAttribute('data-unread')) > 0);
  await other.at('bell').click();
  await other.at('notice').filter({ hasText: 'Проверь полку' }).first().click();
  await other.at('talk-message').filter({ hasText: 'Проверь полку' }).waitFor();
  assert.match(other.page.url(), new RegExp(`/${ticket.id}$`), 'the link has done its work');
  await other.at('talk-body').click();
  await other.page.keyboard.type('Полка пуста.');
  const [chooser] = await Promise.all([
    other.page.waitForEvent('filechooser'),
    other.at('talks').getByRole('button', { name: 'Приложить файл' }).click(),
  ]);
  await chooser.setFiles([
    { name: 'накладная.txt', mimeType: 'text/plain', buffer: Buffer.from('Два ящика.') },
    { name: 'полка.png', mimeType: 'image/png', buffer: tinyPng },
  ]);
  await other.at('talk-body').getByRole('img', { name: 'полка.png' }).waitFor();
  await other.page.keyboard.press('Control+Enter');
  const said = nina.at('talk-message').filter({ hasText: 'Полка пуста.' });
  await said.getByRole('link', { name: 'накладная.txt' }).waitFor();
  await until('the picture', () =>
    said.getByRole('img', { name: 'полка.png' }).evaluate((image) => image.naturalWidth > 0),
  );

  // Somebody who only sees the ticket looks in and takes part by writing.
  const third = await atTicket(vera, ticket);
  assert.equal(await third.at('talks-button').getAttribute('data-unread'), '0');
  await third.at('talks-button').click();
  await third.at('talk-message').filter({ hasText: 'Полка пуста.' }).waitFor();
  await third.at('talk-body').click();
  await third.page.keyboard.type('Есть на втором складе.');
  await third.page.keyboard.press('Control+Enter');
  await nina.at('talk-message').filter({ hasText: 'Есть на втором складе.' }).waitFor();
  await until('her to be one of them', async () =>
    /Вера/.test((await nina.at('talk-members').textContent()) ?? ''),
  );

  // Away from the talk, the ticket's button says what is unread.
  await nina.at('talks-close').click();
  await third.at('talk-body').click();
  await third.page.keyboard.type('Два ящика.');
  await third.page.keyboard.press('Control+Enter');
  await until('one unread', async () => (await nina.at('talks-button').getAttribute('data-unread')) === '1');
  await nina.at('talks-button').click();
  await nina.at('talk-message').filter({ hasText: 'Два ящика.' }).waitFor();
  await until(
    'nothing unread',
    async () => (await nina.at('talks-button').getAttribute('data-unread')) === '0',
  );

  await nina.at('talk-menu').click();
  await nina.at('talk-end').click();
  await nina.at('talk-closed').waitFor();
  await other.at('talk-closed').waitFor();
  await other.at('talk-body').click();
  await other.page.keyboard.type('Забрал.');
  await other.page.keyboard.press('Control+Enter');
  await nina.at('talk-message').filter({ hasText: 'Забрал.' }).waitFor();
  await nina.at('talk-closed').waitFor({ state: 'detached' });

  // What was said is found, and leads there.
  await third.at('talks-close').click();
  await third.page.goto('/views/all');
  await third.at('search-box').fill('два ящика');
  await third.page.keyboard.press('Enter');
  const hit = third.at('search-hit').filter({ hasText: 'Обсуждение с коллегами' }).first();
  await hit.click();
  await third.at('talk-message').filter({ hasText: 'Забрал.' }).waitFor();
  assert.equal(new URL(third.page.url()).pathname, `/search/${ticket.id}`);

  // The customer has heard nothing of it.
  const { messages } = await desk.api('GET', `/tickets/${ticket.id}`);
  assert.equal(messages.length, 1);
  const heard = desk.post.letters.filter((letter) => letter.header('to').includes('karelina'));
  assert.ok(heard.every((letter) => !/полк|склад/i.test(letter.text)));
});

test('a message is passed on with its formatting, its picture and its files', async () => {
  const ticket = await customer(desk).write('Договор', '', {
    more: ['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary="outer"'],
    body: [
      '--outer',
      'Content-Type: multipart/related; boundary="inner"',
      '',
      '--inner',
      'Content-Type: text/html; charset=utf-8',
      '',
      '<p style="color:#c00">Прошу <b>срочно</b> подписать:</p><ul><li>лист один</li><li>лист два</li></ul><img src="cid:seal@x" alt="печать">',
      '--inner',
      'Content-Type: image/png',
      'Content-ID: <seal@x>',
      'Content-Disposition: inline; filename="seal.png"',
      'Content-Transfer-Encoding: base64',
      '',
      tinyPng.toString('base64'),
      '--inner--',
      '--outer',
      'Content-Type: application/pdf',
      'Content-Disposition: attachment; filename="dogovor.pdf"',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from('%PDF-1.4').toString('base64'),
      '--outer--',
      '',
    ].join('\r\n'),
  });
  const nina = await desk.openTicket(ticket);
  const { page } = nina;
  await nina.at('message-menu').first().click();
  await nina.at('message-forward').click();
  const body = nina.at('new-body');
  await until('the words', async () => /лист два/.test((await body.textContent()) ?? ''));
  assert.equal(await body.locator('strong', { hasText: 'срочно' }).count(), 1);
  assert.equal(await body.locator('li').count(), 2);
  await until('the picture to be seen', () =>
    body.locator('img[src*="/attachments/"]').evaluate((image) => image.naturalWidth > 0),
  );
  await body.click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('Посмотрите, пожалуйста.');

  // Closed by mistake: it is all there the next time.
  await page.keyboard.press('Escape');
  await body.waitFor({ state: 'detached' });
  await nina.at('message-menu').first().click();
  await nina.at('message-forward').click();
  await until('the word to be there', async () => /Посмотрите/.test((await body.textContent()) ?? ''));
  await nina.at('new-email').fill('yurist@partner.example');
  await nina.at('new-submit').click();
  const letter = await until(
    'the letter to the lawyer',
    () => desk.post.letters.find((one) => one.header('to').includes('yurist@partner.example')),
    40_000,
  );
  const html = letter.leaves.find((part) => /<strong>срочно<\/strong>/.test(part.text ?? ''));
  assert.ok(html, 'bold went along');
  assert.match(html.text, /Посмотрите, пожалуйста\.[\s\S]*Пересланное сообщение[\s\S]*<li>/);
  assert.match(html.text, /<img[^>]+src="cid:/, 'the picture goes inside the letter');
  assert.ok(letter.leaves.some((part) => part.filename === 'dogovor.pdf'));
});

test('before a holiday all open tickets of one go to another, with a word in each', async () => {
  const mine = await customer(desk).write('До отпуска', 'Первое.');
  const solved = await customer(desk, { address: 'done@karelina.example' }).write('Уже решено', 'Второе.');
  await desk.api('PATCH', `/tickets/${mine.id}`, { assignee_id: vera.id });
  await desk.api('PATCH', `/tickets/${solved.id}`, { assignee_id: vera.id, status: 'solved' });
  const one = await vera.come('/views/mine');
  await one.at('ticket-row').first().waitFor();
  await one.page.keyboard.press('Control+k');
  await one.at('palette-input').fill('передать все');
  await one.page.keyboard.press('Enter');
  await one.at('handover-all-to').selectOption({ value: String(boris.id) });
  await one.at('handover-all-note').fill('Ждём склад, вернусь в понедельник.');
  await one.at('handover-all-next').click();
  await until('the count', async () => /1/.test(await one.at('mass-count').textContent()));
  await one.at('mass-start').click();
  await until('it to be his', async () => {
    const { assignee_id, messages } = await desk.api('GET', `/tickets/${mine.id}`);
    return assignee_id === boris.id && messages.some(({ text }) => /вернусь в понедельник/.test(text));
  });
  assert.equal((await desk.api('GET', `/tickets/${solved.id}`)).assignee_id, vera.id);
});
