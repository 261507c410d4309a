/** Going from view to view, and from ticket to ticket, as a person who sits at the desk for hours. */
import { screen } from './screen.mjs';

const views = ['all_open', 'solved', 'all', 'unassigned', 'waiting'];

async function repeated({ rounds, quick }, page, step) {
  const times = { first: [], last: [] };
  const steps = quick ? 10 : 25;
  for (let round = 0; round <= rounds; round++) {
    const found = [];
    for (let nth = 0; nth < steps; nth++) found.push(await step(page, round * steps + nth));
    // The first round is to warm up.
    if (round === 0) continue;
    times.first.push(found.map(({ first }) => first));
    times.last.push(found.map(({ last }) => last));
  }
  return times;
}

/** Rows of another view, counted and drawn. */
export async function switches(desk) {
  const one = await screen(desk, '/views/all_open');
  const keys = [];
  for (const key of views) if ((await one.at(`view-${key}`).count()) > 0) keys.push(key);
  const times = await repeated(desk, one.page, (page, nth) =>
    page.evaluate(
      (key) => {
        const link = document.querySelector(`[data-testid="view-${key}"]`);
        return window.timed.from(
          () => link.click(),
          () =>
            location.pathname.startsWith(`/views/${key}`) &&
            document.querySelector('[data-home=list] [aria-busy=true]') === null &&
            document.querySelector(`[data-testid=ticket-row][href^="/views/${key}/"]`) !== null,
        );
      },
      keys[(nth + 1) % keys.length],
    ),
  );
  await one.close();
  return times;
}

/** The conversation with its mails, the customer, the composer with its greeting. */
export async function openings(desk) {
  const one = await screen(desk, '/views/all_open');
  const times = await repeated(desk, one.page, (page, nth) =>
    page.evaluate((nth) => {
      const rows = [...document.querySelectorAll('[data-testid=ticket-row]')];
      const row = rows[nth % Math.min(8, rows.length)];
      const id = row.dataset.ticket;
      const subject = row.querySelector('.s').textContent;
      return window.timed.from(
        () => row.click(),
        () =>
          location.pathname.endsWith(`/${id}`) &&
          document.querySelector('h1')?.textContent === subject &&
          document.querySelector('[data-testid=message]') !== null,
      );
    }, nth),
  );
  await one.close();
  return times;
}
