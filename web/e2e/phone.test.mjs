// The same workspace in a hand: found, read, answered and solved with a finger; installed; told by push.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { colleague } from './stage/colleague.mjs';
import { startDepartment, tinyPng } from './stage/department.mjs';
import { stillness } from './stage/screens.mjs';
import { until } from './stage/until.mjs';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

let desk;
before(async () => {
  desk = await startDepartment();
});
after(() => desk?.end());
afterEach(() => desk.goHome());

test('a person with a phone finds a ticket, reads it, answers with a file and solves it', async () => {
  await desk.write('Зонт протекает');
  const ticket = await desk.write('Сумка не застёгивается', 'Молния сломалась на второй день.');
  const one = await desk.come('/views/all', phone);
  const { page } = one;
  await one.at('ticket-row').first().waitFor();
  await nothingSticksOut(one);

  await page.getByRole('combobox', { name: /Поиск/ }).or(page.getByLabel('Поиск и отбор')).first().tap();
  await page.keyboard.type('застёгивается');
  await page.keyboard.press('Enter');
  await one.at('search-hit').or(one.at('ticket-row')).filter({ hasText: 'Сумка' }).first().tap();
  await one.at('message').getByText('Молния сломалась на второй день.').first().waitFor();
  await until('greeting and closing', async () => (await one.at('composer-body').textContent()).length > 5);
  await nothingSticksOut(one);

  await one.at('composer-body').tap();
  await page.keyboard.type('Пришлите нам снимок молнии. ');
  const send = one.at('send-solve');
  await tallEnough(one, send, 44);
  await tallEnough(one, one.at('send'), 44);
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Приложить файл' }).tap(),
  ]);
  await chooser.setFiles({ name: 'как снимать.png', mimeType: 'image/png', buffer: tinyPng });
  await page.getByRole('region', { name: 'Ответ' }).getByRole('img').first().waitFor();
  await nothingSticksOut(one);
  await send.tap();
  await one.at('undo').waitFor();
  await until('it to be solved', async () => {
    const now = await desk.api('GET', `/tickets/${ticket.id}`);
    return now.status === 'solved';
  });
  await page
    .getByRole('button', { name: 'К списку' })
    .or(page.getByRole('button', { name: /Назад/ }))
    .first()
    .tap();
  await one.at('ticket-row').or(one.at('search-hit')).first().waitFor();
});

test('what opens over a ticket is seen on a phone: colleagues, templates, commands, when to come back', async () => {
  await colleague(desk, 'Вера Полозова', 'vera@desk.test');
  const body_html = '<p>Уже разбираемся.</p>';
  await desk.api('POST', '/templates', {
    name: 'Разбираемся',
    shortcut: 'razbor',
    body_html,
    section: 'own',
  });
  const one = await desk.openTicket(await desk.write('Списки на ладони'), phone);
  const { page } = one;
  const body = one.at('composer-body');
  const shown = (option) =>
    until('an option in sight', async () => (await option.boundingBox())?.height >= 24);

  await one.at('tab-note').tap();
  await body.tap();
  await page.keyboard.type('@Вер');
  const vera = one.at('picker').getByRole('option', { name: 'Вера Полозова' });
  await shown(vera);
  await vera.tap();
  await body.filter({ hasText: '@Вера Полозова' }).waitFor();

  await one.at('tab-reply').tap();
  await body.tap();
  await page.keyboard.type(' /razbor');
  const template = one.at('template-option').filter({ hasText: 'Разбираемся' });
  await shown(template);
  await template.tap();
  await body.filter({ hasText: 'Уже разбираемся.' }).waitFor();

  await page.keyboard.press('Control+k');
  await shown(page.locator('#palette-list').getByRole('option').first());
  await page.keyboard.press('Escape');
  await one.at('palette-input').waitFor({ state: 'detached' });
  await one.at('send-more').tap();
  await one.at('send-snooze').tap();
  await shown(one.at('when-tomorrow'));
  await nothingSticksOut(one);
});

test('the keyboard of a phone leaves the composer and its buttons in sight', async () => {
  const ticket = await desk.write('Тесно с клавиатурой');
  const one = await desk.come(`/tickets/${ticket.id}`, phone);
  const { page } = one;
  await until('greeting and closing', async () => (await one.at('composer-body').textContent()).length > 5);
  // What is pressed does not move away under the finger when the composer unfolds.
  await one.at('tab-note').tap();
  await until('the note', async () => (await one.at('tab-note').getAttribute('aria-selected')) === 'true');
  await one.at('tab-reply').tap();
  await until('the answer', async () => (await one.at('tab-reply').getAttribute('aria-selected')) === 'true');
  await one.at('composer-body').tap();
  // With interactive-widget=resizes-content the page becomes as small as this.
  await page.setViewportSize({ width: 360, height: 400 });
  await page.keyboard.type('Слово за словом. ');
  await stillness(one);
  for (const part of ['composer-body', 'send-solve', 'send']) {
    const box = await one.at(part).boundingBox();
    assert.ok(box.y >= 0 && box.y < 400 - 20, `${part} at ${box.y}`);
  }
  const button = await one.at('send-solve').boundingBox();
  assert.ok(button.y + button.height <= 400 && button.x + button.width <= 360, JSON.stringify(button));
  await nothingSticksOut(one);
});

