/** Every screen a person can come to, how to come there, and when it stands still. */
import { until } from './until.mjs';

const openTicket =
  (nth = 0) =>
  async (one) => {
    await one.at('ticket-row').nth(nth).click();
    await one.at('message').first().waitFor();
    await one.at('composer-body').waitFor();
  };
const press = (key, seen) => async (one) => {
  await one.at('ticket-row').first().waitFor();
  await one.page.keyboard.press(key);
  await one.page.locator(seen).first().waitFor();
};
const inTicket = (key, seen) => async (one) => {
  await openTicket()(one);
  await one.page.keyboard.press(key);
  await one.page.locator(seen).first().waitFor();
};

/** `guest`: it is for people who have not come in. */
export const screens = [
  { name: 'login', path: '/login', guest: true, ready: 'demo-login' },
  { name: 'login-wrong', path: '/login', guest: true, act: wrongLogin },
  { name: 'reset', path: '/reset', guest: true },
  { name: 'list', path: '/views/all_open', ready: 'ticket-row' },
  { name: 'list-solved', path: '/views/solved', ready: 'ticket-row' },
  { name: 'ticket', path: '/views/all_open', act: openTicket(0) },
  { name: 'ticket-other', path: '/views/all_open', act: openTicket(3) },
  { name: 'ticket-offline', path: '/views/all_open', act: loseConnection },
  { name: 'ticket-solved', path: '/views/solved', act: openTicket(1) },
  { name: 'note', path: '/views/all_open', act: writeNote },
  { name: 'sent', path: '/views/all_open', act: sendReply },
  { name: 'talks', path: '/views/all_open', act: inTicket('d', '[data-testid=talk-subject]') },
  { name: 'forward', path: '/views/all_open', act: forward },
  { name: 'split', path: '/views/all_open', act: split },
  { name: 'status-palette', path: '/views/all_open', act: inTicket('s', '[data-testid=palette-input]') },
  { name: 'hand-over', path: '/views/all_open', act: inTicket('h', '[data-testid=handover-to]') },
  { name: 'palette', path: '/views/all_open', act: press('Control+k', '[data-testid=palette-input]') },
  { name: 'keys', path: '/views/all_open', act: press('Shift+Slash', 'dialog, [role=dialog]') },
  { name: 'new-ticket', path: '/views/all_open', act: press('c', '[data-testid=new-email]') },
  { name: 'search', path: '/search?q=посылка', ready: 'search-hit' },
  { name: 'search-filter', path: '/search?q=is:open priority:high', ready: 'ticket-row' },
  { name: 'search-nothing', path: '/search?q=абракадабра' },
  { name: 'quarantine', path: '/quarantine', act: openLetter('quarantine-row') },
  { name: 'quarantine-aside', path: '/quarantine/aside', ready: 'pile-aside' },
  { name: 'contacts', path: '/contacts', ready: 'contact-row' },
  { name: 'contact', path: '/contacts', act: openCard('contact-row', 'contact-name') },
  { name: 'contact-new', path: '/contacts', act: newContact },
  { name: 'contact-merge', path: '/contacts', act: openMerge },
  { name: 'organizations', path: '/organizations', ready: 'part-organizations' },
  { name: 'organization', path: '/search?q=entitlement:stranger', act: openOrganization },
  { name: 'ticket-stranger', path: '/search?q=entitlement:stranger', act: openStranger },
  { name: 'contacts-import', path: '/contacts/import', ready: 'import-file' },
  { name: 'roster', path: '/roster', ready: 'roster-bar' },
  { name: 'wall', path: '/wall', ready: 'wall-figures' },
  { name: 'roster-people', path: '/roster', act: headButton('По людям', 'By person', 'roster-bar') },
  { name: 'roster-month', path: '/roster', act: headButton('Месяц', 'Month', 'roster-month') },
  { name: 'roster-shift', path: '/roster', act: openShift },
  { name: 'roster-setup', path: '/roster', act: openSetup },
  { name: 'mailbox', path: '/mailbox', act: openLetter('mailbox-letter') },
  { name: 'mailbox-write', path: '/mailbox', act: writeLetter },
  { name: 'settings-keys', path: '/settings/keys', act: recordKeys },
  { name: 'calendar', path: '/settings/calendars', act: editCalendar },
  { name: 'calendar-fill', path: '/settings/calendars', act: fillCalendar },
  { name: 'calendar-day', path: '/settings/calendars', act: openDay },
  ...[
    'profile',
    'inboxes',
    'teams',
    'people',
    'roles',
    'brands',
    'plans',
    'templates',
    'calendars',
    'fields',
    'audit',
  ].map((part) => ({
    name: `settings-${part}`,
    path: `/settings/${part}`,
  })),
  { name: 'settings-sla-none', path: '/settings/sla', act: promiseNothing },
  { name: 'settings-sla-form', path: '/settings/sla', act: promiseByForm },
  { name: 'settings-sla', path: '/settings/sla', act: seePolicies },
  { name: 'settings-routes-none', path: '/settings/routes', act: routeNothing },
  { name: 'settings-routes-form', path: '/settings/routes', act: routeByForm },
  { name: 'settings-routes', path: '/settings/routes', act: seeRoutes },
  { name: 'settings-routes-taker', path: '/settings/routes', act: openTaker },
  { name: 'list-sla', path: '/search?q=is:open -sla:none', act: seeDeadlines },
  { name: 'ticket-sla', path: '/search?q=is:open -sla:none', act: openDeadlines },
];

