// A day without a mouse: ten tickets in a row by keys alone, on a Latin and on a Russian layout, with the focus always
// in sight; and keys of one's own, at every desk.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { colleague } from './stage/colleague.mjs';
import { startDepartment } from './stage/department.mjs';
import { keyboardOf } from './stage/keys.mjs';
import { until } from './stage/until.mjs';

const things = [
  'самовар', 'патефон', 'зонтик', 'барометр', 'глобус', 'фонарь', 'сундук', 'компас', 'телескоп', 'метроном',
]; // prettier-ignore

let desk, boris;
const tickets = new Map();
before(async () => {
  desk = await startDepartment();
  boris = await colleague(desk, 'Борис Ладогин', 'boris@desk.test', 'lead');
  await desk.api('POST', '/templates', {
    name: 'Разбираемся',
    shortcut: 'razbor',
    body_html: '<p>Уже разбираемся, {{contact.first_name}}.</p>',
    section: 'own',
  });
  for (const thing of [...things, 'кофейник', 'чемодан'])
    tickets.set(
      thing,
      await desk.write(`Сломался ${thing}`, `Здравствуйте! Мой ${thing} больше не работает.`),
    );
  for (let at = 1; at <= 4; at++) await desk.write(`Скидка ${at}`, 'Пришлите скидку.');
  await until('the index to know them', async () => {
    const { total } = await desk.api('GET', `/search?q=${encodeURIComponent('чемодан')}`);
    return total > 0;
  });
});
after(() => desk?.end());
afterEach(() => desk.goHome());

/** What has the focus, and whether a person can see it; null when it was lost. */
const focusOf = (page) =>
  page.evaluate(() => {
    const outer = document.activeElement;
    // Inside a mail, what has the focus there.
    const element = outer?.contentDocument?.activeElement ?? outer;
    if (!element || element === document.body || element === document.documentElement) return null;
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const inSight =
      right > 0 && bottom > 0 && left < innerWidth && top < innerHeight && right > left && bottom > top;
    const style = getComputedStyle(element);
    const framed = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    const writing = element.matches('input, textarea, select, [contenteditable=true]');
    return {
      name: element.dataset.testid ?? element.getAttribute('aria-label') ?? element.className,
      visible: inSight && element.checkVisibility() && (framed || writing),
      writing: element.matches('[contenteditable=true]'),
    };
  });

/** Presses keys; afterwards the focus must be somewhere a person sees. */
async function atKeys(path) {
  const one = await desk.come(path);
  await one.page.evaluate(() => {
    for (const kind of ['mousedown', 'pointerdown', 'click'])
      addEventListener(kind, (event) => event.detail > 0 && (window.mouseUsed = true), true);
  });
  const board = await keyboardOf(one);
  const check = (what) =>
    until(
      `the focus to be in sight after ${what}`,
      async () => {
        const focus = await focusOf(one.page);
        return focus?.visible;
      },
      3_000,
    ).catch(async (error) => {
      throw new Error(`after ${what} the focus is at ${JSON.stringify(await focusOf(one.page))}`, {
        cause: error,
      });
    });
  return {
    ...one,
    board,
    async press(keys, seen) {
      await board.press(keys);
      if (seen) await seen();
      await check(keys);
    },
    type: (text) => board.type(text),
    focus: () => focusOf(one.page),
  };
}

const palette = (one) => () => one.at('palette-input').waitFor();
const closed = (one) => () => one.at('palette-input').waitFor({ state: 'detached' });
const caret = (one) => () => until('the caret in the text', async () => (await one.focus())?.writing);
const ticketNow = async (id) => desk.api('GET', `/tickets/${id}`);
const becomes = (id, what, ask) => until(what, async () => ask(await ticketNow(id)), 15_000);

