// Deadlines as a person meets them: promised in the settings, counted down in the list and the ticket, told of when late.
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
afterEach(async () => {
  await desk.goHome();
  for (const { id } of (await desk.api('GET', '/sla/policies')).items) {
    await desk.api('DELETE', `/sla/policies/${id}`);
  }
});

const always = (seconds) => ({ low: seconds, normal: seconds, high: seconds, urgent: seconds });
const promise = (name, targets, more = {}) => desk.api('POST', '/sla/policies', { name, targets, ...more });

async function at(path, options) {
  const one = await desk.come(path, options);
  // Calendars may not be there, and half a filter is refused on purpose.
  one.excuse(/\/api\/v1\/(filter|tickets|sla)\b.*status of 4(00|09|22)/);
  return one;
}

const rowOf = (one, ticket) => one.page.locator(`[data-row]:has([data-ticket="${ticket.id}"])`);
const standing = (chip) => chip.getAttribute('data-standing');

test('a promise made in the settings counts down in the list and in the ticket, and an answer ends it', async () => {
  const one = await at('/settings/sla');
  const { page } = one;
  await one.at('sla-preset-mail').click();
  const dialog = page.getByRole('dialog');
  assert.equal(await one.at('sla-name').inputValue(), 'Почта: первый ответ за 1 ч');
  assert.equal(await one.at('target-first_response-normal').inputValue(), '1 ч');
  assert.equal(await one.at('filter-text').inputValue(), 'channel:mail');

  // Lengths are typed as people say them, and what cannot be understood is pointed at.
  await one.at('target-resolution-normal').fill('завтра');
  await dialog.getByRole('button', { name: 'Сохранить' }).click();
  await dialog.getByText('Непонятно. Пишите').waitFor();
  assert.equal((await desk.api('GET', '/sla/policies')).items.length, 0, 'nothing was saved');
  await one.at('target-resolution-normal').fill('2д');
  await one.at('spread-resolution').click();
  assert.equal(await one.at('target-resolution-urgent').inputValue(), '2 дн');
  await dialog.getByRole('button', { name: 'Сохранить' }).click();
  await one
    .at('policy-row')
    .filter({ hasText: 'Первый ответ 1 ч' })
    .filter({ hasText: 'Решение 2 дн' })
    .waitFor();
  const [policy] = (await desk.api('GET', '/sla/policies')).items;
  assert.deepEqual(policy.targets, { first_response: always(3_600), resolution: always(2 * 86_400) });

  await page.goto('/views/all_open');
  const ticket = await desk.write('Срок пошёл');
  const chip = rowOf(one, ticket).getByTestId('sla-chip');
  await chip.waitFor();
  assert.match(await chip.textContent(), /0:5\d/);
  assert.equal(await standing(chip), 'calm');
  assert.match(await chip.getAttribute('title'), /Первый ответ: осталось 5\d мин, срок /);

  await rowOf(one, ticket).getByTestId('ticket-row').click();
  const head = page.locator('header.head').getByTestId('sla-chip');
  await head.getByText('ответить за 0:5').waitFor();
  const deadlines = one.at('deadlines');
  await deadlines.getByTestId('clock-first_response').getByText('по правилу «Почта').waitFor();
  assert.equal(await deadlines.getByTestId('clock-first_response').getAttribute('data-course'), 'calm');
  assert.equal(await deadlines.getByTestId('clock-resolution').count(), 1);

  await until('greeting and closing', async () => (await one.at('composer-body').textContent()).length > 5);
  await one.at('composer-body').pressSequentially('Всё уже едет. ');
  await one.at('send').click();
  await until('the first answer to be in time', async () => {
    const over = deadlines.getByTestId('clock-first_response');
    return (await over.getAttribute('data-course')) === 'kept';
  });
  await until('the chip to tell of the solution', async () => /дн|47 ч|1 д/.test(await chip.textContent()));
  // Waiting for the customer, the solution stands still, and the chip says so in words.
  await desk.api('PATCH', `/tickets/${ticket.id}`, { status: 'waiting' });
  await until('the clock to stand still', async () => (await standing(chip)) === 'still');
  assert.match(await chip.textContent(), /на паузе/);
  await desk.api('PATCH', `/tickets/${ticket.id}`, { status: 'solved' });
  await until('no chip', async () => (await head.count()) === 0);
});

