/** A tab that is never closed: tickets opened one after another while colleagues change others. How large does it get? */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { openBare } from '../stage/bare.mjs';
import { until } from '../stage/until.mjs';

/** So many tickets a person opens in a week of eight-hour days. */
const aWeek = 1_000;
/** Between two of them nobody waits; in a week there is time enough to tidy up. */
const breather = 20;
/** The lunch after which one looks. */
const rest = 20_000;

/** MB that the processes of the pages hold, as the system counts; the largest of them. */
async function resident(bare) {
  return Math.max(0, ...(await bare.renderers()).map(sizeOf));
}

function sizeOf(pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
  } catch {
    return 0;
  }
}

export async function week(desk) {
  const { items } = await desk.api('GET', '/tickets?q=&limit=1000&sort=updated');
  const bare = await openBare();
  try {
    await bare.go(`${desk.base}/login`);
    await until('the page', () => bare.evaluate(() => location.pathname === '/login'));
    await bare.evaluate(async (login) => {
      const headers = { 'Content-Type': 'application/json' };
      await fetch('/api/v1/session', { method: 'POST', headers, body: JSON.stringify(login) });
    }, desk.login);
    await bare.go(`${desk.base}/views/all`);
    await until('the list', () =>
      bare.evaluate(() => document.querySelector('[data-testid=ticket-row]') !== null),
    );
    const opens = desk.quick ? 100 : aWeek;
    const sizes = [];
    for (let opened = 0; opened < opens; opened++) {
      const ticket = items[opened % items.length];
      await bare.evaluate((id) => {
        history.pushState(null, '', `/views/all/${id}`);
        dispatchEvent(new PopStateEvent('popstate'));
      }, ticket.id);
      await until('the ticket', () =>
        bare.evaluate((subject) => document.querySelector('h1')?.textContent === subject, ticket.subject),
      );
      // Others work meanwhile: news for the open list with every ticket.
      const other = items[(opened * 7 + 3) % items.length];
      await desk.api('PATCH', `/tickets/${other.id}`, { priority: opened % 2 ? 'high' : 'normal' });
      await pause(breather);
      if ((opened + 1) % (opens / 10) === 0) sizes.push(await resident(bare));
    }
    await pause(rest);
    sizes.push(await resident(bare));
    return { opens, sizes };
  } finally {
    await bare.close();
  }
}