/** A button of the roster's head, by its name in either language. */
function headButton(russian, english, seen) {
  return async (one) => {
    await one.at('roster-range').waitFor();
    await one.page.getByRole('button', { name: new RegExp(`^(${russian}|${english})$`) }).click();
    await one.at(seen).first().waitFor();
  };
}

async function openShift(one) {
  await one.at('roster-bar').first().click();
  await one.at('shift-who').waitFor();
}

async function openSetup(one) {
  await one.at('roster-bar').first().waitFor();
  await one.at('roster-setup').click();
  await one.at('setup-rotations').click();
  await one.at('rotation-add').click();
  await one.at('rotation-name').waitFor();
}

const policies = async ({ context }) =>
  (await (await context.request.get('/api/v1/sla/policies')).json()).items;

async function promiseNothing(one) {
  for (const { id } of await policies(one)) {
    await one.context.request.delete(`/api/v1/sla/policies/${id}`, { headers: { 'X-Opora': '1' } });
  }
  await one.page.reload();
  await one.at('sla-preset-mail').waitFor();
}

async function promiseByForm(one) {
  await promiseNothing(one);
  await one.at('sla-preset-premium').click();
  await one.at('target-resolution-high').fill('soon');
  await one.at('target-resolution-high').blur();
}

/** Several policies, one of them off; they bind the tickets of the demo. */
async function promise(one) {
  if ((await policies(one)).length > 0) return;
  const always = (seconds) => ({ low: seconds, normal: seconds, high: seconds, urgent: seconds });
  const add = (data) => one.context.request.post('/api/v1/sla/policies', { data });
  await add({ name: 'Premium', filter: 'priority:high,urgent', targets: { next_response: always(14_400) } });
  const by = { low: 172_800, normal: 28_800, high: 5_400, urgent: 900 };
  await add({
    name: 'Standard',
    targets: { first_response: by, next_response: by, resolution: always(2_592_000) },
  });
  await add({ name: 'Tier 2', active: false, filter: 'team:none', targets: { pick_up: always(3_600) } });
}

async function seePolicies(one) {
  await promise(one);
  await one.page.reload();
  await one.at('policy-row').nth(2).waitFor();
}

const routes = async ({ context }) => (await (await context.request.get('/api/v1/routes')).json()).items;

async function routeNothing(one) {
  for (const { id } of await routes(one)) {
    await one.context.request.delete(`/api/v1/routes/${id}`, { headers: { 'X-Opora': '1' } });
  }
  await one.page.reload();
  await one.at('taker-row').first().waitFor();
}

async function routeByForm(one) {
  await one.at('route-new').click();
  await one.at('route-name').waitFor();
}

/** Several routes that hand out nothing: the tickets of the demo stay where they are. */
async function seeRoutes(one) {
  if ((await routes(one)).length === 0) {
    const add = (data) => one.context.request.post('/api/v1/routes', { data });
    await add({
      ...{ name: 'Billing', active: false, filter: 'tag:billing', mode: 'least_loaded', by_roster: true },
      ...{ skills: ['english', 'accounting'], prefer: ['last'], return_minutes: 15 },
    });
    await add({ name: 'Everything else', mode: 'manual' });
    await one.page.reload();
  }
  await one.at('route-row').nth(1).waitFor();
  await one.at('taker-row').first().waitFor();
}

async function openTaker(one) {
  await one.at('taker-edit').first().click();
  await one.at('taker-all').waitFor();
}

async function seeDeadlines(one) {
  await promise(one);
  await one.at('sla-chip').first().waitFor();
}

