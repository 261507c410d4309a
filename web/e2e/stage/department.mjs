/**
 * A department of its own for one file of tests: its mail goes out through a server the test can trip up, its people
 * are counted, and whatever went wrong on their screens is told after each test.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { openBrowser, person } from './browser.mjs';
import { startPost } from './post.mjs';
import { temporaryFolder } from './process.mjs';
import { opora, signedIn, startOpora } from './server.mjs';
import { until } from './until.mjs';

export const support = 'support@desk.test';
export const login = { email: 'nina@desk.test', password: 'a long enough password', name: 'Нина Заречная' };

/** The smallest picture there is. */
export const tinyPng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAFElEQVR4nGP8z8Dwn4GBgYGJAQoAHxcCAk+Uzr4AAAAASUVORK5CYII=',
  'base64',
);

export async function startDepartment(args = []) {
  const post = await startPost();
  const data = temporaryFolder();
  const { email, password, name } = login;
  opora(['admin', 'create', '--data', data, '--email', email, '--password', password, '--name', name]);
  opora(['inbox', 'create', '--data', data, '--name', 'Поддержка', '--address', support, '--smtp', post.url]);
  const token = opora(['token', 'create', '--data', data, '--email', email, '--scope', 'all']);
  const server = await startOpora('serve', args, { data });
  const api = await signedIn(server.base, login);
  const inbox = (await api('GET', '/inboxes')).items[0].id;
  const browser = await openBrowser();
  const people = [];

  async function stranger(options) {
    const one = await person(browser, server.base, options);
    people.push(one);
    return one;
  }

  /** Somebody who is signed in, on the screen at a path. */
  async function come(path, options) {
    const one = await stranger(options);
    await one.enter(login, { locale: options?.locale ?? 'ru', theme: 'light' });
    await one.page.goto(path);
    return one;
  }

  /** A mail comes in, as it is. */
  async function receive(lines) {
    const answer = await fetch(`${server.base}/api/v1/inboxes/${inbox}/mail`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'message/rfc822' },
      body: lines.join('\r\n'),
    });
    assert.equal(answer.status, 202);
  }

  const ticketOf = (subject) =>
    until(`the ticket "${subject}"`, async () => {
      const { items } = await api('GET', '/tickets?q=&limit=50');
      return items.find((one) => one.subject === subject);
    });

  /** A customer writes; the ticket. */
  async function write(subject, text = 'Здравствуйте! Помогите, пожалуйста.') {
    await receive([
      'From: Anna Karelina <anna@karelina.example>',
      `To: ${support}`,
      `Subject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=`,
      `Message-Id: <${randomBytes(8).toString('hex')}@karelina.example>`,
      'Content-Type: text/plain; charset=utf-8',
      '',
      text,
    ]);
    return ticketOf(subject);
  }

  /** Somebody with the ticket open and the greeting in the composer. */
  async function openTicket(ticket, options) {
    const one = await come(`/tickets/${ticket.id}`, options);
    await one.at('message').first().waitFor();
    await until('greeting and closing', async () => (await one.at('composer-body').textContent()).length > 5);
    return one;
  }

  return {
    ...{ browser, post, base: server.base, api, stranger, come, receive, ticketOf, write, openTicket },
    /** After each test: everybody goes home, and nobody's screen has complained. */
    async goHome() {
      const complaints = people.flatMap((one) => one.complaints);
      await Promise.all(people.splice(0).map((one) => one.close()));
      assert.equal(complaints.join('\n'), '', 'a screen complained');
    },
    async end() {
      await browser.close();
      await server.end();
      await post.end();
    },
  };
}
