// Routes: made in the settings, tickets come by them and say why; who takes nothing is left in peace.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { startDepartment } from './stage/department.mjs';
import { until } from './stage/until.mjs';

let desk, me, billing;

before(async () => {
  desk = await startDepartment();
  me = (await desk.api('GET', '/session')).id;
  billing = await desk.api('POST', '/question-classes', { name: 'Счета' });
});
after(() => desk?.end());
afterEach(() => desk.goHome());

const ticket = (id) => desk.api('GET', `/tickets/${id}`);
const routes = async () => (await desk.api('GET', '/routes')).items;
const save = (one) => one.page.getByRole('dialog').getByRole('button', { name: 'Сохранить' }).click();

test('a route is made in the settings, and the next ticket is mine and says why', async () => {
  const one = await desk.come('/settings/routes');
  await one.page.getByText('Обращения пока не распределяются').waitFor();
  await one.at('route-new').click();
  await one.at('route-name').fill('Почта');
  await one.at('route-class').selectOption({ label: 'Счета' });
  await one.at('route-mode-round_robin').check();
  await one.at('route-minutes').fill('15');
  await save(one);
  const row = one.at('route-row').filter({ hasText: 'Почта' });
  await row.getByText('По очереди').waitFor();
  await row.getByText('класс: Счета').waitFor();
  await row.getByText('другому через 15 минут').waitFor();

  const { id } = await desk.write('Где наш счёт');
  await until('it to be mine', async () => (await ticket(id)).assignee_id === me);
  await one.page.goto(`/tickets/${id}`);
  await one.page.getByText('Назначено: вы. Маршрут «Почта», больше взять некому').waitFor();
  assert.equal(await one.at('class-select').inputValue(), String(billing.id));

  await one.at('class-select').selectOption({ label: 'Без класса' });
  await one.page.getByText('Вы: класс вопроса снят').waitFor();
  await until('the class to be gone', async () => (await ticket(id)).class_id === null);
});

test('who takes nothing gets nothing, the ticket says so, and it comes when they take again', async () => {
  const one = await desk.come('/views/mine');
  const away = one.at('take-switch');
  assert.equal(await away.getAttribute('aria-checked'), 'false');
  await away.click();
  await until('the switch', async () => (await away.getAttribute('aria-checked')) === 'true');

  const { id } = await desk.write('Пока никого нет');
  await one.page.goto(`/tickets/${id}`);
  await one.page.getByText('Пока никому: никого из тех, кто может взять, нет на месте').waitFor();
  assert.equal((await ticket(id)).assignee_id, null);
  assert.equal(await away.getAttribute('aria-checked'), 'true', 'it is remembered by the server');

  await away.click();
  await until('it to be mine', async () => (await ticket(id)).assignee_id === me);
  await one.page.getByText('Назначено: вы. Маршрут «Почта»').waitFor();
});

test('what cannot be is said at its field, nothing typed is lost, and the order is changed by keys', async () => {
  const one = await desk.come('/settings/routes');
  one.excuse(/api\/v1\/routes .*status of 422/);
  await one.at('route-new').click();
  await one.at('route-name').fill('почта');
  await save(one);
  await one.at('wrong-name').getByText('Маршрут с таким названием уже есть.').waitFor();
  assert.equal(await one.at('route-name').inputValue(), 'почта');
  await one.page.keyboard.press('Escape');
  await one.at('route-throw-away').waitFor();
  await one.at('route-name').fill('Срочное');
  await one.at('route-mode-manual').check();
  assert.equal(await one.at('route-minutes').count(), 0, 'a lead hands out: nothing is offered on');
  await save(one);
  await one.page.getByRole('button', { name: 'Спрашивать «Срочное» раньше' }).press('Enter');
  await until('the order', async () => (await routes())[0].name === 'Срочное');

  await one.page.getByRole('button', { name: 'Удалить «Срочное»' }).click();
  await one.at('route-remove-sure').click();
  await until('it to be gone', async () => (await routes()).length === 1);
});

test('how much somebody takes is set by those who lead, and holds', async () => {
  const one = await desk.come('/settings/routes');
  const row = one.at('taker-row').filter({ hasText: 'Нина Заречная' });
  await row.getByText('на месте').waitFor();
  await row.getByTestId('taker-edit').click();
  await one.at('taker-all').fill('2');
  await one.at('taker-skills').fill('English,  english, 1С');
  await save(one);
  await row.getByText('english, 1с').waitFor();
  assert.match(await row.textContent(), /2\s*2\s*без предела/, 'two in hand, at most two');

  const { id } = await desk.write('Больше не беру');
  await one.page.goto(`/tickets/${id}`);
  await one.page.getByText('Пока никому: у всех, кто может, в работе уже сколько положено').waitFor();
  assert.equal((await ticket(id)).assignee_id, null);
});
