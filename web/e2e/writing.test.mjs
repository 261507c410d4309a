// Writing an answer: files pasted, dropped, refused and taken away, and an answer the mail server would not have.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { startDepartment, tinyPng } from './stage/department.mjs';
import { temporaryFolder } from './stage/process.mjs';
import { until } from './stage/until.mjs';

const uploadLimit = 2 * 1024 * 1024;

let desk;
before(async () => {
  desk = await startDepartment(['--upload-limit', String(uploadLimit)]);
});
after(() => desk?.end());
afterEach(() => desk.goHome());

test('an image is pasted, a file dropped, another taken away, and the answer carries what is left', async () => {
  const ticket = await desk.write('Чайник свистит фальшиво');
  const one = await desk.openTicket(ticket);
  const { page } = one;
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'Схема чайника.txt'), 'Свисток вставляется сверху.\n');
  writeFileSync(join(folder, 'лишнее.txt'), 'Это не для клиента.\n');

  await page.keyboard.press('r');
  await caretInText(one);
  await page.keyboard.type('Посмотрите на рисунок: ');
  await one.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(
    async (bytes) => {
      const picture = new Blob([new Uint8Array(bytes)], { type: 'image/png' });
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture })]);
    },
    [...tinyPng],
  );
  await page.keyboard.press('Control+v');
  const picture = one.at('composer-body').getByRole('img', { name: 'image.png' });
  await picture.waitFor();
  await until('the picture to be seen', () => picture.evaluate((image) => image.naturalWidth > 0));

  await drop(one, [join(folder, 'Схема чайника.txt'), join(folder, 'лишнее.txt')]);
  const composer = page.getByRole('region', { name: 'Ответ', exact: true });
  await composer.getByRole('link', { name: 'Схема чайника.txt' }).waitFor();
  await composer.getByRole('link', { name: 'лишнее.txt' }).waitFor();
  await composer.getByRole('button', { name: 'лишнее.txt' }).click();
  await composer.getByRole('link', { name: 'лишнее.txt' }).waitFor({ state: 'detached' });

  // What is written and attached outlives a reload.
  await until('the draft to be kept', async () => {
    const [draft] = (await desk.api('GET', `/tickets/${ticket.id}`)).drafts;
    return draft?.attachments.length === 1 && draft.body_html.includes('<img');
  });
  await page.reload();
  await picture.waitFor();
  await composer.getByRole('link', { name: 'Схема чайника.txt' }).waitFor();
  await one.at('send').click();
  await one.at('undo').waitFor();

  const letter = await nextLetter('Чайник свистит');
  const [image] = letter.leaves.filter((part) => part.type === 'image/png');
  assert.ok(image, 'the picture is in the letter');
  const html = letter.leaves.find((part) => part.type === 'text/html').text;
  const cid = /<img[^>]+src="cid:([^"]+)"/.exec(html)?.[1];
  assert.equal(image.header('content-id'), `<${cid}>`, 'and stands in the text');
  const files = letter.leaves.filter((part) => part.filename?.endsWith('.txt'));
  assert.deepEqual(
    files.map(({ filename, text }) => [filename, text.trim()]),
    [['Схема чайника.txt', 'Свисток вставляется сверху.']],
  );
});

test('no letter is lost, however soon it is typed after the key that begins an answer or a note', async () => {
  const ticket = await desk.write('Быстрые пальцы');
  const one = await desk.openTicket(ticket);
  const { page } = one;
  const body = one.at('composer-body');
  for (const [key, words] of Object.entries({ r: 'Сразу ', n: 'Сюда ' })) {
    for (let turn = 1; turn <= 8; turn++) {
      await page.keyboard.press(key);
      await page.keyboard.type(`${words}${turn}. `);
      await body.filter({ hasText: `${words}${turn}.` }).waitFor();
      await page.keyboard.press('Escape');
    }
  }

  // The very first time the editor itself is still on its way: what is typed waits in its place.
  await page.locator('[data-testid=draft-state][data-state=saved]').waitFor();
  const fresh = await desk.write('Холодный старт');
  let arrive;
  const onItsWay = new Promise((done) => (arrive = done));
  await page.route(/\/editor-[^/]*\.js$/, async (route) => {
    await onItsWay;
    await route.continue();
  });
  await page.goto(`/tickets/${fresh.id}`);
  await one.at('message').first().waitFor();
  await page.keyboard.press('r');
  await page.keyboard.type('Раньше редактора. ');
  arrive();
  await body.filter({ hasText: 'Раньше редактора.' }).waitFor();
  await page.keyboard.type('И после.');
  await body.filter({ hasText: 'Раньше редактора. И после.' }).waitFor();
  const text = await body.innerText();
  assert.match(text, /^Здравствуйте, Anna Karelina!\s+Раньше редактора\. И после\.\s+С уважением/);
});

