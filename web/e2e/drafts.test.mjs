// Nothing typed is lost and nothing leaves unmeant: answers and notes side by side, sent twice, left under way, taken back,
// written in two places, and sent into a connection that breaks.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { customer } from './stage/customer.mjs';
import { startDepartment, tinyPng } from './stage/department.mjs';
import { until } from './stage/until.mjs';

let desk;
before(async () => {
  desk = await startDepartment();
});
after(() => desk?.end());
afterEach(() => desk.goHome());

test('an answer begun stays when the note beside it is sent or emptied, and a note when the answer is thrown away', async () => {
  const ticket = await desk.write('Ответ и заметка');
  const one = await desk.openTicket(ticket);
  const { page } = one;
  await typed(one, 'r', 'Начатый ответ. ');
  await saved(one);
  const ends = [
    async () => {
      await page.keyboard.press('Control+Enter');
      await one.at('message').filter({ hasText: 'Заметка 1' }).waitFor();
    },
    async () => {
      const dropped = gone(one, ticket);
      await page.keyboard.press('Control+a');
      await page.keyboard.press('Backspace');
      await dropped;
    },
  ];
  for (const [turn, end] of ends.entries()) {
    await page.keyboard.press('Escape');
    await typed(one, 'n', `Заметка ${turn + 1}.`);
    await saved(one);
    await end();
    const elsewhere = await desk.openTicket(ticket);
    await says(elsewhere, 'Начатый ответ.');
    const { answering } = await desk.api('GET', `/tickets/${ticket.id}`);
    assert.ok(answering, 'I still answer');
  }

  await page.keyboard.press('Escape');
  await typed(one, 'n', 'Заметка остаётся.');
  await saved(one);
  await page.keyboard.press('Escape');
  await typed(one, 'r', 'Не то. ');
  const dropped = gone(one, ticket);
  await one.at('send-more').click();
  await one.at('discard').click();
  await dropped;
  const elsewhere = await desk.openTicket(ticket);
  await says(elsewhere, 'Заметка остаётся.');
});

test('a note sent twice, or with the keys held, does not send the answer begun beside it', async () => {
  const ticket = await desk.write('Нетерпеливые пальцы');
  const one = await desk.openTicket(ticket);
  const { page } = one;
  await typed(one, 'r', 'Недописанный ответ. ');
  await page.keyboard.press('Escape');
  const gate = await held(one, ticket);
  await typed(one, 'n', 'Коллегам.');
  await page.keyboard.press('Control+Enter');
  await page.keyboard.press('Control+Enter');
  gate.open();
  await one.at('message').filter({ hasText: 'Коллегам.' }).waitFor();
  await says(one, 'Недописанный ответ.');
  await roundTrip(page);
  assert.deepEqual(gate.kinds, ['note']);

  await page.keyboard.press('Escape');
  await typed(one, 'n', 'Ещё коллегам.');
  await page.keyboard.down('Control');
  await page.keyboard.down('Enter');
  await one.at('message').filter({ hasText: 'Ещё коллегам.' }).waitFor();
  await one.at('composer-body').click();
  await page.keyboard.down('Enter');
  await page.keyboard.up('Enter');
  await page.keyboard.up('Control');
  await roundTrip(page);
  assert.deepEqual(gate.kinds, ['note', 'note']);
});

test('an answer refused after its ticket was left says so wherever one is, and waits there', async () => {
  const anna = customer(desk);
  const ticket = await anna.write('Первое обращение', 'Где заказ?');
  const other = await desk.write('Второе обращение');
  const one = await desk.come(`/views/all/${ticket.id}`);
  const { page } = one;
  one.excuse(/messages .*status of 409/);
  await ready(one);
  await typed(one, 'r', 'Ответ на первое. ');
  const gate = await held(one, ticket);
  await one.at('send').click();
  await until('the answer to leave', () => gate.kinds.length === 1);
  await goTo(one, other);
  await anna.write('Первое обращение', 'Уже не надо!');
  await until('the second letter', async () => {
    const { messages } = await desk.api('GET', `/tickets/${ticket.id}`);
    return messages.length === 2;
  });
  gate.open();
  const word = page.getByRole('alert').filter({ hasText: `#${ticket.number}: ответ не отправлен` });
  await word.waitFor();
  assert.equal(await one.at('composer-warning').count(), 0, 'the other ticket is left alone');
  await word.getByRole('button', { name: 'Открыть' }).click();
  await page.getByText('Уже не надо!').first().waitFor();
  await says(one, 'Ответ на первое.');
});