/** By search, to the ticket, into it. */
async function find(one, thing) {
  const { id } = tickets.get(thing);
  await one.press('Slash', () => until('the search', async () => (await one.focus())?.name === 'search-box'));
  await one.type(thing);
  await one.press('Enter', () => one.at('search-hit').filter({ hasText: thing }).first().waitFor());
  await until('only that one', async () => (await one.at('search-hit').count()) === 1);
  await one.press('KeyJ', () => until('the hit', async () => (await one.focus())?.name === 'search-hit'));
  await one.press('Enter', () => one.at('message').filter({ hasText: thing }).first().waitFor());
  await until('the composer', async () => (await one.at('composer-body').textContent()).length > 5);
  return id;
}

async function choose(one, key, words) {
  await one.press(key, palette(one));
  await one.type(words);
  await one.press('Enter', closed(one));
}

test('ten tickets in a row, found, read, answered and solved by keys alone, on both layouts', async () => {
  const one = await atKeys('/views/mine');
  await one.at('search-box').waitFor();
  for (const [nth, thing] of things.entries()) {
    one.board.layout = nth % 2 === 0 ? 'en' : 'ru';
    const id = await find(one, thing);
    await becomes(id, `${thing} to be read`, (ticket) => !ticket.unread);

    await one.press('KeyR', caret(one));
    await one.type('/razbor');
    await one.at('template-option').first().waitFor();
    await one.press('Enter', () => one.at('composer-body').getByText('Уже разбираемся, Anna').waitFor());
    await one.type(` Починим ${thing} к вечеру.`);
    await one.press('Escape', () => until('the text to be left', async () => !(await one.focus())?.writing));

    await choose(one, 'KeyT', `ремонт-${nth}`);
    await becomes(id, 'the tag', ({ tags }) => tags.includes(`ремонт-${nth}`));
    if (nth % 2 === 0) await choose(one, 'KeyA', 'Борис');
    else await one.press('KeyI');
    await becomes(id, 'the assignee', ({ assignee_id }) =>
      nth % 2 === 0 ? assignee_id === boris.id : assignee_id !== null && assignee_id !== boris.id,
    );
    await choose(one, 'KeyP', 'Высокий');
    await becomes(id, 'the priority', ({ priority }) => priority === 'high');

    await one.press('KeyN', caret(one));
    await one.type('@Бор');
    await one.at('picker').getByRole('option').first().waitFor();
    await one.press('Enter');
    await one.type(`посмотри, пожалуйста, на ${thing}.`);
    await one.press('Mod+Enter');
    await becomes(id, 'the note', ({ messages }) =>
      messages.some(({ kind, mentions }) => kind === 'note' && mentions.includes(boris.id)),
    );

    await one.press('Escape');
    await one.press('KeyR', caret(one));
    await one.at('composer-body').getByText(`Починим ${thing} к вечеру.`).waitFor();
    await one.press('Mod+Shift+Enter');
    await becomes(
      id,
      `${thing} to be answered and solved`,
      ({ status, messages }) =>
        status === 'solved' &&
        messages.some(({ kind, visible }) => kind === 'reply' && visible.includes(thing)),
    );
    await one.press('Escape');
  }
  assert.equal(await one.page.evaluate(() => window.mouseUsed === true), false, 'no mouse was used');
});