test('every screen fits a phone, and everything that can be pressed can be hit', async () => {
  const one = await desk.come('/views/all', { ...phone, viewport: { width: 360, height: 740 } });
  await one.at('ticket-row').first().waitFor();
  for (const path of [
    '/views/all',
    '/contacts',
    '/organizations',
    '/contacts/import',
    '/quarantine',
    ...[
      'profile',
      'inboxes',
      'teams',
      'people',
      'roles',
      'brands',
      'templates',
      'calendars',
      'fields',
      'audit',
    ].map((part) => `/settings/${part}`),
  ]) {
    await one.page.goto(path);
    await stillness(one);
    await nothingSticksOut(one, path);
  }
  await one.page.goto('/views/all');
  await one.page.getByRole('button', { name: 'Открыть навигацию' }).tap();
  await one.at('bell').tap();
  await one.at('notices').waitFor();
  await nothingSticksOut(one, 'notices');
});

test('the workspace can be installed, in both languages', async () => {
  for (const [locale, name] of [
    ['ru', 'Опора'],
    ['en', 'Opora'],
  ]) {
    const one = await desk.come('/views/all', { ...phone, locale, serviceWorkers: 'allow' });
    await one.at('view-mine').waitFor({ state: 'attached' });
    await one.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const cdp = await one.context.newCDPSession(one.page);
    const { url, errors, data } = await cdp.send('Page.getAppManifest');
    assert.deepEqual(errors, [], url);
    const manifest = JSON.parse(data);
    assert.deepEqual([manifest.name, manifest.lang, manifest.shortcuts.length], [name, locale, 2]);
    const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors');
    // A test's browser has windows like private ones; nothing else may stand in the way.
    const troubles = installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito');
    assert.deepEqual(troubles, []);
    for (const { src, sizes } of manifest.icons.filter((icon) => icon.type === 'image/png')) {
      const answer = await one.context.request.get(src);
      const png = await answer.body();
      assert.equal(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`, sizes, src);
    }
    const colours = await one.page
      .locator('meta[name=theme-color]')
      .evaluateAll((tags) => tags.map((tag) => tag.content));
    assert.equal(colours[0], colours[1], 'a chosen theme colours the frame');
  }
  const one = await desk.come('/?new=ticket', phone);
  await one.at('new-email').waitFor();
});

test('a push is shown when nobody looks, and a press on it opens its ticket without loading anew', async () => {
  const ticket = await desk.write('Разбудите меня');
  const one = await desk.come('/views/all', { ...phone, serviceWorkers: 'allow' });
  const { page, context } = one;
  await context.grantPermissions(['notifications']);
  await one.at('ticket-row').first().waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await until('the worker to be in charge', () =>
    page.evaluate(() => navigator.serviceWorker.controller !== null),
  );
  await page.evaluate(() => (window.notLoadedAnew = true));
  const cdp = await context.newCDPSession(page);
  const registration = new Promise((done) =>
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      if (registrations[0]) done(registrations[0].registrationId);
    }),
  );
  await cdp.send('ServiceWorker.enable');
  const registrationId = await registration;
  const deliver = (told) =>
    cdp.send('ServiceWorker.deliverPushMessage', {
      origin: desk.base,
      registrationId,
      data: JSON.stringify(told),
    });
  const shown = () =>
    page.evaluate(async () => {
      const worker = await navigator.serviceWorker.ready;
      return (await worker.getNotifications()).map(({ title, body, tag }) => ({ title, body, tag }));
    });
  const told = {
    title: 'Анна упомянула вас',
    body: '#1 Разбудите меня',
    url: `/tickets/${ticket.id}`,
    tag: `ticket-${ticket.id}`,
  };

  // Whoever looks at the workspace is not told twice. They look until the worker has made up its mind.
  const [worker] = context.serviceWorkers();
  await worker.evaluate(() => {
    self.heard = 0;
    self.addEventListener('push', (event) =>
      event.waitUntil(
        self.clients.matchAll({ type: 'window', includeUncontrolled: true }).then(() => (self.heard += 1)),
      ),
    );
  });
  await until('somebody to look', () => page.evaluate(() => document.hasFocus()));
  await deliver({ ...told, tag: 'seen' });
  await until('the push to be heard', () => worker.evaluate(() => self.heard === 1));
  // Another tab lies in front: nobody looks at the workspace.
  const other = await context.newPage();
  await other.goto('about:blank');
  await cdp.send('Emulation.setFocusEmulationEnabled', { enabled: false });
  await other.bringToFront();
  await until('nobody to look', () => page.evaluate(() => !document.hasFocus()));
  await deliver(told);
  await until('the notice', async () => (await shown()).length === 1);
  assert.deepEqual(await shown(), [{ title: told.title, body: told.body, tag: told.tag }]);
  await deliver({ ...told, body: 'и ещё раз' });
  await until('the later word in its place', async () => (await shown())[0]?.body === 'и ещё раз');
  assert.equal((await shown()).length, 1, 'one notice for one ticket');

  // Pressed: the browser lets no test press it, so the worker hears of it the way it would.
  await worker.evaluate(async () => {
    const [notification] = await self.registration.getNotifications();
    self.dispatchEvent(new NotificationEvent('notificationclick', { notification }));
  });
  await page.waitForURL(`**/tickets/${ticket.id}`);
  await one.at('message').first().waitFor();
  assert.equal(await page.evaluate(() => window.notLoadedAnew), true);
  assert.deepEqual(await shown(), []);
});

/** Nothing is wider than the screen, and everything that can be pressed is at least 24 by 24. */
async function nothingSticksOut({ page }, where = page.url()) {
  const wrong = await page.evaluate(() => {
    const wide = document.documentElement.scrollWidth > innerWidth + 1;
    const found = wide ? [`the page is ${document.documentElement.scrollWidth} wide`] : [];
    for (const element of document.querySelectorAll('button, a[href], select, input:not([type=hidden])')) {
      const box = (element.closest('label') ?? element).getBoundingClientRect();
      const seen = element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
      if (!seen || box.width < 2 || box.bottom < 0 || box.top > innerHeight) continue;
      // A link within a sentence is as tall as its line (WCAG 2.5.8).
      if (element.tagName === 'A' && getComputedStyle(element).display === 'inline') continue;
      const name = element.getAttribute('aria-label') ?? element.textContent.trim().slice(0, 40);
      if (box.height < 23.5 || box.width < 23.5) found.push(`${name}: ${box.width} by ${box.height}`);
    }
    return [...new Set(found)];
  });
  assert.deepEqual(wrong, [], where);
}

async function tallEnough(one, locator, least) {
  const box = await locator.boundingBox();
  assert.ok(box.height >= least, `${box.height}`);
}

test('notices on this device are explained, listed and removed where they are chosen', async () => {
  const one = await desk.come('/settings/profile', { ...phone, serviceWorkers: 'allow' });
  const { page, context } = one;
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.reload();
  // A browser on its own cannot reach a push service: what it would answer is put in its mouth.
  await page.evaluate(() => {
    const said = {
      endpoint: 'https://push.example/one',
      keys: {
        p256dh: 'BEl62iUYgUivxIkv69yViEuiBIa-Ib9-SkvMeAtA3LFgDzkrxZJjSgSnfckjBJuBkr3qBUYIHBQFLXYp5Nksh8U',
        auth: 'tBHItJI5svbpez7KI4CCXg',
      },
    };
    let subscription = null;
    PushManager.prototype.getSubscription = async () => subscription;
    PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
      if (applicationServerKey.length !== 65 || applicationServerKey[0] !== 4) throw new Error('no key');
      subscription = { toJSON: () => said, unsubscribe: async () => ((subscription = null), true) };
      return subscription;
    };
  });
  const state = () => one.at('push-state').getAttribute('data-state');
  // A test's windows refuse notices until they are told otherwise: that too is said in words.
  await until('a word about it', async () => ['denied', 'off'].includes(await state()));
  await context.grantPermissions(['notifications']);
  await page.getByRole('link', { name: 'Ящики' }).tap();
  await page.getByRole('link', { name: 'Профиль' }).tap();
  await one.at('push-on').tap();
  await one.at('push-device').filter({ hasText: 'Это устройство' }).waitFor();
  const { subscriptions } = await desk.api('GET', '/me/push');
  assert.match(subscriptions[0].name, /^Chrome · /);
  await nothingSticksOut(one);
  await page.getByRole('button', { name: 'Отправить пробное' }).tap();
  await page.getByText('Отправлено.').waitFor();

  await one.at('digest').selectOption('daily');
  await one.at('digest-at').fill('08:30');
  await until('the settings', async () => {
    const kept = await desk.api('GET', '/me/notification-settings');
    return kept.digest === 'daily' && kept.digest_at === '08:30';
  });
  await one.at('notice-follow-mail').check();
  await until('the letter', async () => {
    const kept = await desk.api('GET', '/me/notification-settings');
    return kept.kinds.follow.mail === true;
  });

  await one
    .at('push-device')
    .getByRole('button', { name: /Убрать/ })
    .tap();
  await one.at('push-on').waitFor();
  assert.deepEqual((await desk.api('GET', '/me/push')).subscriptions, []);

  // Whoever signs out is not told any more.
  await one.at('push-on').tap();
  await one.at('push-device').waitFor();
  await one.at('logout').tap();
  await one.at('login-email').waitFor();
  assert.deepEqual((await desk.api('GET', '/me/push')).subscriptions, []);
});