test('what a template wishes goes to the ticket that was answered, not to the one on the screen', async () => {
  await desk.api('POST', '/templates', {
    name: 'Возврат',
    shortcut: 'возврат',
    body_html: '<p>Деньги вернём.</p>',
    section: 'own',
    tags: ['возврат'],
  });
  const ticket = await desk.write('Хочу вернуть');
  const other = await desk.write('Ничего не возвращаю');
  const one = await desk.come(`/views/all/${ticket.id}`);
  await ready(one);
  await typed(one, 'r', '/возврат');
  await one.at('template-option').filter({ hasText: 'Возврат' }).waitFor();
  await one.page.keyboard.press('Enter');
  await says(one, 'Деньги вернём.');
  const gate = await held(one, ticket);
  await one.at('send').click();
  await until('the answer to leave', () => gate.kinds.length === 1);
  await goTo(one, other);
  gate.open();
  await until('the tag', async () => (await tagsOf(ticket)).includes('возврат'));
  assert.deepEqual(await tagsOf(other), []);
});

test('an answer taken back from another ticket comes back once, above what was begun after it', async () => {
  const ticket = await desk.write('Поспешный ответ');
  const other = await desk.write('Другое обращение');
  const one = await desk.come(`/views/all/${ticket.id}`);
  await ready(one);
  await typed(one, 'r', 'Поспешил. ');
  await one
    .at('composer-file')
    .setInputFiles({ name: 'акт.txt', mimeType: 'text/plain', buffer: Buffer.from('акт') });
  await one.page.getByRole('link', { name: 'акт.txt' }).waitFor();
  await one.at('send').click();
  await one.at('undo').waitFor();
  await typed(one, 'r', 'И ещё слово. ');
  await saved(one);
  await goTo(one, other);
  await one.at('undo').click();
  await one.at('message').filter({ hasText: 'Поспешил' }).waitFor({ state: 'detached' });
  await says(one, 'Поспешил.');
  const text = await one.at('composer-body').innerText();
  assert.equal(text.split('Поспешил.').length - 1, 1, text);
  assert.equal(text.split('И ещё слово.').length - 1, 1, text);
  const composer = one.page.getByRole('region', { name: 'Ответ', exact: true });
  assert.equal(await composer.getByRole('link', { name: 'акт.txt' }).count(), 1);
});

