// Calendars: the week, night shifts, holidays from a preset and from a file, one day by the keyboard, what it all means.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { startDepartment } from './stage/department.mjs';
import { until } from './stage/until.mjs';

let desk;
before(async () => {
  desk = await startDepartment();
});
after(() => desk?.end());
afterEach(() => desk.goHome());

const calendars = async () => (await desk.api('GET', '/calendars')).items;
const named = async (name) => (await calendars()).find((one) => one.name === name);

/** The editor of a new calendar. */
async function begin(name) {
  const one = await desk.come('/settings/calendars');
  await one.page.getByRole('button', { name: 'Новый календарь' }).click();
  await one.at('calendar-name').fill(name);
  return one;
}

async function save(one, name) {
  await one.at('calendar-save').click();
  return until('the calendar to be kept', () => named(name));
}

test('a new department has an office week, and the screen says what it is', async () => {
  const one = await desk.come('/settings/calendars');
  const first = one.at('calendar').first();
  await first.getByText('Пн–Пт 09:00–18:00').waitFor();
  await first.getByText('основной').waitFor();
  assert.equal(await one.page.getByRole('button', { name: /^Удалить/ }).count(), 0, 'the only one stays');
});

test('hours are typed, moved by arrows, added and taken away without a mouse', async () => {
  const one = await begin('Ночная смена');
  const { page } = one;
  const monday = one.at('week-mon');
  const from = monday.getByLabel('Понедельник: с');
  await from.focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('2130');
  await page.keyboard.press('ArrowUp');
  assert.equal(await from.inputValue(), '21:45');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('6');
  await page.keyboard.press('Tab');
  assert.equal(await monday.getByLabel('Понедельник: до').inputValue(), '06:00');
  await monday.getByRole('img', { name: 'до следующего дня' }).waitFor();
  const tuesday = one.at('week-tue');
  await tuesday.getByRole('button', { name: /^Убрать часы/ }).press('Enter');
  await tuesday.getByText('выходной').waitFor();
  await tuesday.getByRole('button', { name: /^Добавить часы/ }).press('Enter');
  await tuesday.getByRole('button', { name: /^Добавить часы/ }).press('Enter');
  assert.equal(await tuesday.getByLabel('Вторник: с').count(), 2);
  assert.equal(await tuesday.getByLabel('Вторник: с').last().inputValue(), '19:00');
  const kept = await save(one, 'Ночная смена');
  assert.deepEqual(kept.spec.week.mon, [['21:45', '06:00']]);
  assert.deepEqual(kept.spec.week.tue, [
    ['09:00', '18:00'],
    ['19:00', '23:00'],
  ]);
});

test('what would make no calendar is said at once, and what was typed stays', async () => {
  const one = await begin('Пустой');
  one.excuse(/\/api\/v1\/calendars.*status of 422/);
  await one
    .at('week-sat')
    .getByRole('button', { name: /^Добавить часы/ })
    .click();
  await one
    .at('week-sat')
    .getByRole('button', { name: /^Добавить часы/ })
    .click();
  await one.at('week-sat').getByLabel('Суббота: с').last().fill('17:00');
  await one.at('calendar-meaning').getByText('накладываются').waitFor();
  await one.at('calendar-save').click();
  await one.page.getByRole('alert').getByText('накладываются').waitFor();
  assert.equal(await named('Пустой'), undefined);
  assert.equal(await one.at('calendar-name').inputValue(), 'Пустой');
  await one.at('week-sat').getByLabel('Суббота: с').last().fill('19:00');
  await one.at('calendar-meaning').getByText('4 рабочих часа').waitFor();
  await one.at('calendar-zone').fill('Атлантида');
  await one.page.getByText('Такого часового пояса нет.').first().waitFor();
  await one.at('calendar-back').press('Enter');
  await one.page.getByText('Уйти, не сохраняя').waitFor();
  assert.equal(await one.at('calendar-name').inputValue(), 'Пустой', 'the first press loses nothing');
  await one.at('calendar-back').press('Enter');
  await one.at('calendar').first().waitFor();
});

