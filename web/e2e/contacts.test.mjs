// The people who write: finding them, changing their card while colleagues do too, two that are one, many from a file.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, afterEach, before, test } from 'node:test';
import { startDepartment } from './stage/department.mjs';
import { until } from './stage/until.mjs';

let desk;
before(async () => {
  desk = await startDepartment();
});
after(() => desk?.end());
afterEach(() => desk.goHome());

const mail = (address) => ({ kind: 'mail', address });
const add = (name, address, more = {}) =>
  desk.api('POST', '/contacts', { name, addresses: [mail(address)], ...more });
const card = (id) => desk.api('GET', `/contacts/${id}`);

test('a contact is found by keyboard, changed in place, and another address becomes the main one', async () => {
  const { id } = await add('Анна Карелина', 'anna@first.example');
  const one = await desk.come('/views/mine');
  const { page } = one;
  await one.at('view-mine').waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('k');
  await one.at('contact-row').first().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('карелина');
  await until('one row', async () => (await one.at('contact-row').count()) === 1);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await one.at('contact-name').waitFor();
  assert.equal(new URL(page.url()).pathname, `/contacts/${id}`);

  await one.at('contact-add-address').click();
  const added = one.at('contact-address').last();
  await added.fill('нечто');
  await added.blur();
  await page.getByText('Это не телефон').waitFor();
  await page.getByLabel('Вид адреса: нечто').selectOption('mail');
  await added.fill('<anna@second.example>');
  await one.at('contact-make-main').click();
  await one.at('contact-zone').fill('yekaterinburg');
  await one.at('contact-zone').blur();
  await page.getByText('там сейчас').waitFor();
  const organization = one.at('contact-organization');
  await organization.click();
  await organization.fill('Дом и Сад');
  await page.getByRole('option', { name: 'Создать новую: Дом и Сад' }).waitFor();
  await page.keyboard.press('Enter');
  await until('the organization to be chosen', async () => (await organization.inputValue()) === 'Дом и Сад');
  await page.keyboard.press('Control+Enter');
  await until('the card to be saved', async () => (await card(id)).addresses.length === 2);
  const saved = await card(id);
  assert.deepEqual(
    saved.addresses.map(({ kind, address, main }) => [kind, address, main]),
    [
      ['mail', 'anna@second.example', true],
      ['mail', 'anna@first.example', false],
    ],
  );
  assert.equal(saved.time_zone, 'Asia/Yekaterinburg');
  assert.equal(saved.organization.name, 'Дом и Сад');
  // The server knows it before the answer is on the screen.
  await page.getByRole('region', { name: 'Несохранённое' }).waitFor({ state: 'detached' });
});

test('two people change a card at once: what differs goes through, what clashes is asked about', async () => {
  const { id } = await add('Борис Лужин', 'boris@luzhin.example');
  const one = await desk.come(`/contacts/${id}`);
  one.excuse(/\/contacts\/\d+ .*status of 409/);
  const { page } = one;
  await one.at('contact-notes').fill('Звонить после обеда');
  await desk.api('PATCH', `/contacts/${id}`, { name: 'Борис Лужин-младший' });
  await page.keyboard.press('Control+Enter');
  await until('both changes', async () => {
    const { name, notes } = await card(id);
    return name === 'Борис Лужин-младший' && notes === 'Звонить после обеда';
  });
  await until('the new name on the card', async () =>
    (await one.at('contact-name').inputValue()).endsWith('младший'),
  );

  await one.at('contact-notes').fill('Моё слово');
  await desk.api('PATCH', `/contacts/${id}`, { notes: 'Слово коллеги' });
  await page.keyboard.press('Control+Enter');
  const clash = one.at('clash');
  await clash.getByText('Моё слово').waitFor();
  await clash.getByText('Слово коллеги').waitFor();
  assert.equal((await card(id)).notes, 'Слово коллеги', 'nothing is overwritten unasked');
  await one.at('clash-mine').click();
  await until('my word', async () => (await card(id)).notes === 'Моё слово');
});

