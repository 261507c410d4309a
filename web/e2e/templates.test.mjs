// Answers that are ready: templates made in settings and found by "/", pastes made clean, and answers that leave later.
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

test('a template is written in settings, found by "/", filled, and what it lacks must be written before it leaves', async () => {
  const ticket = await desk.write('Нужны документы');
  const one = await desk.come('/settings/templates');
  const { page } = one;
  await one.at('template-new').click();
  await one.at('template-name').fill('Документы для организации');
  await one.at('template-shortcut').fill('док');
  await one.at('composer-body').click();
  await page.keyboard.type('Документы для ');
  await one.at('template-variable').click();
  await one.at('variable-contact.organization').click();
  await page.keyboard.type(' по обращению ');
  await one.at('template-variable').click();
  await one.at('variable-ticket.number').click();
  await page.keyboard.type(' готовы.');
  assert.match(
    await one.at('template-look').textContent(),
    /Документы для Дом и Сад по обращению #1042 готовы\./,
  );
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await one.at('template-row').filter({ hasText: 'Документы для организации' }).waitFor();
  const { items } = await desk.api('GET', '/templates?q=док');
  assert.match(items[0].body_html, /\{\{contact\.organization\}\}/);
  assert.doesNotMatch(items[0].body_html, /data-variable/, 'it is kept as words');

  await page.goto(`/tickets/${ticket.id}`);
  await greeted(one);
  await page.keyboard.press('r');
  await caretInText(one);
  await page.keyboard.type('/док');
  await one.at('template-option').filter({ hasText: 'Документы для организации' }).waitFor();
  await until('a look at what it becomes', async () =>
    (await one.at('template-preview').textContent()).includes(String(ticket.number)),
  );
  await page.keyboard.press('Enter');
  const left = one.at('composer-body').locator('[data-variable="contact.organization"]');
  await left.waitFor();
  const text = await one.at('composer-body').textContent();
  assert.ok(text.includes(String(ticket.number)), text);
  assert.ok(!text.includes('/док'), 'the letters that called it are gone');

  await one.at('send').click();
  const word = one.at('composer-warning');
  await word.waitFor();
  assert.match(await word.textContent(), /В тексте не заполнено 1 место/);
  assert.equal(await one.at('send-anyway').count(), 0, 'there is no way round it');
  await one.at('next-variable').click();
  await page.keyboard.type('ООО «Чайник»');
  await left.waitFor({ state: 'detached' });
  await word.waitFor({ state: 'detached' });
  await one.at('send').click();
  await one.at('undo').waitFor();
  const letter = await nextLetter('Нужны документы');
  assert.match(letter.leaves[0].text, /Документы для ООО «Чайник» по обращению/);
});

