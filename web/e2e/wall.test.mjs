// The wall: what a lead keeps an eye on, live.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { startDepartment } from './stage/department.mjs';

let desk, me, billing;

before(async () => {
  desk = await startDepartment();
  me = (await desk.api('GET', '/session')).id;
  billing = await desk.api('POST', '/question-classes', { name: 'Счета', cover: { kind: 'always' } });
});
after(() => desk?.end());
afterEach(() => desk.goHome());

const figure = (one, name) => one.at(`wall-${name}`).locator('dd');

test('who waits, what is due and where nobody is stand on it, and it changes by itself', async () => {
  const one = await desk.come('/wall');
  await figure(one, 'waiting').getByText('0', { exact: true }).waitFor();
  await figure(one, 'longest').getByText('никто').waitFor();
  await figure(one, 'gaps_today').getByText('1', { exact: true }).waitFor();
  await one.at('wall-gaps').getByText('Счета').waitFor();
  await one.page.getByText('Открытых обращений нет.').first().waitFor();

  const { id } = await desk.write('Где наш счёт');
  await figure(one, 'waiting').getByText('1', { exact: true }).waitFor();
  await figure(one, 'nobodys').getByText('1', { exact: true }).waitFor();
  await one.at('wall-oldest').getByText('Где наш счёт').waitFor();
  await one.at('wall-classes').getByText('Без класса').waitFor();

  const due_at = new Date(Date.now() + 1_800_000).toISOString();
  await desk.api('PUT', `/tickets/${id}/promise`, { due_at, text: '' });
  await desk.api('PATCH', `/tickets/${id}`, { assignee_id: me, class_id: billing.id });
  await figure(one, 'soon').getByText('1', { exact: true }).waitFor();
  await figure(one, 'nobodys').getByText('0', { exact: true }).waitFor();
  await one.at('wall-deadlines').getByTestId('sla-chip').waitFor();
  await one.at('wall-classes').getByText('Счета').waitFor();
  await one.at('wall-people').getByText('в работе 1').waitFor();

  const now = Date.now();
  const [from, until] = [new Date(now - 3_600_000), new Date(now + 30 * 3_600_000)].map((at) =>
    at.toISOString(),
  );
  await desk.api('POST', '/roster/shifts', {
    agent_id: me,
    class_id: billing.id,
    kind: 'duty',
    starts_at: from,
    ends_at: until,
  });
  await desk.api('POST', '/roster/publish', { from, until });
  await figure(one, 'gaps_today').getByText('0', { exact: true }).waitFor();
  await one
    .at('wall-people')
    .getByText(/^Счета до \d/)
    .waitFor();

  await one.at('wall-oldest').getByText('Где наш счёт').click();
  await one.page.waitForURL(new RegExp(`/tickets/${id}|/${id}$`));
});

test('it is reached by keys and from the palette of a lead, and says when it is old', async () => {
  const one = await desk.come('/views/mine');
  await one.page.getByText('Никто не ждёт ответа').or(one.at('ticket-row')).first().waitFor();
  await one.page.keyboard.press('g');
  await one.page.keyboard.press('d');
  await one.at('wall-figures').waitFor();
  assert.equal(await one.at('nav-wall').getAttribute('aria-current'), 'page');
  one.excuse(/ERR_INTERNET_DISCONNECTED|WebSocket connection/);
  await one.context.setOffline(true);
  await one.page.getByText(/Нет связи: данные на \d/).waitFor();
  await one.context.setOffline(false);
  await one.page.getByText(/Нет связи: данные на \d/).waitFor({ state: 'detached' });
});