test('an answer sent while a note is still on its way leaves after it, and each leaves once', async () => {
  const ticket = await desk.write('Одно за другим');
  const one = await desk.openTicket(ticket);
  const { page } = one;
  let arrive;
  const onItsWay = new Promise((done) => (arrive = done));
  await page.route(`**/api/v1/tickets/${ticket.id}/messages`, async (route) => {
    if (route.request().postDataJSON().kind === 'note') await onItsWay;
    await route.continue();
  });
  await page.keyboard.press('n');
  await page.keyboard.type('Сначала коллегам.');
  await page.keyboard.press('Control+Enter');
  await page.keyboard.press('Escape');
  await page.keyboard.press('r');
  await page.keyboard.type('Потом клиенту. ');
  await page.keyboard.press('Control+Enter');
  await page.keyboard.press('Control+Enter');
  arrive();
  await one.at('undo').waitFor();
  const { messages } = await desk.api('GET', `/tickets/${ticket.id}`);
  const mine = messages.slice(1).map(({ kind, text }) => [kind, /Потом|Сначала/.exec(text)?.[0]]);
  assert.deepEqual(mine, [
    ['note', 'Сначала'],
    ['reply', 'Потом'],
  ]);
});

test('an upload shows how far it is, can be stopped, and says in words why it failed', async () => {
  const ticket = await desk.write('Фотографии с дачи');
  const one = await desk.openTicket(ticket);
  const { page } = one;
  const cdp = await one.context.newCDPSession(page);
  await cdp.send('Network.enable');
  const speed = (uploadThroughput) =>
    cdp.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput,
    });
  const file = (name, size) => ({ name, mimeType: 'application/pdf', buffer: Buffer.alloc(size, 7) });
  const choose = (name, size) => one.at('composer-file').setInputFiles(file(name, size));

  await speed(400_000);
  await choose('Дача.pdf', 1_500_000);
  const bar = one.at('upload').getByRole('progressbar');
  await until('a part of it to be under way', async () => {
    const part = await bar.evaluate((one) => one.value);
    return part > 0 && part < 1;
  });
  assert.ok(await one.at('send').isDisabled(), 'an answer does not leave without its file');
  await one.at('upload').getByRole('button').click();
  await one.at('upload').waitFor({ state: 'detached' });
  assert.equal(await page.getByRole('link', { name: 'Дача.pdf' }).count(), 0);

  await speed(-1);
  one.excuse(/\/api\/v1\/attachments .*(status of 413|ERR_FAILED)/);
  await choose('Весь альбом.pdf', uploadLimit + 500_000);
  const word = one.at('upload-failed');
  await word.waitFor();
  assert.match(
    await word.textContent(),
    /Файл Весь альбом\.pdf не загрузился\. Больше \d+ MB сюда не помещается/,
  );
  assert.equal(await page.getByRole('link', { name: 'Весь альбом.pdf' }).count(), 0);

  // What could not be carried for want of a network goes when there is one.
  await word.getByRole('button', { name: 'Закрыть' }).click();
  await page.route('**/api/v1/attachments', (route) => route.abort());
  await choose('Калитка.pdf', 1_000);
  await word.filter({ hasText: 'Связь оборвалась' }).waitFor();
  await page.unroute('**/api/v1/attachments');
  await word.getByRole('button', { name: 'Повторить' }).click();
  await page.getByRole('link', { name: 'Калитка.pdf' }).waitFor();
  await word.waitFor({ state: 'detached' });
});

