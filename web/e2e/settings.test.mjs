// Looking after the department: does the mail work, who changed what, which fields there are, the first ten minutes.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { startDepartment } from './stage/department.mjs';
import { stillness } from './stage/screens.mjs';
import { until } from './stage/until.mjs';

let desk;
before(async () => {
  desk = await startDepartment();
});
after(() => desk?.end());
afterEach(() => desk.goHome());

test('the first steps lead to their screens, tick themselves off, are hidden when asked, and come back when asked for', async () => {
  const one = await desk.come('/views/mine');
  const { page } = one;
  const guide = one.at('first-run');
  await guide.waitFor();
  const colleagues = one.at('first-colleagues');
  await colleagues.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/settings/people');
  await one.at('first-run-strip').waitFor();
  await desk.write('Самое первое');
  await page.goto('/views/mine');
  await guide.waitFor();
  assert.equal(await one.at('first-first_ticket').count(), 0, 'the first ticket is there');
  await one.at('first-dismiss').focus();
  await page.keyboard.press('Enter');
  await guide.waitFor({ state: 'detached' });
  await page.reload();
  await one.at('view-mine').waitFor();
  await stillness(one);
  assert.equal(await guide.count(), 0);

  await page.goto('/settings/profile');
  await one.at('first-show').click();
  await page.waitForURL('**/views/mine');
  await guide.waitFor();
  await page.goto('/settings/profile');
  await one.at('first-run-strip').waitFor();
  assert.equal(await one.at('first-show').count(), 0);
});

test('the check of an inbox says step by step what works, before it is saved and after', async () => {
  const one = await desk.come('/settings/inboxes');
  const { page } = one;
  await one.at('inbox-check').first().click();
  await one.at('check-smtp').getByText('Отправка работает').waitFor();

  await page.getByRole('button', { name: 'Новый ящик' }).click();
  const dialog = page.getByRole('dialog');
  assert.ok(
    await dialog.getByTestId('inbox-check').isDisabled(),
    'without a server there is nothing to check',
  );
  await dialog.getByLabel('Название').fill('Второй');
  await dialog.getByLabel('Адрес', { exact: true }).fill('second@desk.test');
  await dialog.getByLabel('Сервер').first().fill('smtp://127.0.0.1:1');
  await dialog.getByTestId('inbox-check').click();
  const smtp = dialog.getByTestId('check-smtp');
  await smtp.getByText('Отправка не работает').waitFor();
  await smtp.getByText('Соединение', { exact: true }).waitFor();
  await dialog.getByText('Сервер для входящей почты не указан.').waitFor();
  assert.equal(await dialog.getByLabel('Название').inputValue(), 'Второй', 'what was typed stays');
  await page.keyboard.press('Escape');
  const { items } = await desk.api('GET', '/inboxes');
  assert.equal(items.length, 1, 'a check saves nothing');
});

test('every change is in the log with before and after, and the log can be searched', async () => {
  const team = await desk.api('POST', '/teams', { name: 'Ночная смена', member_ids: [] });
  await desk.api('PATCH', `/teams/${team.id}`, { name: 'Дневная смена' });
  const one = await desk.come('/settings/audit');
  const entry = one.at('audit-entry');
  const changed = entry.filter({ hasText: 'изменение' }).filter({ hasText: 'Дневная смена' }).first();
  await changed.waitFor();
  assert.match(await changed.textContent(), /Команда/);
  assert.match(await changed.locator('del').first().textContent(), /Ночная смена/);
  assert.match(await changed.locator('ins').first().textContent(), /Дневная смена/);
  await one.at('audit-kind').selectOption('brand');
  await until('the teams to be gone', async () => (await entry.filter({ hasText: 'смена' }).count()) === 0);
  await one.at('audit-kind').selectOption('team');
  await one.at('audit-search').fill('Ночная');
  await entry.filter({ hasText: 'Ночная смена' }).first().waitFor();
  await one.at('audit-search').fill('абракадабра');
  await one.page.getByText('Такого в журнале нет').waitFor();
});

test('a field that was added stands on the card of a contact', async () => {
  const one = await desk.come('/settings/fields');
  const { page } = one;
  await one.at('field-add').click();
  await one.at('fields-save').click();
  await page.getByText('Назовите поле.').waitFor();
  await one.at('field-label').last().fill('Тариф');
  await page.getByLabel('Вид поля: Тариф').selectOption('choice');
  await page.getByLabel('Из чего выбирать').fill('Старт\nБизнес');
  await one.at('fields-save').click();
  await until('the field', async () => (await desk.api('GET', '/fields?of=contact')).items.length === 1);

  const contact = await desk.api('POST', '/contacts', {
    name: 'Нина',
    addresses: [{ kind: 'mail', address: 'nina@field.example' }],
  });
  await page.goto(`/contacts/${contact.id}`);
  await page.getByLabel('Тариф').selectOption('Бизнес');
  await one.at('card-save').click();
  await until('the value', async () =>
    Object.values((await desk.api('GET', `/contacts/${contact.id}`)).fields).includes('Бизнес'),
  );
});
