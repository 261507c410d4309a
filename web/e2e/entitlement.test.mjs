// Who may ask: an administrator sells a plan, an agent names who may ask, a stranger writes, the owner is asked by mail.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, afterEach, before, test } from 'node:test';
import { startDepartment, support } from './stage/department.mjs';
import { until } from './stage/until.mjs';

let desk;
before(async () => {
  desk = await startDepartment();
});
after(() => desk?.end());
afterEach(() => desk.goHome());

const mail = (address) => [{ kind: 'mail', address }];
async function writes(from, subject) {
  await desk.receive([
    `From: ${from}`,
    `To: ${support}`,
    `Subject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=`,
    `Message-Id: <${randomBytes(8).toString('hex')}@acme.example>`,
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Здравствуйте, включите нам, пожалуйста, модуль.',
  ]);
  return desk.ticketOf(subject);
}
const card = (id) => desk.api('GET', `/organizations/${id}`);
const standing = async (id) => (await desk.api('GET', `/tickets/${id}/entitlement`)).entitlement;

test('a plan is made in the settings, and a card is agreed on by keyboard', async () => {
  const { id } = await desk.api('POST', '/organizations', { name: 'Ромашка', domains: ['acme.example'] });
  await desk.api('POST', '/contacts', {
    name: 'Олег Хозяин',
    organization: 'Ромашка',
    addresses: mail('oleg@acme.example'),
  });
  await desk.api('POST', '/contacts', {
    name: 'Ольга Ким',
    organization: 'Ромашка',
    addresses: mail('olga@acme.example'),
  });
  const one = await desk.come('/settings/plans');
  const { page } = one;
  await until('both plans of the house', async () => (await one.at('plan').count()) === 2);
  await one.at('plan-add').focus();
  await page.keyboard.press('Enter');
  await one.at('plan-name').waitFor();
  await page.keyboard.type('Золото');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('1');
  await page.keyboard.press('Enter');
  await one.at('plan').filter({ hasText: 'Золото' }).getByText('обращаться может 1 человек').waitFor();

  await page.goto(`/organizations/${id}`);
  await one.at('organization-plan').waitFor();
  await page.getByRole('option', { name: 'Золото' }).waitFor({ state: 'attached' });
  await one.at('organization-plan').selectOption({ label: 'Золото' });
  await page.getByLabel('VIP-клиент').focus();
  await page.keyboard.press('Space');
  await one.at('organization-modules').fill('Касса, Склад');
  await page.getByRole('button', { name: 'Добавить ключ' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('Касса');
  await page.keyboard.press('Tab');
  await page.keyboard.type('ABC-123');
  await page.keyboard.press('Control+Enter');
  await until('the card to be saved', async () => (await card(id)).vip);
  const saved = await card(id);
  assert.deepEqual([saved.modules, saved.keys], [['Касса', 'Склад'], [{ name: 'Касса', value: 'ABC-123' }]]);

  // The owner is named; the plan has no room for a second one.
  await one.at('authorised-add').focus();
  await page.keyboard.press('Enter');
  await one.at('authorised-find').waitFor();
  await page.keyboard.type('олег');
  await page.getByRole('radio', { name: /Олег Хозяин/ }).check();
  await one.at('authorised-owner').check();
  await page.keyboard.press('Enter');
  await one.at('authorised-one').getByText('Ответственный').waitFor();
  await one.at('authorised').getByText('1 из 1').waitFor();
  await one.at('authorised-add').click();
  await page.getByRole('radio', { name: /Ольга Ким/ }).check();
  one.excuse(/\/authorised .*status of 409/);
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('В списке уже 1, а тариф позволяет 1').waitFor();
});

test('a stranger is warned of, the owner is asked by mail, and their press of a button frees the ticket', async () => {
  const ticket = await writes('Pavel <pavel@acme.example>', 'Включите модуль');
  assert.equal(await standing(ticket.id), 'stranger');
  const one = await desk.openTicket(ticket);
  const { page } = one;
  const banner = one.at('entitled');
  await banner.getByText('Pavel не в списке «Ромашка»').waitFor();
  await banner.getByText('Могут обращаться: Олег Хозяин.').waitFor();
  await one.at('panel-may').getByText('не в списке').waitFor();
  const before = desk.post.letters.length;
  await one.at('entitled-ask').focus();
  await page.keyboard.press('Enter');
  await banner.getByText('Ждём: Олег Хозяин решает').waitFor();
  assert.equal(await standing(ticket.id), 'held');

  const letter = await until('the letter to the owner', () =>
    desk.post.letters.slice(before).find((one) => one.header('to').includes('oleg@acme.example')),
  );
  assert.equal(letter.header('auto-submitted'), 'auto-generated');
  const words = letter.leaves[0].text;
  const link = /\/confirm\/[\w-]+\?answer=yes/.exec(words)?.[0];
  assert.ok(link, words);

  const owner = await desk.stranger({ locale: 'ru' });
  await owner.page.goto(link);
  await owner.page
    .getByRole('heading', { name: 'Может ли этот человек обращаться от имени «Ромашка»?' })
    .waitFor();
  assert.equal(await standing(ticket.id), 'held', 'opening a link decides nothing');
  await owner.page.keyboard.press('Tab');
  await owner.page.keyboard.press('Enter');
  await owner.page.getByRole('heading', { name: 'Спасибо, подтверждено' }).waitFor();
  // The agent sees it without doing anything.
  await banner.getByText('но обращение подтвердили').waitFor();
  await banner.getByText('Так решил ответственный: Олег Хозяин').waitFor();
  owner.excuse(/\/confirm\/.* 404/);
  await owner.page.goto(link);
  await owner.page.getByRole('heading', { name: 'Эта ссылка больше не действует' }).waitFor();
});

test('an agent who knows the stranger says so, and the list shows who is marked', async () => {
  const ticket = await writes('Petr <petr@acme.example>', 'Не печатает чек');
  const one = await desk.come('/search?q=entitlement:stranger');
  const { page } = one;
  const row = one.at('ticket-row').filter({ hasText: 'Не печатает чек' });
  await row.waitFor();
  assert.match(await row.textContent(), /Не в списке/);
  assert.match(await row.textContent(), /VIP/);
  await row.click();
  await one.at('entitled-known').focus();
  await page.keyboard.press('Enter');
  await one.at('entitled').getByText('Так решил сотрудник').waitFor();
  assert.equal(await standing(ticket.id), 'confirmed');
  await page.goto('/settings/audit');
  await one.at('audit-entry').filter({ hasText: 'Посторонний в обращении' }).first().waitFor();
});

test('a new customer is taken in step by step, with places and training', async () => {
  const { items } = await desk.api('GET', '/organizations?q=ромашка');
  const { id } = items[0];
  const one = await desk.come('/settings/plans');
  const { page } = one;
  await one.at('list-add').click();
  await one.at('list-name').fill('Новый клиент');
  await one.at('list-step').fill('Выдать ключ');
  await page.keyboard.press('Enter');
  await page.getByText('Новый клиент', { exact: true }).waitFor();

  await page.goto(`/organizations/${id}`);
  await one.at('onboarding-start').click();
  const step = one.at('onboarding-step').filter({ hasText: 'Выдать ключ' });
  await step.getByRole('checkbox').check();
  await step.getByText('сделано: Нина Заречная').waitFor();
  await one.at('onboarding').getByText('1 из 1').waitFor();

  await one.at('place-add').click();
  await page.getByRole('dialog').getByLabel('Название').fill('Магазин на Мира');
  await page.keyboard.press('Enter');
  await one.at('places').getByText('Магазин на Мира').waitFor();
  await one.at('training-add').click();
  await page.getByLabel('За что').fill('Урок');
  await page.keyboard.press('Enter');
  await one.at('training').getByText('осталось −1 ч').waitFor();
});
