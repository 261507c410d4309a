/** Writing in a very long ticket, ten keys a second: does the screen keep up? */
import { until } from '../stage/until.mjs';
import { screen } from './screen.mjs';

const text = 'Здравствуйте! Мы проверили ваш заказ и видим, что посылка уже в пути. '.repeat(3).slice(0, 200);
const everyMs = 100;
const together = 8;

async function longTicket(api, count) {
  const inbox = (await api('GET', '/inboxes')).items[0].id;
  const subject = `A conversation of ${count} messages`;
  const body = { inbox_id: inbox, subject, body_text: 'Первое.', kind: 'note' };
  const { id } = await api('POST', '/tickets', {
    ...body,
    contact: { name: 'Long Story', address: 'long@story.example' },
  });
  let left = count - 1;
  const write = async () => {
    while (left-- > 0) {
      await api('POST', `/tickets/${id}/messages`, {
        kind: 'note',
        body_text: `Заметка ${left}: всё идёт своим чередом.`,
      });
    }
  };
  await Promise.all(Array.from({ length: together }, write));
  // A conversation does not grow by thousands in a moment: what the server makes of it is over when people read it.
  const last = `Заметка 0: всё идёт своим чередом`;
  await until(
    'the last message to be found',
    async () => (await api('GET', `/search?q=${encodeURIComponent(`"${last}"`)}`)).total > 0,
    120_000,
  );
  return id;
}

export async function typing(desk, count) {
  const id = await longTicket(desk.api, count);
  const one = await screen(desk, `/views/all/${id}`);
  const { page } = one;
  const found = { dropped: [], longest: [], frames: [], tasks: [] };
  await one.at('tab-note').click();
  await until('the caret', () =>
    page.evaluate(() => document.activeElement?.getAttribute('data-testid') === 'composer-body'),
  );
  // All of the conversation that a reader may have unfolded.
  for (let page = 0; page < 4; page++) {
    const older = one.page.getByRole('button', { name: 'Показать более ранние' });
    if ((await older.count()) > 0) await older.click();
    await one.page.evaluate(() => window.timed.settled());
  }
  await one.at('tab-note').click();
  for (let round = 0; round < desk.rounds; round++) {
    await page.evaluate(() => {
      const frames = (window.frames_ = { times: [], tasks: 0, on: true });
      const step = (at) => {
        frames.times.push(at);
        if (frames.on) requestAnimationFrame(step);
      };
      requestAnimationFrame(step);
      window.watcher?.disconnect();
      window.watcher = new PerformanceObserver((list) => (frames.tasks += list.getEntries().length));
      window.watcher.observe({ type: 'longtask' });
    });
    for (const letter of text) {
      const next = Date.now() + everyMs;
      await page.keyboard.type(letter);
      await new Promise((done) => setTimeout(done, Math.max(0, next - Date.now())));
    }
    const { times, tasks } = await page.evaluate(() => {
      window.frames_.on = false;
      return window.frames_;
    });
    const gaps = times.slice(1).map((at, nth) => at - times[nth]);
    const frame = 1000 / 60;
    found.dropped.push(gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / frame) - 1), 0));
    found.longest.push(Math.max(...gaps));
    found.frames.push(gaps.length);
    found.tasks.push(tasks);
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Backspace');
  }
  await one.close();
  return found;
}