async function openDeadlines(one) {
  await seeDeadlines(one);
  await one.at('ticket-row').first().click();
  await one.at('composer-body').waitFor();
}

async function forward(one) {
  await openTicket()(one);
  await one.at('message-menu').first().click();
  await one.at('message-forward').click();
  await one.at('new-body').waitFor();
}

/** In the first ticket in which more than one thing was said. */
async function split(one) {
  for (let nth = 0; ; nth++) {
    await openTicket(nth)(one);
    await stillness(one);
    if ((await one.at('message').count()) > 1) break;
  }
  await one.at('message-menu').last().click();
  await one.at('message-split').click();
  await one.at('split-subject').waitFor();
}

/** Goes to a screen and waits until nothing moves there any more. */
export async function visit(one, { path, act, ready, guest }) {
  await one.context.setOffline(false);
  if (guest) await one.context.clearCookies();
  await one.page.goto(path);
  if (ready) await one.at(ready).first().waitFor();
  await act?.(one);
  await stillness(one);
}

/** Nothing loads, nothing is busy, nothing moves, the letters are there. */
export async function stillness({ page, underway }) {
  await until('the screen to stand still', async () => {
    if (underway() > 0) return false;
    return page.evaluate(
      () =>
        document.fonts.status === 'loaded' &&
        document.querySelector('[aria-busy=true]') === null &&
        document.getAnimations().every((one) => one.playState !== 'running'),
    );
  });
}

async function recordKeys(one) {
  await one.page.locator('[data-action=reply]').getByTestId('key-record').click();
  await one.page.keyboard.press('j');
  await one.at('key-verdict').locator('p').waitFor();
}

async function loseConnection(one) {
  one.excuse(/ERR_INTERNET_DISCONNECTED|WebSocket connection/);
  await openTicket()(one);
  await stillness(one);
  await one.context.setOffline(true);
  await one.at('offline').waitFor();
}

async function wrongLogin(one) {
  one.excuse(/\/api\/v1\/session .*status of 401/);
  await one.at('login-email').fill('somebody@opora.example');
  await one.at('login-password').fill('a guess');
  await one.at('login-submit').click();
  await one.page.getByRole('alert').waitFor();
}

async function writeNote(one) {
  await openTicket()(one);
  await one.at('tab-note').click();
  await one.at('composer-body').pressSequentially('@');
}

async function sendReply(one) {
  // Far from the ticket in which the note's draft stays.
  await openTicket(8)(one);
  await one.at('tab-reply').click();
  await one.at('composer-body').pressSequentially('Разобрались: письмо уже в пути. ');
  await one.at('send').click();
  await one.at('undo').waitFor();
}

function openLetter(testid) {
  return async (one) => {
    await stillness(one);
    const letter = one.at(testid).first();
    if ((await letter.count()) > 0) await letter.click();
  };
}

function openCard(row, seen) {
  return async (one) => {
    await one.at(row).first().click();
    await one.at(seen).waitFor();
  };
}

/** A ticket of somebody who is on no list, with the warning over it. */
async function openStranger(one) {
  await openTicket(0)(one);
  await one.at('entitled').waitFor();
}
/** The organization that has agreed on everything there is. */
async function openOrganization(one) {
  await openStranger(one);
  const link = one.at('organization-panel').locator('h2 a');
  await one.page.goto(await link.getAttribute('href'));
  await one.at('authorised-one').first().waitFor();
  await one.at('onboarding-step').first().waitFor();
}

async function newContact(one) {
  await one.at('contacts-new').click();
  await one.at('new-contact-name').waitFor();
}

async function openMerge(one) {
  await openCard('contact-row', 'contact-name')(one);
  await one.at('contact-more').click();
  await one.at('contact-merge').click();
  await one.at('merge-choice').first().waitFor();
}

async function writeLetter(one) {
  await one.at('mailbox-write').click();
  await one.at('mailbox-body').waitFor();
}

async function editCalendar(one) {
  await one.page.locator('[data-edit]').first().click();
  await one.at('calendar-meaning').locator('.muted').waitFor();
}

async function fillCalendar(one) {
  await editCalendar(one);
  await one.at('calendar-fill').click();
  await one.at('calendar-show-changes').click();
  await one.at('calendar-changes').waitFor();
}

/** With a year's days laid in, so that the months have something to show. */
async function openDay(one) {
  await fillCalendar(one);
  await one.at('calendar-take').click();
  await one.page.locator('[data-kind=short]').first().click();
  await one.page.getByRole('dialog').waitFor();
}
