// The list an agent sits in front of: finding, keeping views, choosing many, looking without opening, and never a jump.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { startDepartment } from './stage/department.mjs';
import { stillness } from './stage/screens.mjs';
import { until } from './stage/until.mjs';

let desk;
let inbox;
before(async () => {
  desk = await startDepartment();
  inbox = (await desk.api('GET', '/inboxes')).items[0].id;
  await make('Посылка не пришла', { tags: ['доставка'], priority: 'high' });
  await make('Счёт за ноябрь', { tags: ['документы'] });
  await make('Не приходит код', { tags: ['вход', 'доставка'] });
});
after(() => desk?.end());
afterEach(() => desk.goHome());

const make = (subject, more = {}) =>
  desk.api('POST', '/tickets', {
    inbox_id: inbox,
    contact: { name: 'Анна Карелина', address: 'anna@karelina.example' },
    subject,
    body_text: 'Подробности внутри.',
    kind: 'note',
    ...more,
  });

async function atDesk(path = '/views/all_open', options) {
  const one = await desk.come(path, options);
  // Half a filter is refused by the server on purpose.
  one.excuse(/\/api\/v1\/(filter|tickets)\b.*status of 400/);
  await one.at('ticket-row').first().waitFor();
  await stillness(one);
  return one;
}

const subjects = (one) =>
  one.at('ticket-row').evaluateAll((rows) => rows.map((row) => row.textContent.trim().split('\n')[0].trim()));
const hasOnly = (one, words) =>
  until(`the list to hold only ${words.join(', ')}`, async () => {
    const shown = await subjects(one);
    return shown.length === words.length && words.every((word) => shown.some((text) => text.includes(word)));
  });

test('a query is completed by keyboard, and Escape closes the offers without losing what was typed', async () => {
  const one = await atDesk();
  const { page } = one;
  const box = one.at('search-box');
  await page.keyboard.press('/');
  await box.fill('');
  await page.keyboard.type('ta');
  const offers = one.at('offers').getByRole('option');
  await offers.first().waitFor();
  await offers.filter({ hasText: 'tag:' }).waitFor();
  await page.keyboard.press('Tab');
  await until('the key to be taken', async () => (await box.inputValue()) === 'tag:');

  await page.keyboard.type('дос');
  await offers.filter({ hasText: 'доставка' }).waitFor();
  await page.keyboard.press('ArrowDown');
  assert.equal(await one.at('offers').locator('[aria-selected=true]').count(), 1);
  await page.keyboard.press('Enter');
  await until('the value to be taken', async () => (await box.inputValue()).trim() === 'tag:доставка');
  await hasOnly(one, ['Посылка не пришла', 'Не приходит код']);
  assert.equal(new URL(page.url()).searchParams.get('q'), 'tag:доставка');

  await page.keyboard.type('pri');
  await offers.first().waitFor();
  await page.keyboard.press('Escape');
  await until('the offers to be gone', async () => (await offers.count()) === 0);
  assert.equal((await box.inputValue()).trim(), 'tag:доставка pri');
});

test('a broken query says where and why, the list stays as it was, and mending it is enough', async () => {
  const one = await atDesk();
  const { page } = one;
  const rows = await one.at('ticket-row').count();
  await page.keyboard.press('/');
  // Cyrillic and an emoji before the mistake: the server counts bytes, the browser does not.
  await one.at('search-box').fill('ящик 📦 kolor:red');
  const told = one.at('filter-broken');
  await told.waitFor();
  assert.equal(await told.locator('code').textContent(), 'kolor:red');
  assert.match(await told.textContent(), /kolor/);
  assert.equal(await one.at('search-box').getAttribute('aria-invalid'), 'true');
  assert.equal(await one.at('ticket-row').count(), rows, 'half a query empties nothing');

  await page.keyboard.press('Enter');
  const chosen = await one
    .at('search-box')
    .evaluate((input) => input.value.slice(input.selectionStart, input.selectionEnd));
  assert.equal(chosen, 'kolor:red', 'the mistake is selected, ready to be overwritten');
  await one.at('search-box').fill('tag:документы');
  await hasOnly(one, ['Счёт за ноябрь']);
  assert.equal(await told.count(), 0);
});