test('what is too late is told by the chip, in the history and under the bell', async () => {
  await promise(
    'Секунды',
    { first_response: always(6) },
    { warn_percent: 50, escalation: { tell_leads: true } },
  );
  const one = await at('/views/all_open');
  const ticket = await desk.write('Никто не успел');
  const chip = rowOf(one, ticket).getByTestId('sla-chip');
  await chip.waitFor();
  // That it is late a screen knows by itself.
  one.excuse(/ERR_INTERNET_DISCONNECTED|WebSocket connection/);
  await one.context.setOffline(true);
  assert.notEqual(await standing(chip), 'late');
  await until('the chip to be late', async () => (await standing(chip)) === 'late');
  await one.context.setOffline(false);
  await until('the connection to be back', async () => (await one.at('offline').count()) === 0);
  assert.match(await chip.textContent(), /−\d+ с/);
  await until('the notice', async () => Number((await desk.api('GET', '/notifications')).unread) > 0);
  await one.at('bell').click();
  await one.at('notice').filter({ hasText: 'Срок прошёл' }).filter({ hasText: 'Никто не успел' }).waitFor();
  await one.page.keyboard.press('Escape');

  await one.page.goto('/views/due_soon');
  await rowOf(one, ticket).getByTestId('ticket-row').click();
  await one.at('message').first().waitFor();
  await one.page.locator('header.head').getByText('ответ опаздывает на').waitFor();
  await one.page.getByText('Первый ответ: срок прошёл').waitFor();
  const clock = one.at('clock-first_response');
  assert.equal(await clock.getAttribute('data-course'), 'late');
  await clock.getByText('опоздание с').waitFor();
});

test('another promise moves the deadline, and the history says from when to when and why', async () => {
  const policy = await promise('Час', { first_response: always(3_600) });
  const ticket = await desk.write('Срок передвинут');
  const one = await at(`/tickets/${ticket.id}`);
  const head = one.page.locator('header.head').getByTestId('sla-chip');
  await head.getByText('ответить за 0:5').waitFor();
  await desk.api('PUT', `/sla/policies/${policy.id}`, {
    ...policy,
    targets: { first_response: always(7_200) },
  });
  await head.getByText('ответить за 1:5').waitFor();
  await one.page.getByText(/Первый ответ: срок теперь .* вместо .*, изменились правила/).waitFor();
});

test('policies are put in order by keyboard, a broken one says why, and one is deleted with a word of warning', async () => {
  await promise('Первое', { first_response: always(60) });
  const team = await desk.api('POST', '/teams', { name: 'Ночная смена', member_ids: [] });
  await promise('Ночное', { pick_up: always(60) }, { filter: 'team:"Ночная смена"' });
  await promise('Выключенное', { resolution: always(60) }, { active: false });
  await desk.api('PATCH', `/teams/${team.id}`, { name: 'Дневная смена' });
  await desk.write('Чтобы правила прочли');
  await until('the policy to be broken', async () =>
    (await desk.api('GET', '/sla/policies')).items.some((policy) => policy.broken),
  );
  const one = await at('/settings/sla');
  const { page } = one;
  const rows = one.at('policy-row');
  await rows.nth(2).getByText('выключено').waitFor();
  const warning = rows.nth(1).getByTestId('policy-broken');
  await warning.getByText('Сейчас это правило ничего не обещает').waitFor();
  await until('the reason in the reader’s language', async () =>
    /[а-я].*Ночная смена|Ночная смена.*[а-я]/.test(await warning.textContent()),
  );

  const up = page.getByRole('button', { name: 'Спрашивать «Выключенное» раньше' });
  await up.focus();
  await page.keyboard.press('Enter');
  await until(
    'the order to be kept',
    async () =>
      (await desk.api('GET', '/sla/policies')).items.map(({ name }) => name).join() ===
      'Первое,Выключенное,Ночное',
  );

  await page.getByRole('button', { name: 'Удалить «Первое»' }).click();
  await page.getByRole('dialog').getByText('Уже измеренное останется').waitFor();
  await one.at('sla-remove-sure').click();
  await until('one to be gone', async () => (await desk.api('GET', '/sla/policies')).items.length === 2);
});

