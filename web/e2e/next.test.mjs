// «Решить»: the most urgent ticket, with the reason, taken by one key or by Enter when nothing is open.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { startDepartment } from './stage/department.mjs';
import { until } from './stage/until.mjs';

let desk;
before(async () => {
  desk = await startDepartment();
  await desk.api('POST', '/first-run/dismiss');
});
after(() => desk?.end());
afterEach(() => desk.goHome());

const shownTicket = (page) => until('a ticket to be open', async () => page.url().match(/\/(\d+)$/)?.[1]);

test('Enter with nothing open takes what is due first; U takes the next one; nothing is given twice', async () => {
  const waits = await desk.write('Ждёт давно');
  const promised = await desk.write('Обещали ответить');
  const due_at = new Date(Date.now() + 30 * 60_000).toISOString();
  await desk.api('PUT', `/tickets/${promised.id}/promise`, { due_at });
  const one = await desk.come('/views/unassigned');
  const { page } = one;
  await until('the free ones to be counted', async () => /2/.test(await one.at('next').textContent()));
  await page.getByRole('button', { name: 'Взять самое срочное обращение' }).first().waitFor();
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press('Enter');
  assert.equal(await shownTicket(page), String(promised.id));
  await page.getByText(/Теперь ваше: срок ближе всех, осталось/).waitFor();
  const taken = await desk.api('GET', `/tickets/${promised.id}`);
  assert.notEqual(taken.assignee_id, null);

  await page.keyboard.press('u');
  await until('the other one', async () => (await shownTicket(page)) === String(waits.id));
  await page.getByText(/Теперь ваше: самое срочное, клиент ждёт/).waitFor();
  assert.doesNotMatch(await one.at('next').textContent(), /\d/);

  // Both are mine: what was passed over is not given again at once, and then it begins anew.
  await page.keyboard.press('u');
  await until('the first one again', async () => (await shownTicket(page)) === String(promised.id));
  await page.getByText(/Ваше, срок ближе всех/).waitFor();
});

test('when there is nothing to take it says so', async () => {
  for (const { id, version } of (await desk.api('GET', '/tickets?q=is:open')).items)
    await desk.api('PATCH', `/tickets/${id}`, { status: 'solved', version });
  const one = await desk.come('/views/mine');
  await one.page.getByText('Взять самое срочное обращение').waitFor();
  await one.at('next').click();
  await one.page.getByText('Никто не ждёт ответа. Отлично.').waitFor();
});