test('what is typed and not saved waits for the person to come back', async () => {
  const { id } = await add('Вера Засулич', 'vera@zasulich.example');
  const one = await desk.come(`/contacts/${id}`);
  await one.at('contact-notes').fill('Не забыть');
  await one.at('part-organizations').click();
  await one.at('contact-notes').waitFor({ state: 'detached' });
  await one.page.goBack();
  await one.at('contact-notes').waitFor();
  assert.equal(await one.at('contact-notes').inputValue(), 'Не забыть');
  await one.page.getByText('Вы писали это здесь раньше').waitFor();
  await one.page.getByRole('button', { name: 'Отменить правку' }).click();
  assert.equal((await card(id)).notes, '');
});

test('an address that is somebody else’s leads to them, and the two can be merged and parted again', async () => {
  const ticket = await desk.write('Второе лицо', 'Это снова я, с другой почты.');
  const other = ticket.contact.id;
  const { id } = await add('Анна К.', 'anna.work@karelina.example');
  const one = await desk.come(`/contacts/${id}`);
  one.excuse(/\/contacts\/\d+ .*status of 422/);
  const { page } = one;
  await one.at('contact-add-address').click();
  await page.getByLabel('Вид адреса: новый адрес').selectOption('mail');
  await one.at('contact-address').last().fill('anna@karelina.example');
  await one.at('card-save').click();
  await page.getByText('Этот адрес уже записан за другим контактом.').waitFor();
  const link = page.getByRole('link', { name: 'Открыть тот контакт' });
  assert.equal(await link.getAttribute('href'), `/contacts/${other}`);
  await page.getByRole('button', { name: 'Отменить правку' }).click();

  await one.at('contact-more').click();
  await one.at('contact-merge').click();
  await one.at('merge-search').fill('anna@karelina.example');
  await one.at('merge-choice').first().click();
  await one.at('merge-counts').getByText('Переходит 1 обращение').waitFor();
  await page.getByRole('row', { name: /Имя.*Анна К\..*Anna Karelina/ }).waitFor();
  await one.at('merge-confirm').click();
  await one.at('merge-undo').waitFor();
  await until('the ticket to move', async () => {
    const { total } = await desk.api('GET', `/tickets?q=contact:${id}`);
    return total === 1;
  });
  assert.equal((await card(id)).addresses.length, 2);
  await one.at('card-ticket').filter({ hasText: 'Второе лицо' }).waitFor();

  await one.at('merge-undo').click();
  await page.waitForURL(`**/contacts/${other}`);
  await until('the ticket to be back', async () => {
    const { total } = await desk.api('GET', `/tickets?q=contact:${other}`);
    return total === 1;
  });
  assert.equal((await card(id)).addresses.length, 1);
});

test('from a ticket the customer’s card is a click away', async () => {
  const ticket = await desk.write('Где мой заказ');
  const one = await desk.openTicket(ticket);
  await one.at('contact-link').click();
  await one.at('contact-name').waitFor();
  assert.equal(new URL(one.page.url()).pathname, `/contacts/${ticket.contact.id}`);
  await one.at('card-ticket').filter({ hasText: 'Где мой заказ' }).click();
  await one.at('message').first().waitFor();
});

test('a new contact is made, and slips are said in words without losing what was typed', async () => {
  const one = await desk.come('/contacts');
  const { page } = one;
  await one.at('contacts-new').click();
  await page.getByRole('button', { name: 'Добавить', exact: true }).click();
  await page.getByText('Укажите хотя бы имя или адрес.').waitFor();
  await one.at('new-contact-name').fill('<b>Олег</b> & Ко 🙂');
  const dialog = page.getByRole('dialog');
  await dialog.getByTestId('contact-address').fill('oleg@');
  await page.getByRole('button', { name: 'Добавить', exact: true }).click();
  await page.getByText('Это не почтовый адрес').waitFor();
  assert.equal(await one.at('new-contact-name').inputValue(), '<b>Олег</b> & Ко 🙂');
  await dialog.getByTestId('contact-address').fill('oleg@new.example');
  await page.getByRole('button', { name: 'Добавить', exact: true }).click();
  await page.waitForURL(/\/contacts\/\d+$/);
  assert.equal(await one.at('contact-name').inputValue(), '<b>Олег</b> & Ко 🙂');
});