test('one is put aside, one is passed on, several are changed at once, by keys alone', async () => {
  const one = await atKeys('/views/all_open');
  one.board.layout = 'ru';
  await one.at('ticket-row').first().waitFor();
  const sleeping = await find(one, 'кофейник');
  await one.press('KeyZ', () => one.page.getByRole('dialog').waitFor());
  await one.press('Digit1', () => one.page.getByRole('dialog').waitFor({ state: 'detached' }));
  await becomes(sleeping, 'it to sleep', ({ snoozed }) => snoozed);

  const passed = await find(one, 'чемодан');
  await one.press('Shift+KeyF', () => one.page.getByRole('dialog').waitFor());
  await until('the address', async () => (await one.focus())?.name?.includes('new-email'));
  await one.type('master@repair.example');
  await one.press('Mod+Enter', () => one.page.getByRole('dialog').waitFor({ state: 'detached' }));
  const letter = await until(
    'the letter to the master',
    () => desk.post.letters.find((sent) => sent.header('to').includes('master@repair.example')),
    30_000,
  );
  assert.match(letter.leaves.find(({ type }) => type === 'text/plain').text, /чемодан/);
  assert.ok(passed > 0);

  await one.press('KeyG KeyA', () => one.at('ticket-row').first().waitFor());
  await one.press('Slash');
  await one.type('Скидка');
  await one.press('Escape');
  await one.press('Slash');
  await one.page.keyboard.press('Control+a');
  await one.type('status:new,open priority:normal');
  await one.press('Enter', () => until('them', async () => (await one.at('ticket-row').count()) >= 4));
  const total = (await desk.api('GET', `/tickets?q=${encodeURIComponent('status:new,open priority:normal')}`))
    .total;
  await one.press('KeyJ', () => until('a row', async () => (await one.focus())?.name === 'ticket-row'));
  await one.press('KeyX', () => one.at('select-count').waitFor());
  await one.press('Shift+KeyJ');
  await one.press('Shift+KeyX');
  await until('all', async () => (await one.at('select-count').textContent()).includes(String(total)));
  await choose(one, 'KeyP', 'Низкий');
  await until('the button', async () => (await one.focus())?.name === 'mass-start');
  await one.press('Enter', () => one.page.getByRole('dialog').waitFor({ state: 'detached' }));
  await until('all to be changed', async () => {
    const left = await desk.api('GET', `/tickets?q=${encodeURIComponent('status:new,open priority:normal')}`);
    return left.total === 0;
  });
  assert.equal(await one.page.evaluate(() => window.mouseUsed === true), false, 'no mouse was used');
});

test('keys work while the focus is inside a mail, whatever the layout', async () => {
  await desk.receive([
    'From: Shop <shop@shop.example>',
    'To: support@desk.test',
    'Subject: A page of a mail',
    'Content-Type: text/html; charset=utf-8',
    '',
    '<p>Read <a href="https://shop.example/more">more</a> <b>here</b>.</p>',
  ]);
  const one = await atKeys(`/tickets/${(await desk.ticketOf('A page of a mail')).id}`);
  one.board.layout = 'ru';
  const frame = one.at('message').frameLocator('iframe');
  await frame.getByText('more').focus();
  assert.equal(await one.page.evaluate(() => document.activeElement.tagName), 'IFRAME');
  await one.board.press('KeyT');
  await one.at('palette-input').waitFor();
  await one.board.press('Escape');
  await closed(one)();
  assert.equal(
    await frame.getByText('more').evaluate((link) => link.ownerDocument.activeElement === link),
    true,
    'the focus is back where it was in the mail',
  );
  await frame.getByText('more').focus();
  await one.press('KeyR', caret(one));
});