test('a picture meant for colleagues does not slip into the answer when the tab is changed under way', async () => {
  const one = await desk.openTicket(await desk.write('Снимок с паролем'));
  let go;
  const gate = new Promise((open) => (go = open));
  await one.page.route('**/api/v1/attachments', async (route) => {
    await gate;
    await route.continue();
  });
  await one.at('tab-note').click();
  await one.at('composer-file').setInputFiles({ name: 'экран.png', mimeType: 'image/png', buffer: tinyPng });
  await one.at('upload').waitFor();
  await one.at('tab-reply').click();
  go();
  await one.at('upload').waitFor({ state: 'detached' });
  assert.equal(await one.at('composer-body').locator('img').count(), 0);
  assert.equal(await one.page.getByRole('link', { name: 'экран.png' }).count(), 0);
  await one.at('tab-note').click();
  await one.page.getByRole('link', { name: 'экран.png' }).waitFor();
});

test('an answer that was refused says why, is sent again with one button, and one that waits goes by itself', async () => {
  const ticket = await desk.write('Посылка застряла');
  const one = await desk.openTicket(ticket);
  desk.post.answer('550 5.7.1 You are not welcome here');
  await answer(one, 'Посылка выедет сегодня.');
  const message = one.at('message').filter({ hasText: 'Посылка выедет сегодня' });
  const state = async () => message.getByTestId('delivery').getAttribute('data-state');
  const failed = message.getByTestId('delivery-failed');
  await failed.waitFor({ timeout: 30_000 });
  assert.match(await failed.textContent(), /You are not welcome here|550/);
  const before = desk.post.letters.length;

  // Too early: it comes back refused once more, with the button.
  await failed.getByTestId('retry').click();
  await until('the second refusal', () => desk.post.refusals() === 2, 20_000);
  await until('the refusal to be kept', async () => {
    const { messages } = await desk.api('GET', `/tickets/${ticket.id}`);
    return messages.at(-1).state === 'failed';
  });
  await failed.waitFor();

  desk.post.answer('250 2.1.5 ok');
  await failed.getByTestId('retry').click();
  await until('the answer to be sent', async () => (await state()) === 'sent', 20_000);
  await failed.waitFor({ state: 'detached' });
  assert.equal(desk.post.letters.length, before + 1, 'exactly once');

  // The server is not there: the answer waits, says so, and leaves when it is back.
  await desk.post.down();
  await answer(one, 'И ещё открытка.');
  const second = one.at('message').filter({ hasText: 'И ещё открытка' });
  await second.getByTestId('delivery-waiting').waitFor({ timeout: 30_000 });
  await desk.post.up();
  await until(
    'the second answer to be sent',
    async () => (await second.getByTestId('delivery').getAttribute('data-state')) === 'sent',
    90_000,
  );
  await second.getByTestId('delivery-waiting').waitFor({ state: 'detached' });
  assert.equal(desk.post.letters.length, before + 2);
});

async function answer(one, text) {
  await one.at('tab-reply').click();
  await caretInText(one);
  await one.page.keyboard.type(text);
  await one.at('send').click();
  await one.at('undo').waitFor();
}

async function nextLetter(subject) {
  return until(
    'the letter to arrive',
    () => desk.post.letters.find((one) => one.header('subject').includes(subject)),
    30_000,
  );
}

async function caretInText(one) {
  await until('the caret to stand in the composer', () =>
    one.page.evaluate(() => document.activeElement?.matches('[data-testid=composer-body]')),
  );
}

/** Files dragged from the desktop onto the composer: the browser's own drag, not an event made by hand. */
async function drop(one, paths) {
  const cdp = await one.context.newCDPSession(one.page);
  const box = await one.at('composer-body').boundingBox();
  const place = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'])
    await cdp.send('Input.dispatchDragEvent', { type, ...place, data });
}