test('what is typed and attached while an answer is on its way stays as a new draft', async () => {
  const ticket = await desk.write('Быстро и ещё быстрее');
  const one = await desk.openTicket(ticket);
  const { page } = one;
  await typed(one, 'r', 'Уже отправлено.');
  const gate = await held(one, ticket);
  await page.keyboard.press('Control+Shift+Enter');
  await until('the answer to leave', () => gate.kinds.length === 1);
  await page.keyboard.type(' А это вдогонку.');
  await one
    .at('composer-file')
    .setInputFiles({ name: 'вдогонку.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
  const composer = page.getByRole('region', { name: 'Ответ', exact: true });
  await composer.getByRole('link', { name: 'вдогонку.txt' }).waitFor();
  gate.open();
  await one.at('undo').waitFor();
  await until('the sent words to be gone', async () => !(await textOf(one)).includes('Уже отправлено.'));
  assert.match(await textOf(one), /Здравствуйте, Anna Karelina!\s+А это вдогонку\.\s+С уважением/);
  await composer.getByRole('link', { name: 'вдогонку.txt' }).waitFor();
  await saved(one);
  const elsewhere = await desk.openTicket(ticket);
  await says(elsewhere, 'А это вдогонку.');
  assert.doesNotMatch(await textOf(elsewhere), /Уже отправлено/);
});

test('a composer left open does not write over what was written on a telephone or in another tab since', async () => {
  const ticket = await desk.write('Стол и телефон');
  const one = await desk.openTicket(ticket);
  one.excuse(/draft .*status of 409/);
  await typed(one, 'r', 'За столом. ');
  await saved(one);
  const telephone = await desk.openTicket(ticket);
  await says(telephone, 'За столом.');
  await typed(telephone, 'r', 'С телефона. ');
  await until('the text of the telephone', async () => {
    const kept = await desk.api('GET', `/tickets/${ticket.id}`);
    return JSON.stringify(kept).includes('С телефона.');
  });
  await one.page.keyboard.type('Снова за столом. ');
  await one.at('other-draft').waitFor();
  await one.at('other-show').click();
  await says(one, 'С телефона.');
});

test('a recipient still being typed is written to, and what is no address is told before anything leaves', async () => {
  const ticket = await desk.write('Начальнику тоже');
  const one = await desk.openTicket(ticket);
  const { page } = one;
  await typed(one, 'r', 'Копия начальнику. ');
  await one.at('recipients').click();
  await one.at('composer-cc').fill('не адрес');
  await page.keyboard.press('Control+Shift+Enter');
  await one
    .at('composer-warning')
    .filter({ hasText: /Это не адрес: не адрес/ })
    .waitFor();
  assert.equal((await desk.api('GET', `/tickets/${ticket.id}`)).messages.length, 1, 'nothing left');
  await one.at('composer-cc').fill('chef@karelina.example');
  await page.keyboard.press('Control+Shift+Enter');
  await one.at('undo').waitFor();
  const { messages } = await desk.api('GET', `/tickets/${ticket.id}`);
  assert.deepEqual(
    messages.at(-1).cc.map(({ address }) => address),
    ['chef@karelina.example'],
  );
});

test('a quick Enter takes the template whose name was typed, however late the list comes', async () => {
  for (const [name, shortcut] of [
    ['Алфавит', 'абв'],
    ['Абонемент', 'абон'],
  ])
    await desk.api('POST', '/templates', {
      name,
      shortcut,
      body_html: `<p>${name} прилетел.</p>`,
      section: 'own',
    });
  const one = await desk.openTicket(await desk.write('Шаблон наспех'));
  await typed(one, 'r', '/аб');
  await one.at('template-option').nth(1).waitFor();
  let open;
  const gate = new Promise((done) => (open = done));
  await one.page.route('**/api/v1/templates?*', async (route) => {
    await gate;
    await route.continue();
  });
  for (const [letters, right] of [
    ['он', /Абонемент прилетел/],
    ['в', /Алфавит прилетел/],
  ]) {
    await one.page.keyboard.type(letters);
    await one.page.keyboard.press('Enter');
    open();
    await until('the template', async () => right.test(await textOf(one)));
    await one.page.keyboard.type(' /аб');
  }
});

test('an answer whose confirmation was lost leaves once and does not come back as a draft', async () => {
  const ticket = await desk.write('Обрыв на полуслове');
  const one = await desk.openTicket(ticket);
  const { page } = one;
  one.excuse(/ERR_FAILED|ERR_CONNECTION/);
  await typed(one, 'r', 'Дошло или нет? ');
  let tries = 0;
  await page.route(`**/api/v1/tickets/${ticket.id}/messages`, async (route) => {
    tries += 1;
    if (tries > 1) return route.continue();
    await route.fetch();
    await route.abort();
  });
  await one.at('send').click();
  await page.getByRole('alert').filter({ hasText: 'Не отправлено' }).waitFor();
  await saved(one);
  await one.at('composer-body').click();
  await page.keyboard.press('Control+Shift+Enter');
  await one.at('message').filter({ hasText: 'Дошло или нет?' }).waitFor();
  await until('what was meant the second time', async () => {
    const { status } = await desk.api('GET', `/tickets/${ticket.id}`);
    return status === 'solved';
  });
  const { messages } = await desk.api('GET', `/tickets/${ticket.id}`);
  assert.equal(messages.filter(({ kind }) => kind === 'reply').length, 1, 'it left once');
  await until('the draft to be dropped', async () => !/Дошло или нет/.test(await draftsOf(ticket)));
  const elsewhere = await desk.openTicket(ticket);
  assert.doesNotMatch(await textOf(elsewhere), /Дошло или нет/);
});

test('an answer asked for during an upload says what it waits for, and asks when its file did not arrive', async () => {
  const ticket = await desk.write('Письмо без файла');
  const one = await desk.openTicket(ticket);
  const { page } = one;
  one.excuse(/ERR_FAILED/);
  let cut;
  const gate = new Promise((done) => (cut = done));
  await page.route('**/api/v1/attachments', async (route) => {
    await gate;
    await route.abort();
  });
  await one
    .at('composer-file')
    .setInputFiles({ name: 'акт.pdf', mimeType: 'application/pdf', buffer: Buffer.from('акт') });
  await one.at('upload').waitFor();
  await typed(one, 'r', 'Держите. ');
  await page.keyboard.press('Control+Shift+Enter');
  const word = one.at('composer-warning');
  await word.filter({ hasText: 'Файл ещё загружается' }).waitFor();
  assert.equal(await one.at('send-anyway').count(), 0);
  cut();
  await one.at('upload-failed').waitFor();
  await word.waitFor({ state: 'detached' });
  await one.at('composer-body').click();
  await page.keyboard.press('Control+Shift+Enter');
  await word.filter({ hasText: 'Файл не загрузился' }).waitFor();
  assert.equal((await desk.api('GET', `/tickets/${ticket.id}`)).messages.length, 1, 'nothing left');
  await one.at('send-anyway').click();
  await one.at('undo').waitFor();
});

test('a picture that arrives late takes neither the caret nor what is selected by then', async () => {
  const one = await desk.openTicket(await desk.write('Поздняя картинка'));
  const { page } = one;
  let go;
  const gate = new Promise((done) => (go = done));
  await page.route('**/api/v1/attachments', async (route) => {
    await gate;
    await route.continue();
  });
  await typed(one, 'r', 'Важные слова');
  await one.at('composer-file').setInputFiles({ name: 'снимок.png', mimeType: 'image/png', buffer: tinyPng });
  await one.at('upload').waitFor();
  await one.at('composer-body').click();
  await page.keyboard.press('Control+a');
  await one.at('recipients').click();
  await one.at('composer-cc').click();
  go();
  await one.at('composer-body').getByRole('img', { name: 'снимок.png' }).waitFor();
  await page.keyboard.type('chef');
  assert.equal(await one.at('composer-cc').inputValue(), 'chef');
  assert.match(await textOf(one), /Здравствуйте, Anna Karelina!\s+Важные слова\s+С уважением/);
});

const textOf = (one) => one.at('composer-body').innerText();
const says = (one, words) => one.at('composer-body').filter({ hasText: words }).waitFor();
const tagsOf = async ({ id }) => (await desk.api('GET', `/tickets/${id}`)).tags;

const ready = (one) => until('greeting and closing', async () => (await textOf(one)).length > 5);
const saved = (one) => one.page.locator('[data-testid=draft-state][data-state=saved]').waitFor();

/** All drafts of a ticket, as one text. */
async function draftsOf({ id }) {
  return JSON.stringify((await desk.api('GET', `/tickets/${id}`)).drafts);
}

/** Types where a key leads: "r" into the answer, "n" into the note. */
async function typed(one, key, words) {
  await one.page.keyboard.press(key);
  await until('the caret to stand in the composer', () =>
    one.page.evaluate(() => document.activeElement?.matches('[data-testid=composer-body]')),
  );
  await one.page.keyboard.type(words);
  await says(one, words.trim());
}

/** Messages of a ticket do not leave before the gate opens; what asked to leave is remembered by its kind. */
async function held(one, ticket) {
  const kinds = [];
  let open;
  const opened = new Promise((done) => (open = done));
  await one.page.route(`**/api/v1/tickets/${ticket.id}/messages`, async (route) => {
    kinds.push(route.request().postDataJSON().kind);
    await opened;
    await route.continue();
  });
  return { kinds, open };
}

/** Whatever the page has asked before is answered by now. */
const roundTrip = (page) => page.evaluate(() => fetch('/api/v1/session').then((answer) => answer.text()));

const gone = (one, ticket) =>
  one.page.waitForResponse(
    (answer) =>
      answer.request().method() === 'DELETE' && answer.url().includes(`/tickets/${ticket.id}/draft`),
  );

/** To another ticket by a press in the list, without a reload. */
async function goTo(one, ticket) {
  await one.at('ticket-row').filter({ hasText: ticket.subject }).click();
  await one.page.waitForURL(`**/${ticket.id}`);
  await one.at('message').first().waitFor();
  await ready(one);
}