test('an organization knows its domains, people and tickets', async () => {
  const organization = await desk.api('POST', '/organizations', { name: 'Вело-Град' });
  await add('Глеб', 'gleb@velograd.example', { organization: 'Вело-Град' });
  const one = await desk.come('/organizations');
  await one.at('contacts-search').fill('вело');
  await one
    .at('organization-row')
    .filter({ hasText: /Вело-Град.*1 контакт/s })
    .click();
  await one.at('member').filter({ hasText: 'Глеб' }).waitFor();
  await one.at('organization-domains').fill('@velograd.example, https://velo.example/about');
  await one.at('card-save').click();
  await until('the domains', async () => {
    const { domains } = await desk.api('GET', `/organizations/${organization.id}`);
    return domains.sort().join() === 'velo.example,velograd.example';
  });
  await one.at('organization-domains').fill('velograd');
  await one.page.getByText('«velograd» — не домен').waitFor();
});

test('a file goes in with its columns guessed, bad lines come back with the reason, all of it comes out again', async () => {
  const one = await desk.come('/contacts');
  const { page } = one;
  await one.at('contacts-import').click();
  const lines = [
    'ФИО;E-mail;Телефон;Комментарий',
    'Дарья Мельник;darya@in.example;+7 900 000-00-00;любит чай',
  ];
  lines.push('Без почты;не почта;;', 'Егор Орлов;egor@in.example;;');
  await one.at('import-file').setInputFiles({
    name: 'Клиенты.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`\ufeff${lines.join('\r\n')}\r\n`),
  });
  const targets = one.at('import-target');
  await targets.first().waitFor();
  assert.deepEqual(await targets.evaluateAll((all) => all.slice(0, 3).map((select) => select.value)), [
    'name',
    'mail',
    'phone',
  ]);
  await page.getByText('любит чай').waitFor();
  await targets.nth(3).selectOption('name');
  await page.getByText('«Имя» выбрано дважды').waitFor();
  assert.ok(await one.at('import-start').isDisabled());
  await targets.nth(3).selectOption('notes');
  await one.at('import-start').click();
  await page.getByRole('heading', { name: 'Загрузка закончена' }).waitFor();
  assert.match(new URL(page.url()).pathname, /^\/contacts\/import\/\d+$/, 'the result has an address');
  await page.reload();
  await page.getByText('Не взята 1 строка').waitFor();
  const [bad] = await Promise.all([page.waitForEvent('download'), one.at('import-bad').click()]);
  assert.match(await readFile(await bad.path(), 'utf8'), /не почта/);
  const { items } = await desk.api('GET', '/contacts?q=darya%40in.example');
  assert.equal((await card(items[0].id)).notes, 'любит чай');

  await page.getByRole('link', { name: 'К контактам' }).click();
  const [all] = await Promise.all([page.waitForEvent('download'), one.at('contacts-export').click()]);
  const text = await readFile(await all.path(), 'utf8');
  assert.equal(text.codePointAt(0), 0xfeff, 'a spreadsheet must see that it is UTF-8');
  assert.match(text, /egor@in\.example/);
});

test('on a phone the list and the card take turns', async () => {
  const { id } = await add('Жанна', 'zhanna@phone.example');
  const one = await desk.come('/contacts', { viewport: { width: 360, height: 740 } });
  await one.at('contact-row').filter({ hasText: 'Жанна' }).click();
  await one.at('contact-name').waitFor();
  assert.equal(await one.at('contacts-search').isVisible(), false);
  const wide = await one.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(wide <= 0, 'nothing sticks out');
  await one.page.getByRole('link', { name: 'К списку' }).click();
  await one.at('contacts-search').waitFor();
  assert.ok(id);
});