test('"#" keeps the place of articles, and Escape goes back to writing', async () => {
  const one = await desk.openTicket(await desk.write('Где статья?'));
  await one.page.keyboard.press('r');
  await caretInText(one);
  await one.page.keyboard.type('#возврат');
  await one.at('picker').getByText('Статьи появятся вместе с базой знаний.').waitFor();
  await one.page.keyboard.press('Escape');
  await one.at('picker').waitFor({ state: 'detached' });
  await one.page.keyboard.type(' дальше');
  assert.match(await one.at('composer-body').textContent(), /#возврат дальше/);
});

test('what is pasted from Word keeps its lists and loses its dress; a table is written with the keyboard', async () => {
  const one = await desk.openTicket(await desk.write('Прайс в письме'));
  const { page } = one;
  await page.keyboard.press('r');
  await caretInText(one);
  const item = (marker, words) =>
    `<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span>${marker}` +
    `<span>&nbsp;&nbsp;</span></span><![endif]>${words}<o:p></o:p></p>`;
  await paste(
    one,
    `<html><head><style>p{color:red}</style></head><body><!--StartFragment-->${item('1.', 'первое')}` +
      `${item('2.', 'второе')}<p class="MsoNormal" style="color:red"><b>Итого</b><img src="https://spy.example/p.gif"></p>` +
      '<!--EndFragment--></body></html>',
    'первое\nвторое\nИтого',
  );
  const body = one.at('composer-body');
  await body.locator('ol > li').nth(1).waitFor();
  const html = await body.innerHTML();
  assert.match(html, /<strong>Итого<\/strong>/);
  assert.doesNotMatch(html, /Mso|style="color|spy\.example|<o:p/);

  await one.at('tools-more').click();
  await one.at('tool-table').click();
  await caretInText(one);
  await page.keyboard.type('Чашка');
  await page.keyboard.press('Tab');
  await page.keyboard.type('120');
  assert.deepEqual((await body.locator('td').allTextContents()).slice(0, 2), ['Чашка', '120']);
  await one.at('send').click();
  await one.at('undo').waitFor();
  const letter = await nextLetter('Прайс в письме');
  const sent = letter.leaves.find((part) => part.type === 'text/html').text;
  assert.match(sent, /<table[\s\S]*Чашка[\s\S]*120[\s\S]*<\/table>/);
});

test('five megabytes of pasted HTML are made clean in pieces, and the screen lives in between', async () => {
  const one = await desk.openTicket(await desk.write('Очень длинная вставка'));
  await one.page.keyboard.press('r');
  await caretInText(one);
  const beats = await one.page.evaluate(async () => {
    const line = `<p class="MsoNormal" style="${'mso-bidi-font-family:Calibri;'.repeat(400)}">слово</p>`;
    const data = new DataTransfer();
    data.setData('text/html', line.repeat(Math.ceil(5_000_000 / line.length)));
    data.setData('text/plain', 'слово');
    const body = document.querySelector('[data-testid=composer-body]');
    // By this clock every piece of the work has taken long, on a quick machine as on a slow one.
    const { now } = performance;
    let time = now.call(performance);
    performance.now = () => (time += 10);
    let beats = 0;
    const pasted = new Promise((done) => {
      const look = () => body.textContent.includes('слово') && done();
      new MutationObserver(look).observe(body, { childList: true, subtree: true });
    });
    const beat = setInterval(() => beats++);
    body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    await pasted;
    clearInterval(beat);
    performance.now = now;
    return beats;
  });
  assert.ok(beats > 20, `the screen could do something else ${beats} times only`);
});

test('an answer for later says when it goes, comes back when it is taken back, and is held when the customer is faster', async () => {
  const anna = customer(desk);
  const ticket = await anna.write('Когда ответите?', 'Жду.');
  const one = await desk.openTicket(ticket);
  const { page } = one;
  await page.keyboard.press('r');
  await caretInText(one);
  await page.keyboard.type('Ответим завтра утром.');
  await sendLater(one, 'when-tomorrow');
  const planned = one.at('planned');
  await planned.waitFor();
  assert.match(await planned.textContent(), /Уйдёт: .*09:00/);
  const kept = (await desk.api('GET', `/tickets/${ticket.id}`)).messages.at(-1);
  assert.equal(kept.state, 'scheduled');

  await one.at('take-back').click();
  await planned.waitFor({ state: 'detached' });
  await until('the text to be back', async () =>
    (await one.at('composer-body').textContent()).includes('Ответим завтра утром.'),
  );

  await sendLater(one, 'when-in_2_hours');
  await planned.waitFor();
  await anna.write('Когда ответите?', 'Уже разобралась, спасибо!');
  await until('the answer to be held', async () => (await planned.getAttribute('data-state')) === 'held');
  assert.equal(desk.post.letters.filter((one) => one.header('subject').includes('Когда ответите')).length, 0);
  await one.at('send-held').click();
  await nextLetter('Когда ответите');
});

async function sendLater(one, when) {
  await one.at('send-more').click();
  await one.at('send-later').click();
  await one.at(when).click();
}

/** The paste itself is an event: what a browser lets scripts put on its clipboard is already washed. */
function paste(one, html, text) {
  return one.at('composer-body').evaluate(
    (body, [html, text]) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/html', html);
      clipboardData.setData('text/plain', text);
      body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    },
    [html, text],
  );
}

async function nextLetter(subject) {
  return until(
    'the letter to arrive',
    () => desk.post.letters.find((one) => one.header('subject').includes(subject)),
    30_000,
  );
}

const greeted = (one) =>
  until('greeting and closing', async () => (await one.at('composer-body').textContent()).length > 5);

async function caretInText(one) {
  await until('the caret to stand in the composer', () =>
    one.page.evaluate(() => document.activeElement?.matches('[data-testid=composer-body]')),
  );
}
