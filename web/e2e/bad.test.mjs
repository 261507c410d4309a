// Bad input is normal: huge letters, endless words, other directions, markup where names belong, files that lie. It stays
// readable, nothing of it runs, and nothing is lost.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { startDepartment, support } from './stage/department.mjs';
import { stillness } from './stage/screens.mjs';
import { until } from './stage/until.mjs';

const attack = `<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>"'><svg onload=window.pwned=1>`;
const long = 'ъ'.repeat(10_000);
const arabic = 'مرحبا، طلبي رقم ١٢٣ لم يصل بعد (order #42)';
const emoji = '👩‍👩‍👧‍👦🏳️‍🌈👍🏽 Z̷̢̛a͝l҉g̸o ﷽';
const hidden = 'пу​сто‮обман⁦х⁩ ﻿';
const names = { attack, long: long.slice(0, 200), arabic, emoji, hidden };

let desk, inbox;
const tickets = {};
before(async () => {
  desk = await startDepartment();
  inbox = (await desk.api('GET', '/inboxes')).items[0].id;
  for (const [kind, name] of Object.entries(names)) {
    tickets[kind] = await desk.api('POST', '/tickets', {
      inbox_id: inbox,
      contact: { name, address: `${kind}@bad.example` },
      subject: kind === 'long' ? long.slice(0, 500) : name,
      body_text: kind === 'long' ? `${long} и ещё слово` : `${name}\nвторая строка ${name}`,
      kind: 'note',
      tags: [kind === 'long' ? long.slice(0, 60) : `м-${kind}-${[...emoji].slice(0, 3).join('')}`],
    });
  }
  await desk.api('POST', '/templates', {
    name: attack.slice(0, 80),
    shortcut: 'plohoy',
    body_html: `<p>Шаблон ${attack} {{contact.name}}</p><p>${long}</p>`,
    section: 'own',
  });
  await desk.api('POST', '/views', {
    name: attack.slice(0, 80),
    query: 'status:new,open',
    sort: 'updated',
    columns: ['requester', 'subject', 'preview', 'tags', 'status'],
    group: 'status',
    section: 'own',
  });
  await desk.api('POST', '/views', {
    name: arabic,
    query: 'status:new,open',
    sort: 'updated',
    columns: [],
    group: 'none',
    section: 'own',
  });
});
after(() => desk?.end());
afterEach(() => desk.goHome());

/** Nothing ran, nothing is wider than the window, and no two things to read lie over each other. */
async function isSound(one, where) {
  await stillness(one);
  const found = await one.page.evaluate(() => {
    const wide = document.scrollingElement.scrollWidth - innerWidth;
    // Lines of text in different boxes must not share a place, unless one box holds the other.
    const texts = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (!walker.currentNode.data.trim() || !element?.checkVisibility({ opacityProperty: true })) continue;
      if (element.closest('.off-screen, script, style, option, [aria-hidden=true], dialog:not([open])'))
        continue;
      const range = document.createRange();
      range.selectNodeContents(walker.currentNode);
      const box = range.getBoundingClientRect();
      // What is cut off by a box around it is not seen.
      let [left, right, top, bottom] = [box.left, box.right, box.top, box.bottom];
      for (let around = element; around; around = around.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(around);
        const edge = around.getBoundingClientRect();
        if (overflowX !== 'visible') [left, right] = [Math.max(left, edge.left), Math.min(right, edge.right)];
        if (overflowY !== 'visible') [top, bottom] = [Math.max(top, edge.top), Math.min(bottom, edge.bottom)];
      }
      if (right - left < 4 || bottom - top < 4 || left >= innerWidth || top >= innerHeight) continue;
      // What floats above hides what is below, as it should.
      const layer = element.closest('dialog[open], .toasts, .pop, [role=listbox]');
      texts.push({
        element,
        layer,
        left,
        right,
        top,
        bottom,
        text: walker.currentNode.data.trim().slice(0, 40),
      });
    }
    const over = [];
    for (const [nth, one] of texts.entries()) {
      for (const other of texts.slice(nth + 1)) {
        if (
          one.layer !== other.layer ||
          one.element === other.element ||
          one.element.contains(other.element) ||
          other.element.contains(one.element)
        )
          continue;
        const x = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const y = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        if (x > 6 && y > 8) over.push(`“${one.text}” lies over “${other.text}”`);
      }
    }
    return { wide, over, pwned: window.pwned ?? null };
  });
  assert.equal(found.pwned, null, `${where}: something ran`);
  assert.ok(found.wide <= 0, `${where}: ${found.wide} px too wide`);
  assert.deepEqual(found.over, [], where);
}

const sizes = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };

for (const [size, viewport] of Object.entries(sizes)) {
  test(`lists, tables and cards with bad names stay readable, ${size}`, async () => {
    const one = await desk.come('/views/all_open', { viewport });
    await one.at('ticket-row').first().waitFor();
    await isSound(one, 'the list');
    const views = (await desk.api('GET', '/views')).items.filter(({ id }) => id !== null);
    for (const { key, name } of views) {
      await one.page.goto(`/views/${key}`);
      await one.at('ticket-row').first().waitFor();
      await isSound(one, `the view ${name.slice(0, 20)}`);
    }
    for (const path of ['/contacts', '/settings/templates', '/settings/profile', '/settings/keys']) {
      await one.page.goto(path);
      await isSound(one, path);
    }
    const { items } = await desk.api('GET', '/contacts?limit=50');
    for (const { id, address } of items.filter(({ address }) => address.endsWith('@bad.example'))) {
      await one.page.goto(`/contacts/${id}`);
      await one.at('contact-name').waitFor();
      await isSound(one, `the card of ${address}`);
    }
  });

  test(`tickets with bad words stay readable and whole, ${size}`, async () => {
    const one = await desk.come('/views/all_open', { viewport });
    for (const [kind, ticket] of Object.entries(tickets)) {
      await one.page.goto(`/tickets/${ticket.id}`);
      await one.at('message').first().waitFor();
      await isSound(one, `the ticket ${kind}`);
      const shown = await one.at('message').first().textContent();
      const [message] = (await desk.api('GET', `/tickets/${ticket.id}`)).messages;
      assert.ok(shown.includes(message.visible.split('\n')[0].trim()), `${kind}: its words are all there`);
    }
  });
}

