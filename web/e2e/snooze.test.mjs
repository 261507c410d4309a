// Putting a ticket aside: by the keyboard until a time, until the customer writes, and together with an answer.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { customer } from './stage/customer.mjs';
import { startDepartment } from './stage/department.mjs';
import { until } from './stage/until.mjs';

let desk;
before(async () => {
  desk = await startDepartment();
});
after(() => desk?.end());
afterEach(() => desk.goHome());

const stateOf = (ticket) => desk.api('GET', `/tickets/${ticket.id}`);

test('"z" and a digit put a ticket aside until a time; the mark says until when, and one press wakes it', async () => {
  const ticket = await desk.write('Подождём склад');
  const one = await desk.openTicket(ticket);
  const { page } = one;
  await page.keyboard.press('z');
  await one.at('when').waitFor();
  const tomorrow = one.at('when-tomorrow');
  const digit = (await tomorrow.locator('.kbd').textContent()).trim();
  await page.keyboard.press(digit);
  await one.at('snoozed').waitFor();
  assert.match(await one.at('snoozed').textContent(), /Отложено до: .*09:00/);
  const asleep = await until('the server to know', async () => {
    const now = await stateOf(ticket);
    return now.snoozed && now;
  });
  assert.equal(asleep.status, 'on_hold');
  assert.ok(Date.parse(asleep.snoozed_until) > Date.now());
  await page.getByText('отложено до:').first().waitFor();

  await one.at('wake').click();
  await one.at('snoozed').waitFor({ state: 'detached' });
  await until('it to be awake', async () => {
    const now = await stateOf(ticket);
    return !now.snoozed && now.status === 'open';
  });
});

test('a day and time of one’s own may be chosen, but not one that has passed', async () => {
  const one = await desk.openTicket(await desk.write('Вернёмся в декабре'));
  await one.page.keyboard.press('z');
  await one.at('when-own').fill('2020-01-01T09:00');
  await one.at('when-own-submit').click();
  // The browser's own check of the field may be first; either way nothing is put aside.
  await one.at('when').waitFor();
  assert.equal(await one.at('snoozed').count(), 0);
  const ahead = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
  await one.at('when-own').fill(`${ahead}T11:30`);
  await one.at('when-own-submit').click();
  await one.at('snoozed').waitFor();
  assert.match(await one.at('snoozed').textContent(), /11:30/);
});

test('until the customer’s answer means until then: the ticket comes back live', async () => {
  const anna = customer(desk);
  const ticket = await anna.write('Жду снимок', 'Пришлю позже.');
  const one = await desk.openTicket(ticket);
  await one.page.keyboard.press('z');
  await one.at('when-answer').click();
  await one.at('snoozed').getByText('Отложено до ответа клиента').waitFor();
  const asleep = await until('the server to know', async () => {
    const now = await stateOf(ticket);
    return now.snoozed && now;
  });
  assert.equal(asleep.snoozed_until, null);

  await anna.write('Жду снимок', 'Вот снимок.');
  await one.at('message').filter({ hasText: 'Вот снимок.' }).waitFor();
  await one.at('snoozed').waitFor({ state: 'detached' });
  assert.equal((await stateOf(ticket)).status, 'open');
});

test('an answer and a snooze are one gesture, and taking the answer back wakes the ticket', async () => {
  const ticket = await desk.write('Проверяем оплату');
  const one = await desk.openTicket(ticket);
  await one.page.keyboard.press('r');
  await until('the caret to stand in the composer', () =>
    one.page.evaluate(() => document.activeElement?.matches('[data-testid=composer-body]')),
  );
  await one.page.keyboard.type('Вернёмся завтра.');
  await one.at('send-more').click();
  await one.at('send-snooze').click();
  await one.at('when-tomorrow').click();
  await one.at('undo').waitFor();
  await one.at('snoozed').waitFor();
  assert.equal((await stateOf(ticket)).status, 'on_hold');
  await one.at('undo').click();
  await until('the text to be back', async () =>
    (await one.at('composer-body').textContent()).includes('Вернёмся завтра.'),
  );
  await one.at('snoozed').waitFor({ state: 'detached' });
  assert.equal((await stateOf(ticket)).snoozed, false);
});
