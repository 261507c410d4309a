// The real circle: swaks → Postfix → Opora → a person in the browser → Postfix → Dovecot, and back once more.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openBrowser, person } from './stage/browser.mjs';
import { readLetter } from './stage/letter.mjs';
import { startPeers } from './stage/peers.mjs';
import { freePorts, temporaryFolder } from './stage/process.mjs';
import { opora, signedIn, startOpora } from './stage/server.mjs';
import { until } from './stage/until.mjs';

const alice = 'alice@customer.test';
const support = 'support@desk.test';
const login = { email: 'nina@desk.test', password: 'a long enough password', name: 'Нина Заречная' };

const closing = [];
after(async () => {
  for (const close of closing.reverse()) await close();
});

test('a letter by LMTP is answered in the browser, the answer threads, and the next letter re-opens the ticket', async () => {
  const [lmtp] = await freePorts(1);
  const peers = await startPeers(lmtp);
  closing.push(peers.end);
  const data = department(['--smtp', `smtp://127.0.0.1:${peers.smtp}`]);
  const server = await startOpora('serve', ['--lmtp', `127.0.0.1:${lmtp}`], { data });
  closing.push(server.end);
  await wholeCircle(peers, server, { face: 'number', shown: /№\s?1|#1/ });
});

test('the same circle with a mailbox read over IMAP and answers through a submission port, both in TLS', async () => {
  const peers = await startPeers();
  closing.push(peers.end);
  const routes = [
    '--imap',
    `imaps://${support}@localhost:${peers.imaps}`,
    '--smtp',
    `smtp+starttls://${support}@localhost:${peers.submission}`,
  ];
  const passwords = { OPORA_IMAP_PASSWORD: peers.password, OPORA_SMTP_PASSWORD: peers.password };
  const data = department(routes, passwords);
  const server = await startOpora('serve', ['--tls-roots', peers.certificate], { data });
  closing.push(server.end);
  await wholeCircle(peers, server, { face: 'first_name', shown: /Нина/ });
});

/** Made from the command line, before the server runs, as a script would. */
function department(routes, env) {
  const data = temporaryFolder();
  const { email, password, name } = login;
  opora(['admin', 'create', '--data', data, '--email', email, '--password', password, '--name', name]);
  const inbox = opora(
    ['inbox', 'create', '--data', data, '--name', 'Поддержка', '--address', support, ...routes],
    env,
  );
  assert.match(inbox, /^\d+$/, 'only the number is printed');
  const token = opora(['token', 'create', '--data', data, '--email', email, '--scope', 'all']);
  assert.match(token, /^\S+$/, 'only the token is printed');
  return data;
}

async function wholeCircle(peers, server, { face, shown }) {
  const api = await signedIn(server.base, login);
  const { items: brands } = await api('GET', '/brands');
  for (const brand of brands) await api('PATCH', `/brands/${brand.id}`, { ...brand, face });

  const browser = await openBrowser();
  const agent = await person(browser, server.base);
  closing.push(() => browser.close());
  await agent.login(login);
  await agent.at('view-unassigned').click();
  await agent.page.mouse.move(1400, 5);

  // A customer writes.
  const photo = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 1, 2, 3, 0x0a, 0x0d, 0x2e, 0x0a, 0xff, 0xd9]);
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'receipt.bin'), photo);
  const firstId = `<first.${face}@customer.test>`;
  peers.swaks([
    ...['--from', alice, '--to', support],
    ...['--h-From', `"Alice Liddell" <${alice}>`, '--h-Subject', 'The clock stopped at six'],
    ...['--header', `Message-Id: ${firstId}`],
    ...['--body', 'It is always six o clock now. What shall I do?'],
    ...['--attach-type', 'application/octet-stream', '--attach-name', 'receipt.bin'],
    ...['--attach', `@${join(folder, 'receipt.bin')}`],
  ]);

  // An agent sees it, reads the file, and answers.
  const row = agent.at('ticket-row').filter({ hasText: 'The clock stopped at six' });
  await row.waitFor({ timeout: 30_000 });
  await row.click();
  const question = agent.at('message').filter({ hasText: 'always six o clock' });
  await question.waitFor();
  const path = await question.getByRole('link', { name: 'receipt.bin' }).getAttribute('href');
  assert.deepEqual(await (await agent.context.request.get(path)).body(), photo);

  await agent.page.keyboard.press('r');
  await until('the caret to stand in the composer', () =>
    agent.page.evaluate(() => document.activeElement?.matches('[data-testid=composer-body]')),
  );
  await agent.page.keyboard.type('Заведите их ');
  await agent.page.keyboard.press('Control+b');
  await agent.page.keyboard.type('утром');
  await agent.page.keyboard.press('Control+b');
  await agent.page.keyboard.type(', инструкция в файле.');
  const guide = Buffer.from('Шаг 1. Заведите часы.\n.\nFrom here on they tick.\n');
  await agent.at('composer-file').setInputFiles({
    name: 'Инструкция к часам.txt',
    mimeType: 'text/plain',
    buffer: guide,
  });
  await agent.page.getByRole('link', { name: 'Инструкция к часам.txt' }).waitFor();
  await agent.at('send-solve').click();
  await agent.at('undo').waitFor();
  const answer = agent.page.locator('[data-testid=message][data-kind=reply]');
  await answer.frameLocator('iframe').getByText('утром', { exact: true }).waitFor();
  await until(
    'the ticket to be solved',
    async () => (await agent.at('status-select').inputValue()) === 'solved',
  );

  // The customer's mailbox holds it.
  const letters = async () => (await peers.mailbox(alice)).map(readLetter);
  const [letter] = await until(
    'the answer to lie in the mailbox',
    async () => {
      const found = await letters();
      return found.length > 0 && found;
    },
    40_000,
  ).catch(async (error) => {
    throw new Error(`${error.message}\n${await peers.log()}\n${server.said.out}${server.said.err}`);
  });
  await until(
    'the agent to be told it was sent',
    async () => (await answer.getByTestId('delivery').getAttribute('data-state')) === 'sent',
  );
  judge(letter, { firstId, shown, guide });

  // The customer answers, and the ticket on the agent's screen is open again.
  const answerId = letter.header('message-id');
  writeFileSync(join(folder, 'second.eml'), second(letter, { firstId, answerId, face }));
  peers.swaks(['--from', alice, '--to', support, '--data', `@${join(folder, 'second.eml')}`]);
  const thanks = agent.at('message').filter({ hasText: 'Они пошли' });
  await thanks.waitFor({ timeout: 30_000 });
  assert.equal(await thanks.getAttribute('data-kind'), 'customer');
  await until(
    'the ticket to be open again',
    async () => (await agent.at('status-select').inputValue()) === 'open',
  );

  assert.equal((await letters()).length, 1, 'one answer, and nothing automatic besides');
  const { items: tickets, total } = await api('GET', '/tickets?q=');
  assert.equal(total, 1, 'one ticket');
  const ticket = await api('GET', `/tickets/${tickets[0].id}`);
  assert.deepEqual(
    ticket.messages.map(({ kind }) => kind),
    ['customer', 'reply', 'customer'],
  );
  assert.equal(agent.complaints.join('\n'), '', 'a screen complained');
}