test('a mail with hostile HTML, an endless word and a lying picture is shown, and nothing of it runs', async () => {
  await desk.receive([
    `From: =?utf-8?B?${Buffer.from(attack).toString('base64')}?= <evil@bad.example>`,
    `To: ${support}`,
    `Subject: =?utf-8?B?${Buffer.from('Письмо со всем сразу').toString('base64')}?=`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=part',
    '',
    '--part',
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(
      `<style>body{position:fixed;width:9000px;top:-5000px}</style><body onload="parent.pwned=1">` +
        `<p>Видимые слова</p>${attack}</svg><a href="javascript:parent.pwned=1">нажми</a>` +
        `<p>${long}</p><table width="5000"><tr><td>широко</td></tr></table><p>${arabic}</p><p>Последние слова</p>` +
        `<iframe srcdoc="<script>parent.parent.pwned=1</script>"></iframe><form action="//bad.example"><input></form>`,
    )
      .toString('base64')
      .replace(/(.{76})/g, '$1\r\n'),
    '--part',
    'Content-Type: image/png; name="cat.png"',
    'Content-Disposition: attachment; filename="cat.png"',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" onload="parent.pwned=1"><script>pwned=1</script></svg>`,
    ).toString('base64'),
    '--part--',
    '',
  ]);
  const one = await desk.openTicket(await desk.ticketOf('Письмо со всем сразу'));
  const frame = one.at('message').frameLocator('iframe');
  await frame.getByText('Последние слова').waitFor();
  await isSound(one, 'the mail');
  const inside = await frame.locator('body').evaluate((body) => ({
    scripts: body.ownerDocument.querySelectorAll(
      'script, iframe, form, [onerror], [onload], [href^=javascript]',
    ).length,
    wide: body.scrollWidth - body.ownerDocument.documentElement.clientWidth,
  }));
  assert.equal(inside.scripts, 0);
  // The lying picture opens in the light box or not at all; either way the screen lives on.
  const file = one.at('message').getByText('cat.png').first();
  await file.waitFor();
  assert.equal(await one.page.evaluate(() => window.pwned ?? null), null);
  await one.page.setViewportSize(sizes.narrow);
  await isSound(one, 'the mail, narrow');
});

test('five megabytes are pasted, kept as a draft or refused in words; what was typed before is never lost', async () => {
  const ticket = await desk.write('Вставка большого');
  const one = await desk.openTicket(ticket);
  const { page } = one;
  await page.keyboard.press('r');
  await until('the caret', () =>
    page.evaluate(() => document.activeElement?.getAttribute('data-testid') === 'composer-body'),
  );
  await page.keyboard.type('Мои слова. ');
  await page.evaluate((bad) => {
    const html = `<p>Начало вставки</p>${`<p style="color:red" onclick="pwned=1">${'абв '.repeat(20)}${bad}</p>`.repeat(14_000)}<p>Конец вставки</p>`;
    const data = new DataTransfer();
    data.setData('text/html', html.slice(0, 5 * 1024 * 1024));
    data.setData('text/plain', 'Начало вставки');
    document.activeElement.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }, '<img src=x onerror="window.pwned=1">');
  await until(
    'the paste to be over',
    async () => /Начало вставки/.test(await one.at('composer-body').textContent()),
    60_000,
  );
  assert.match(await one.at('composer-body').textContent(), /Мои слова\./);
  await isSound(one, 'the composer after the paste');
  await page.reload();
  await until(
    'the words to be back',
    async () => /Мои слова\./.test(await one.at('composer-body').textContent()),
    30_000,
  );
});

test('bad words typed into every field of a person come back as they were', async () => {
  const one = await desk.openTicket(tickets.attack);
  const { page } = one;
  await page.keyboard.press('r');
  await until('the caret', () =>
    page.evaluate(() => document.activeElement?.getAttribute('data-testid') === 'composer-body'),
  );
  for (const words of [attack, arabic, emoji, hidden]) {
    await page.keyboard.insertText(words);
    await page.keyboard.press('Enter');
  }
  await page.keyboard.insertText(long);
  await isSound(one, 'the composer');
  await until('the draft to be kept', async () => {
    const [draft] = (await desk.api('GET', `/tickets/${tickets.attack.id}`)).drafts;
    return draft?.body_html.includes(long.slice(0, 500)) && draft.body_html.includes(arabic);
  });
  await page.reload();
  await until('the words to be back', async () => {
    const text = await one.at('composer-body').textContent();
    return [attack, arabic, emoji, hidden, long].every((words) => text.includes(words.trim()));
  });
  await page.keyboard.press('t');
  await one.at('palette-input').fill(attack.slice(0, 40));
  await isSound(one, 'the palette');
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await page.keyboard.insertText(long.slice(0, 3_000));
  await isSound(one, 'the search');
});