test('a refusal of the server stands at its field, and nothing typed is lost', async () => {
  await promise('Занято', { first_response: always(60) });
  const one = await at('/settings/sla');
  const { page } = one;
  await one.at('sla-new').click();
  const dialog = page.getByRole('dialog');
  await one.at('sla-name').fill('занято');
  await one.at('target-first_response-normal').fill('15 мин');
  const save = dialog.getByRole('button', { name: 'Сохранить' });
  await save.click();
  await one.at('wrong-name').getByText('уже занято').waitFor();
  await one.at('sla-name').fill('Свободно');
  // Offers as in the search box; what is everybody's own cannot be asked here.
  await one.at('filter-text').fill('assi');
  await one.at('offers').getByRole('option').first().waitFor();
  await page.keyboard.press('Escape');
  await until('the offers to be gone', async () => (await one.at('offers').count()) === 0);
  await dialog.waitFor();
  await one.at('filter-text').fill('assignee:me');
  await stillness(one);
  await save.click();
  await one.at('wrong-filter').getByText('у каждого читателя это своё').waitFor();
  await one.at('filter-text').fill('assignee:none');
  await stillness(one);
  await save.click();
  await one.at('policy-row').filter({ hasText: 'Свободно' }).waitFor();
  assert.equal(await dialog.count(), 0);
});

test('a table shows when things are due, and the order begins with what is due first', async () => {
  const late = await desk.write('Срок потом');
  const soon = await desk.write('Срок скоро');
  await desk.api('PATCH', `/tickets/${soon.id}`, { priority: 'urgent', tags: ['столбцы'] });
  await desk.api('PATCH', `/tickets/${late.id}`, { tags: ['столбцы'] });
  await promise('По приоритету', { first_response: { normal: 7_200, urgent: 3_600 } });
  const view = await desk.api('POST', '/views', {
    ...{
      name: 'Столбцы',
      query: 'tag:столбцы sla:running',
      sort: 'due',
      section: 'own',
      columns: ['subject', 'sla'],
    },
  });
  const one = await at(`/views/${view.key}`);
  const first = () => one.at('ticket-row').first().textContent();
  await until('both to have a deadline', async () => (await one.at('sla-chip').count()) === 2);
  await until('the urgent one to be first', async () => (await first()).includes(soon.subject));
  assert.equal(await one.page.getByRole('columnheader', { name: 'Срок' }).count(), 1);
  await one.page
    .getByRole('combobox', { name: /^Порядок/ })
    .selectOption({ label: 'Сначала недавние изменения' });
  await one.page.getByRole('combobox', { name: /^Порядок/ }).selectOption({ label: 'Сначала близкий срок' });
  await until('the urgent one to be first', async () => (await first()).includes(soon.subject));
});

test('a promise is made beside the ticket, shows like any deadline, and an answer keeps it', async () => {
  const ticket = await desk.write('Узнаю у склада');
  const one = await desk.openTicket(ticket);
  await one.at('promise-give').click();
  await one.at('when-tomorrow').click();
  await one
    .at('promise')
    .getByText(/обещали ответить/)
    .waitFor();
  await one.at('sla-chip').first().waitFor();
  await one.page
    .getByText(/Нина Заречная: обещали ответить/)
    .first()
    .waitFor();
  assert.equal((await desk.api('GET', `/tickets/${ticket.id}`)).sla.metric, 'promise');
  const body = { kind: 'reply', body_text: 'Привезём в среду.' };
  await desk.api('POST', `/tickets/${ticket.id}/messages`, body);
  await one.at('promise').waitFor({ state: 'detached' });
  await until('the promise to be kept', async () => {
    const { items } = await desk.api('GET', `/tickets/${ticket.id}/sla`);
    return items.some(
      ({ metric, state, breached_at }) => metric === 'promise' && state === 'over' && !breached_at,
    );
  });
});
