/** One agent changes a ticket while fifty look at the department: when does it stand on a colleague's screen? */
import { WebSocket } from 'ws';
import { colleague } from '../stage/colleague.mjs';
import { screen } from './screen.mjs';

async function crowd({ base, api }, size) {
  const desk = { base, api };
  const people = [];
  const stamp = Date.now().toString(36);
  for (let nth = 0; nth < size; nth++) {
    people.push(await colleague(desk, `Agent ${nth}`, `agent-${stamp}-${nth}@crowd.example`, 'agent'));
  }
  return people;
}

async function connected(base, login) {
  const door = await fetch(`${base}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(login),
  });
  const cookie = door.headers.get('set-cookie').split(';')[0];
  const socket = new WebSocket(`${base.replace('http', 'ws')}/api/v1/live`, {
    headers: { cookie, origin: base },
  });
  await new Promise((done, failed) => socket.once('open', done).once('error', failed));
  return socket;
}

export async function liveChanges(desk, agents) {
  const people = await crowd(desk, agents - 1);
  const sockets = [];
  for (const { login } of people) sockets.push(await connected(desk.base, login));
  const { items } = await desk.api('GET', '/tickets?q=status:new,open&limit=10&sort=updated');
  // One of ordinary length: the longest has a figure of its own.
  const ticket = items.find((one) => one.message_count < 100) ?? items[0];
  for (const socket of sockets) socket.send(JSON.stringify({ type: 'view', ticket_id: ticket.id }));
  const one = await screen(desk, `/views/all_open/${ticket.id}`);
  const { page } = one;
  const writer = people[0].api;
  const times = { 'the open ticket': [], 'the list': [] };
  const changes = desk.quick ? 10 : 30;
  for (let round = 0; round < desk.rounds; round++) {
    const [opened, listed] = [[], []];
    for (let nth = 0; nth < changes; nth++) {
      const subject = `Change ${round}-${nth}`;
      await page.evaluate(
        ([subject, id]) => {
          const clock = () => performance.timeOrigin + performance.now();
          const seen = (window.seen = {});
          const look = () => {
            const shown = { opened: 'h1', listed: `[data-ticket="${id}"] .s` };
            for (const [where, place] of Object.entries(shown)) {
              if (!seen[where] && document.querySelector(place)?.textContent === subject) {
                seen[where] = Infinity;
                void window.timed.painted().then(() => (seen[where] = clock()));
              }
            }
            if (Object.keys(seen).length < 2) requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        },
        [subject, ticket.id],
      );
      const asked = performance.timeOrigin + performance.now();
      await writer('PATCH', `/tickets/${ticket.id}`, { subject });
      const seen = await page
        .waitForFunction(() => window.seen.opened < Infinity && window.seen.listed < Infinity && window.seen)
        .then((handle) => handle.jsonValue());
      opened.push(seen.opened - asked);
      listed.push(seen.listed - asked);
      await new Promise((done) => setTimeout(done, 150 + Math.random() * 300));
    }
    times['the open ticket'].push(opened);
    times['the list'].push(listed);
  }
  sockets.forEach((socket) => socket.close());
  await one.close();
  return times;
}