test('a year of the production calendar is shown before it is taken over', async () => {
  const one = await begin('Россия');
  const { page } = one;
  await one.at('calendar-meaning').getByText('4 рабочих часа').waitFor();
  await one.at('calendar-fill').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Год').selectOption('2026');
  await dialog.getByText('№ 1466').waitFor();
  assert.ok(await one.at('calendar-take').isDisabled(), 'nothing is taken over unseen');
  await one.at('calendar-show-changes').click();
  await dialog.getByText('Изменится 18 дней').waitFor();
  await one.at('calendar-changes').getByText('выходной · День народного единства').waitFor();
  await one.at('calendar-take').click();
  while ((await one.at('calendar-year').textContent()) !== '2026') {
    const back = Number(await one.at('calendar-year').textContent()) > 2026;
    await page.getByRole('button', { name: back ? 'Год назад' : 'Год вперёд' }).click();
  }
  const kind = (date) => page.locator(`[data-date="${date}"]`).getAttribute('data-kind');
  assert.deepEqual(await Promise.all(['2026-11-03', '2026-11-04', '2026-11-07', '2026-11-09'].map(kind)), [
    'short',
    'off',
    'weekend',
    'usual',
  ]);
  await page.getByText('247 рабочих дней').waitFor();
  const kept = await save(one, 'Россия');
  assert.deepEqual(kept.spec.days['2026-04-30'], {
    name: 'Предпраздничный день',
    hours: [['09:00', '17:00']],
  });
});

test('a day is found, given hours and a name, and made usual again by the keyboard alone', async () => {
  const one = await begin('По дням');
  const { page } = one;
  const day = (date) => page.locator(`[data-date="${date}"]`);
  const year = Number(await one.at('calendar-year').textContent());
  await day(`${year}-03-16`).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('PageDown');
  const date = `${year}-04-22`;
  assert.equal(await page.evaluate(() => document.activeElement?.dataset.date), date);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await page.keyboard.press('ArrowDown');
  assert.ok(await dialog.getByLabel('Выходной', { exact: true }).isChecked());
  await dialog.getByLabel('Имя дня').fill('День фирмы');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement?.dataset.date), date, 'the focus comes back');
  assert.match(await day(date).getAttribute('aria-label'), /Выходной, День фирмы$/);
  const kept = await save(one, 'По дням');
  assert.deepEqual(kept.spec.days, { [date]: { name: 'День фирмы', hours: [] } });

  await day(date).press('Enter');
  await dialog.getByLabel('Как обычно').check();
  await dialog.getByRole('button', { name: 'Готово' }).click();
  await one.at('calendar-save').click();
  await until(
    'the day to be usual',
    async () => Object.keys((await named('По дням')).spec.days).length === 0,
  );
});

test('days come from an ICS file, and a file that is none is refused with the reason', async () => {
  const one = await begin('Из файла');
  const { page } = one;
  one.excuse(/\/api\/v1\/calendars\/days.*status of 422/);
  await one.at('calendar-meaning').getByText('4 рабочих часа').waitFor();
  await one.at('calendar-fill').click();
  const put = (name, text) =>
    one.at('calendar-file').setInputFiles({ name, mimeType: 'text/calendar', buffer: Buffer.from(text) });
  await put('nonsense.ics', 'BEGIN:VCARD');
  await page.getByRole('alert').getByText('Файл не понят').waitFor();
  const lines = [
    ...['BEGIN:VCALENDAR', 'BEGIN:VEVENT', 'DTSTART;VALUE=DATE:20280103', 'DTEND;VALUE=DATE:20280106'],
    ...['SUMMARY:Зимние канику', ' лы', 'END:VEVENT', 'END:VCALENDAR', ''],
  ];
  await put('2028.ics', lines.join('\r\n'));
  await page.getByText('Изменятся 3 дня').waitFor();
  await one.at('calendar-take').click();
  const kept = await save(one, 'Из файла');
  assert.deepEqual(Object.keys(kept.spec.days), ['2028-01-03', '2028-01-04', '2028-01-05']);
  assert.equal(kept.spec.days['2028-01-05'].name, 'Зимние каникулы');
});

test('a calendar that somebody else changed meanwhile is not overwritten', async () => {
  const first = (await calendars())[0];
  const one = await desk.come('/settings/calendars');
  one.excuse(/\/api\/v1\/calendars.*status of 409/);
  await one.page.locator(`[data-edit="${first.id}"]`).click();
  await one.at('calendar-name').fill('Моё название');
  await desk.api('PATCH', `/calendars/${first.id}`, { name: 'Чужое название' });
  await one.at('calendar-save').click();
  await one.page.getByRole('alert').waitFor();
  assert.ok(await named('Чужое название'));
  assert.equal(await one.at('calendar-name').inputValue(), 'Моё название');
});

test('a calendar nothing counts in is deleted after a second press', async () => {
  const spec = (await calendars())[0].spec;
  await desk.api('POST', '/calendars', { name: 'Лишний', spec });
  const one = await desk.come('/settings/calendars');
  await one.page.getByRole('button', { name: 'Удалить календарь Лишний' }).click();
  await one.page.getByRole('button', { name: 'Удалить насовсем' }).click();
  await until('the calendar to be gone', async () => (await named('Лишний')) === undefined);
});