test('own keys: recorded, refused, taken from another, the same at another desk, and back again', async () => {
  const one = await atKeys('/settings/keys');
  one.board.layout = 'ru';
  const row = (action) => one.page.locator(`[data-testid=key-row][data-action=${action}]`);
  const verdict = one.at('key-verdict');
  await row('reply').getByTestId('key-record').focus();
  await one.press('Enter', () => one.at('key-recorder').waitFor());
  await one.press('Mod+KeyT', () => verdict.getByText('браузер').waitFor());
  assert.ok(await one.at('key-keep').isDisabled());
  await one.press('Mod+KeyC', () => verdict.getByText('правки текста').waitFor());
  await one.press('Backspace');
  await one.press('KeyJ', () => verdict.getByText('«Следующее в списке»').waitFor());
  await one.press('Escape', () => one.at('key-recorder').waitFor({ state: 'detached' }));
  assert.equal((await one.focus()).name, 'key-record');
  await one.press('Enter');
  await one.press('KeyJ');
  await one.press('Enter', () => one.at('key-recorder').waitFor({ state: 'detached' }));
  assert.match(await row('next').textContent(), /нет клавиш/);

  // A pair, taken from nobody.
  await row('next').getByTestId('key-record').focus();
  await one.press('Enter');
  await one.press('KeyG KeyJ');
  await one.press('Enter', () => one.at('key-recorder').waitFor({ state: 'detached' }));
  await until('the server to keep them', async () => {
    const { preferences } = await desk.api('GET', '/session');
    return (
      preferences.keys?.bindings?.next?.[0] === 'KeyG KeyJ' && preferences.keys.bindings.reply[0] === 'KeyJ'
    );
  });

  // Another desk, another browser.
  const other = await atKeys(`/tickets/${tickets.get('метроном').id}`);
  await other.at('message').first().waitFor();
  await other.at('ticket-row').first().waitFor();
  await other.at('tab-reply').getByText('J', { exact: true }).waitFor();
  await other.press('KeyG KeyJ', () =>
    until('a row', async () => (await other.focus())?.name === 'ticket-row'),
  );
  await other.press('KeyJ', caret(other));
  await other.press('Escape');
  await other.press('Shift+Slash', () => other.page.getByRole('dialog').waitFor());
  const sheet = await other.page.getByRole('dialog').textContent();
  assert.match(sheet.replace(/\s+/g, ' '), /J ?Ответить/);
  await other.press('Escape');
  await other.press('Mod+KeyK', palette(other));
  await other.type('Ответить');
  await other.page
    .getByRole('option', { name: /^Ответить.*J$/ })
    .first()
    .waitFor();
  await other.press('Escape');

  // Single keys off: they mean nothing, Ctrl and Escape still do, and the hints are gone.
  await one.at('keys-single').focus();
  await one.board.press('Tab');
  await one.at('keys-single').focus();
  await one.page.keyboard.press('Space');
  await until(
    'it to be kept',
    async () => (await desk.api('GET', '/session')).preferences.keys?.off === true,
  );
  await other.page.reload();
  await other.at('message').first().waitFor();
  await until('the composer', async () => (await other.at('composer-body').textContent()).length > 5);
  assert.equal(await other.at('tab-reply').locator('.kbd').count(), 0);
  await other.board.press('KeyJ');
  await other.board.press('Shift+Slash');
  assert.equal(await other.page.getByRole('dialog').count(), 0);
  await other.press('Mod+KeyK', palette(other));

  // Keys of another program, taken back by one press, and all as they were.
  await one.page.keyboard.press('Space');
  await one.at('habit-zammad').focus();
  await one.press('Enter');
  await until('its keys', async () => /S/.test(await row('search').textContent()));
  await one.at('keys-reset-all').focus();
  await one.press('Enter');
  await until(
    'nothing own to be left',
    async () => (await desk.api('GET', '/session')).preferences.keys == null,
  );
});

test('a screen reader hears a new message: who, what it is and its words, each once', async () => {
  const ticket = tickets.get('самовар');
  const one = await atKeys(`/tickets/${ticket.id}`);
  await one.at('message').first().waitFor();
  assert.equal(
    await one.page.getByRole('log').getAttribute('aria-live'),
    'off',
    'the stream itself keeps silent',
  );
  const said = () => one.at('announcer').locator('p').allTextContents();
  await boris.api('POST', `/tickets/${ticket.id}/messages`, {
    kind: 'note',
    body_text: 'Ждём деталь до среды.',
  });
  await until('the note to be heard', async () =>
    (await said()).includes('Заметка, Борис Ладогин: Ждём деталь до среды.'),
  );
  await desk.api('POST', `/tickets/${ticket.id}/messages`, { kind: 'note', body_text: 'Моё слово.' });
  await one.at('message').filter({ hasText: 'Моё слово.' }).waitFor();
  assert.equal(
    (await said()).filter((text) => /Моё слово/.test(text)).length,
    0,
    'not what one wrote oneself',
  );
});
