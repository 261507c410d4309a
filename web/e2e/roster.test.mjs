// The roster: planned with mouse and keyboard, published, swapped among colleagues, handed over, read by a calendar.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { colleague } from './stage/colleague.mjs';
import { startDepartment } from './stage/department.mjs';
import { until } from './stage/until.mjs';

let desk, anna, boris, backend;
const moscow = { timezoneId: 'Europe/Moscow' };
/** A Monday far enough ahead that nothing of it is over, and the days of its week. */
const monday = (() => {
  const day = new Date(Date.now() + 14 * 86_400_000);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day.toISOString().slice(0, 10);
})();
const later = (days, from = monday) =>
  new Date(Date.parse(`${from}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

before(async () => {
  desk = await startDepartment();
  anna = await colleague(desk, 'Анна Сменная', 'anna@desk.test');
  boris = await colleague(desk, 'Борис Ночной', 'boris@desk.test');
});
after(() => desk?.end());
afterEach(() => desk.goHome());

const local = (date, from, to, days = 0) => ({ local: { date, from, to, days, zone: 'Europe/Moscow' } });
const shift = (agent, date, from, to, more = {}) =>
  desk.api('POST', '/roster/shifts', {
    agent_id: agent.id,
    kind: 'shift',
    ...local(date, from, to),
    ...more,
  });
const publish = () =>
  desk.api('POST', '/roster/publish', {
    from: `${later(-7)}T00:00:00Z`,
    until: `${later(35)}T00:00:00Z`,
  });
const shiftsOf = async (who, from = monday, days = 7) => {
  const path = `/roster?from=${from}T00:00:00Z&until=${later(days, from)}T00:00:00Z`;
  return (await who.api('GET', path)).shifts;
};
const row = (one, name) => one.page.getByRole('group', { name, exact: true });

test('a class is made, a duty is written by keyboard, and it counts only when it is published', async () => {
  const one = await desk.come('/views/mine', moscow);
  const { page } = one;
  await one.at('view-mine').waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await page.getByRole('button', { name: 'Добавить класс' }).click();
  await one.at('class-add').click();
  await one.at('class-name').fill('Серверная часть');
  await one.at('cover-kind').selectOption('always');
  await one.at('class-save').click();
  await until('the class', async () => (await desk.api('GET', '/question-classes')).items.length === 1);
  backend = (await desk.api('GET', '/question-classes')).items[0];
  await page.keyboard.press('Escape');

  await page.goto(`/roster/${monday}`);
  await one.at('roster-gap').first().waitFor();
  const cell = row(one, 'Серверная часть')
    .getByRole('button', { name: /^Добавить/ })
    .first();
  await cell.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await one.at('shift-who').selectOption({ label: 'Анна Сменная' });
  assert.equal(await one.at('shift-date').inputValue(), later(1), 'the second day, where the arrow went');
  await one.at('shift-last').fill(later(4));
  await page.keyboard.press('Enter');
  const bar = one.at('roster-bar').first();
  await bar.waitFor();
  assert.equal(await bar.getAttribute('data-state'), 'draft');
  assert.deepEqual(await shiftsOf(anna), [], 'a draft is nobody else’s business');

  await one.at('publish').click();
  await until('it to be published', async () => (await bar.getAttribute('data-state')) === 'published');
  assert.equal((await shiftsOf(anna)).length, 1);
  assert.equal(
    await page.locator('[data-testid=roster-gap]').count(),
    2,
    'before and after it nobody is there',
  );
});

test('a press that goes on over the days makes a duty of them, and what cannot be is refused in the form', async () => {
  const one = await desk.come(`/roster/${later(7)}`, moscow);
  one.excuse(/roster\/shifts.*status of 422/);
  const { page } = one;
  const cells = row(one, 'Серверная часть').getByRole('button', { name: /^Добавить/ });
  await cells.first().waitFor();
  const [from, to] = [await cells.nth(2).boundingBox(), await cells.nth(4).boundingBox()];
  await page.mouse.move(from.x + 4, from.y + from.height - 3);
  await page.mouse.down();
  await page.mouse.move(to.x + to.width - 4, to.y + to.height - 3, { steps: 5 });
  await page.mouse.up();
  await one.at('shift-who').selectOption({ label: 'Борис Ночной' });
  assert.equal(await one.at('shift-date').inputValue(), later(9));
  assert.equal(await one.at('shift-last').inputValue(), later(11));
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await one.at('roster-bar').waitFor();

  await cells.nth(3).focus();
  await page.keyboard.press('Enter');
  await one.at('shift-who').selectOption({ label: 'Борис Ночной' });
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await page.getByRole('alert').getByText('уже есть смена').waitFor();
  assert.equal(await one.at('shift-date').inputValue(), later(10), 'nothing typed is lost');
});

test('too little rest is saved with a warning and stands among what needs a decision, which leads to the place', async () => {
  await shift(anna, later(8), '13:00', '23:00');
  await shift(anna, later(9), '08:00', '16:00');
  const one = await desk.come('/roster', moscow);
  const problem = one.at('roster-problem').filter({ hasText: 'отдых 9 ч, нужно 11 ч' });
  await problem.waitFor();
  await problem.getByRole('button').click();
  await until('the week of it', () => one.page.url().endsWith(later(8)));
  await one.page.getByRole('button', { name: 'По людям' }).click();
  await row(one, 'Анна Сменная').getByTestId('roster-bar').first().waitFor();
});

test('a colleague asks to be covered, and the roster changes when the other accepts', async () => {
  await shift(boris, later(3), '10:00', '19:00');
  await publish();
  const his = await boris.come(`/roster/${monday}`, moscow);
  await his.page.getByRole('button', { name: 'По людям' }).click();
  await row(his, 'Борис Ночной').getByTestId('roster-bar').first().click();
  await his.at('swap-whom').selectOption({ label: 'Анна Сменная' });
  await his.page.getByRole('button', { name: 'Попросить' }).click();
  await his.at('roster-request').getByText('Вы попросили').waitFor();
  const mine = async () =>
    (await shiftsOf(anna)).filter((one) => one.kind === 'shift' && one.agent_id === anna.id).length;
  assert.equal(await mine(), 0, 'nothing has changed yet');

  const hers = await anna.come('/views/mine', moscow);
  await hers.at('bell').click();
  await hers.at('notice').filter({ hasText: 'просьба о замене' }).click();
  await hers.at('request-accept').click();
  await until('the shift to be hers', async () => (await mine()) === 1);
  await his.at('roster-request').waitFor({ state: 'detached' });
});

test('whoever is on duty now stands in the navigation, live, and a class without anybody is said to be so', async () => {
  const one = await desk.come('/views/mine', moscow);
  const nav = one.at('on-duty');
  await nav.getByText('никого').first().waitFor();
  const now = new Date().toISOString();
  const form = {
    agent_id: boris.id,
    class_id: backend.id,
    kind: 'duty',
    starts_at: new Date(Date.now() - 3_600_000).toISOString(),
    ends_at: new Date(Date.now() + 3_600_000).toISOString(),
  };
  await desk.api('POST', '/roster/shifts', form);
  await desk.api('POST', '/roster/publish', { from: now, until: form.ends_at });
  await nav.getByText('Борис Ночной').waitFor();
  const { classes } = await anna.api('GET', '/roster/on-duty');
  assert.deepEqual(
    classes.find((one) => one.class_id === backend.id).people.map((one) => one.name),
    ['Борис Ночной'],
  );
});

test('a week is copied, a rotation makes its drafts once, and the month shows them', async () => {
  const one = await desk.come(`/roster/${monday}`, moscow);
  const { page } = one;
  await one.at('copy-week').click();
  await one.at('copy-to').fill(later(21));
  await page.getByRole('dialog').getByRole('button', { name: 'Скопировать неделю' }).click();
  await until('the copied week', () => page.url().endsWith(later(21)));
  await until('its drafts', async () => (await shiftsOf(desk, later(21))).length > 0);

  await page.goto(`/roster/${later(28)}`);
  await one.at('roster-setup').click();
  await one.at('setup-rotations').click();
  await one.at('rotation-add').click();
  await one.at('rotation-name').fill('Серверная по неделям');
  await one.at('rotation-who').selectOption({ label: 'Анна Сменная' });
  await one.at('rotation-who').selectOption({ label: 'Борис Ночной' });
  await one.at('rotation-save').click();
  await one.at('rotation-spread').click();
  await page.getByText('Создано 4 черновика').waitFor();
  await one.at('rotation-spread').click();
  await page.getByText('Создано 0 черновиков, уже было: 4').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Месяц' }).click();
  await one.at('roster-month').getByText('Борис Ночной').first().waitFor();
});

test('a shift is handed over, and the next one ticks that it was read', async () => {
  const his = await boris.come('/roster', moscow);
  await his.at('hand-over-shift').click();
  await his.at('handover-text').fill('Импорт упал у трёх клиентов, чинят к обеду.');
  await his.page.getByRole('dialog').getByRole('button', { name: 'Передать смену' }).click();
  const hers = await anna.come('/roster', moscow);
  await hers.at('handover-read').click();
  await his.page.getByText('Прочитали: Анна Сменная').waitFor();
});

test('a calendar reads the published shifts behind a secret link until it is switched off', async () => {
  const one = await anna.come('/settings/profile', moscow);
  await one.at('feed-make').click();
  const link = one.page.getByLabel(/^Добавьте эту ссылку/);
  const address = await link.inputValue();
  const answer = await fetch(address);
  assert.match(answer.headers.get('content-type'), /^text\/calendar/);
  const file = await answer.text();
  assert.match(file, /BEGIN:VEVENT\r\nUID:shift-\d+@opora\r\nSEQUENCE:\d+\r\n/);
  assert.ok(file.split('\r\n').every((line) => Buffer.byteLength(line) <= 75));
  await one.at('feed-off').click();
  await until('the link to be dead', async () => (await fetch(address)).status === 404);
});

test('the week prints on one landscape page, with names that can be read', async () => {
  const one = await desk.come(`/roster/${monday}`, moscow);
  await one.at('roster-bar').first().waitFor();
  await one.page.emulateMedia({ media: 'print' });
  await one.page.getByRole('heading', { name: /^Дежурства:/ }).waitFor();
  assert.equal(await one.at('roster-todo').isVisible(), false);
  assert.equal(await one.page.getByRole('navigation').isVisible(), false);
  const pdf = await one.page.pdf({ preferCSSPageSize: true });
  assert.equal((pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? []).length, 1);
  assert.match(pdf.toString('latin1'), /MediaBox\s*\[0 0 84[12][.\d]* 59[45]/);
});