function judge(letter, { firstId, shown, guide }) {
  assert.equal(letter.all('message-id').length, 1);
  assert.equal(letter.header('in-reply-to'), firstId);
  assert.equal(letter.header('references').split(/\s+/).at(-1), firstId);
  assert.match(letter.header('subject'), /^(Re: )?The clock stopped at six/);
  assert.match(letter.header('from'), shown);
  assert.ok(letter.header('from').includes(`<${support}>`), letter.header('from'));
  assert.ok(letter.header('to').includes(alice));

  const html = letter.leaves.find((part) => part.type === 'text/html');
  const plain = letter.leaves.find((part) => part.type === 'text/plain' && !part.filename);
  assert.match(html.text, /Заведите их <(strong|b)>утром<\/\1>, инструкция в файле\./);
  assert.match(plain.text, /Заведите их \*{0,2}утром\*{0,2}, инструкция в файле\./);
  const file = letter.leaves.find((part) => part.filename);
  assert.equal(file.filename, 'Инструкция к часам.txt');
  assert.deepEqual(file.bytes.toString('utf8').trimEnd(), guide.toString('utf8').trimEnd());

  // The other name and the login's address are nowhere: not in a header, not in a part.
  const everything = [letter.raw, ...letter.leaves.map((part) => part.text), letter.header('from')].join(
    '\n',
  );
  assert.ok(!everything.includes('Заречная'), 'the last name leaks');
  assert.ok(!everything.includes(login.email), "the login's address leaks");
}

function second(letter, { firstId, answerId, face }) {
  const lines = [
    `From: =?utf-8?B?${Buffer.from('Алиса Лидделл').toString('base64')}?= <${alice}>`,
    `To: ${letter.header('from').match(/<[^>]+>/)[0]}`,
    'Subject: Re: The clock stopped at six',
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-Id: <second.${face}@customer.test>`,
    `In-Reply-To: ${answerId}`,
    `References: ${firstId} ${answerId}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from('Они пошли, спасибо!\n\n> Заведите их утром\n').toString('base64'),
    '',
  ];
  return lines.join('\r\n');
}