test('the filter as text and as a form are the same filter, both ways', async () => {
  const one = await atDesk();
  const { page } = one;
  await one.at('filter-open').click();
  const text = one.at('filter-text');
  await text.fill('tag:доставка priority:high');
  await until('two conditions', async () => (await one.at('filter-term').count()) === 2);
  await until('the count', async () => /Находит 1 /.test(await one.at('filter-state').textContent()));

  await one
    .at('filter-term')
    .last()
    .getByRole('button', { name: /Убрать условие/ })
    .click();
  await until('the text to follow', async () => (await text.inputValue()) === 'tag:доставка');
  await one.at('filter-term').first().getByLabel('Есть или нет').selectOption('not');
  await until('the text to be negated', async () => (await text.inputValue()) === '-tag:доставка');

  await text.fill('status:opne');
  await until('the reason in words', async () => /opne/.test(await one.at('filter-state').textContent()));
  assert.ok(await one.at('filter-show').isDisabled());
  await text.fill('-tag:доставка status:new,open');
  await until('it to be right again', () => one.at('filter-show').isEnabled());
  await one.at('filter-show').click();
  await page.waitForURL(/\/search\?q=/);
  await hasOnly(one, ['Счёт за ноябрь']);
});

test('a view of one’s own: a grouped table with an exact count that stays exact, arranged, hidden and deleted', async () => {
  const one = await atDesk('/search?q=' + encodeURIComponent('tag:доставка'));
  const { page } = one;
  await one.at('list-menu').click();
  await one.at('view-save-as').click();
  await one.at('view-name').fill('Доставка <b>и склад</b>');
  await one.at('view-table').check();
  await one.at('view-group').selectOption('priority');
  await page.getByRole('button', { name: 'Создать' }).click();
  await page.waitForURL(/\/views\/v\d+$/);
  const key = new URL(page.url()).pathname.split('/').at(-1);
  const entry = one.at(`view-${key}`);
  await entry.getByText('Доставка <b>и склад</b>').waitFor();
  await until('the count', async () => (await one.at(`count-${key}`).textContent()) === '2');

  await page.getByRole('columnheader', { name: 'Тема' }).waitFor();
  assert.equal(await one.at('group').count(), 2);
  assert.match(await one.at('group').first().textContent(), /Высокий\s*1/);

  // A column is made wider by keyboard, and is so after a reload.
  const edge = page.getByRole('separator', { name: /Клиент/ });
  const width = Number(await edge.getAttribute('aria-valuenow'));
  await edge.focus();
  await page.keyboard.press('ArrowRight');
  await until('the width', async () => Number(await edge.getAttribute('aria-valuenow')) === width + 16);
  await page.reload();
  await one.at('ticket-row').first().waitFor();
  assert.equal(Number(await edge.getAttribute('aria-valuenow')), width + 16);

  await make('Ещё одна посылка', { tags: ['доставка'] });
  await until('the count to follow', async () => (await one.at(`count-${key}`).textContent()) === '3');

  await one.at('views-arrange').click();
  const place = one.at(`arrange-${key}`);
  await place.getByRole('button', { name: /^Поднять/ }).click();
  await until('the order to be kept', async () => {
    const own = (await desk.api('GET', '/views')).items.filter((view) => view.section === 'own');
    return own.at(-1).key !== key;
  });
  await place.getByRole('button', { name: /^Убрать/ }).click();
  await until('it to leave the navigation', async () => (await entry.count()) === 0);
  await place.getByRole('button', { name: /^Показать/ }).click();
  await entry.waitFor();
  await place.getByRole('button', { name: /^Удалить/ }).click();
  await place.getByRole('button', { name: 'Удалить насовсем' }).click();
  await until('it to be gone', async () => (await entry.count()) === 0);
  assert.ok(!(await desk.api('GET', '/views')).items.some((view) => view.key === key));
});

test('tickets are chosen by key, by range, one by one, and all of a view at once', async () => {
  const one = await atDesk();
  const { page } = one;
  const total = (await desk.api('GET', '/tickets?q=status:new,open&limit=1')).total;
  const says = (n) =>
    until(`${n} to be chosen`, async () =>
      new RegExp(`(^|\\s)${n}$`).test((await one.at('select-count').textContent()).trim()),
    );
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await says(1);
  await page.keyboard.press('Shift+J');
  await says(2);
  const path = new URL(page.url()).pathname;
  await one
    .at('ticket-row')
    .nth(2)
    .click({ modifiers: ['Shift'] });
  await says(3);
  await one
    .at('ticket-row')
    .nth(1)
    .click({ modifiers: ['ControlOrMeta'] });
  await says(2);
  assert.equal(new URL(page.url()).pathname, path, 'choosing opens nothing');
  await one.at('select-all').click();
  await says(total);
  await page.keyboard.press('Escape');
  await until('the choice to be gone', async () => (await one.at('select-count').count()) === 0);
});

test('what comes or leaves while the pointer rests on the list waits behind a quiet button', async () => {
  const leaving = await make('Уйдёт из списка');
  await make('Под указателем');
  const one = await atDesk();
  const { page } = one;
  const row = one.at('ticket-row').filter({ hasText: 'Под указателем' });
  await row.hover();
  const before = await row.boundingBox();
  const fresh = await make('Свежее');
  await desk.api('PATCH', `/tickets/${leaving.id}`, { status: 'solved' });
  await one.at('new-pill').waitFor();
  await until('both to be known', async () => /1/.test(await one.at('new-pill').textContent()));
  await stillness(one);
  assert.deepEqual(await row.boundingBox(), before, 'the row under the pointer has not moved');
  assert.equal(await page.locator(`[data-ticket="${fresh.id}"]`).count(), 0);
  assert.equal(
    await page.locator(`[data-ticket="${leaving.id}"]`).count(),
    1,
    'the one that left keeps its place',
  );

  await one.at('new-pill').click();
  await page.locator(`[data-ticket="${fresh.id}"]`).waitFor();
  await until(
    'the solved one to be gone',
    async () => (await page.locator(`[data-ticket="${leaving.id}"]`).count()) === 0,
  );
});

test('a look at a ticket without opening it, by pointer and by key, leaves it unread', async () => {
  await desk.write('Только взглянуть', 'Слова, которые видно и так.');
  const one = await atDesk();
  const { page } = one;
  const row = one.at('ticket-row').filter({ hasText: 'Только взглянуть' });
  const id = Number(await row.getAttribute('data-ticket'));
  await row.hover();
  await one.at('peek').getByText('Слова, которые видно и так.').waitFor();
  const path = new URL(page.url()).pathname;
  await page.mouse.move(1000, 600);
  await until('it to close', async () => (await one.at('peek').count()) === 0);

  await row.focus();
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await page.keyboard.press('v');
  await one.at('peek').waitFor();
  await page.keyboard.press('Escape');
  await until('it to close by key', async () => (await one.at('peek').count()) === 0);
  assert.equal(new URL(page.url()).pathname, path);
  assert.equal((await desk.api('GET', `/tickets/${id}?limit=1`)).unread, true);
});

test('the density is kept in this browser', async () => {
  const one = await atDesk();
  const height = async () => (await one.at('ticket-row').first().boundingBox()).height;
  const roomy = await height();
  await one.at('list-menu').click();
  await one.at('density').click();
  await until('lower rows', async () => (await height()) < roomy);
  const compact = await height();
  await one.page.reload();
  await one.at('ticket-row').first().waitFor();
  assert.equal(await height(), compact);
});

test('a long list draws only what is in sight, to its very end', async () => {
  for (let at = 1; at <= 260; at++) await make(`Обращение по порядку ${at}`, { tags: ['длинный'] });
  const one = await atDesk('/search?q=' + encodeURIComponent('tag:длинный'));
  const { page } = one;
  await until('the total', async () => /260/.test(await one.at('list-total').textContent()));
  const last = page.getByText('Обращение по порядку 1', { exact: true });
  const first = await one.at('ticket-row').first().boundingBox();
  await page.mouse.move(first.x + 50, first.y + 200);
  await until('the last of them', async () => {
    await page.mouse.wheel(0, 5_000);
    assert.ok((await one.at('ticket-row').count()) < 40, 'only what is in sight is drawn');
    return (await last.count()) === 1;
  });
});
