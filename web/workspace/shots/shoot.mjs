// Takes pictures of every screen in both languages and themes, wide and narrow, against the mock and the dev server.
// Usage: npm run shots -- [name …]; OUT, BASE and CHROMIUM can be set in the environment.
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const out = process.env.OUT ?? 'test-results/shots';
const base = process.env.BASE ?? 'http://127.0.0.1:5173';
const email = process.env.EMAIL ?? 'svetlana@opora.example';
const password = process.env.PASSWORD ?? 'demo';
const wanted = process.argv.slice(2);
const quick = process.env.QUICK === '1';
mkdirSync(out, { recursive: true });

const click = (selector) => (page) => page.locator(selector).first().click();
const screens = [
  { name: 'login', path: '/login', guest: true },
  { name: 'reset', path: '/reset', guest: true },
  { name: 'invitation', path: '/invitations/abc', guest: true },
  { name: 'list', path: '/views/mine' },
  { name: 'ticket', path: '/views/mine', act: click('[data-testid=ticket-row]') },
  {
    name: 'long',
    path: '/views/all_open',
    act: async (page) => {
      await page.locator('[data-testid=ticket-row]').nth(2).click();
    },
  },
  {
    name: 'note',
    path: '/views/mine',
    act: async (page) => {
      await click('[data-testid=ticket-row]')(page);
      await page.locator('[data-testid=tab-note]').click();
      await page.locator('[data-testid=composer-body]').pressSequentially('Нашли причину, @О');
    },
  },
  {
    name: 'reply',
    path: '/views/mine',
    act: async (page) => {
      await click('[data-testid=ticket-row]')(page);
      await page.locator('[data-testid=composer-body]').waitFor();
      await page.waitForTimeout(300);
      await page.locator('[data-testid=tab-reply]').click();
      await page.keyboard.type(
        'Файл разобрали: в колонке «Цена» строки 214–260 записаны через запятую. Исправленный файл приложили.',
      );
      await page.locator('[data-testid=send]').click();
    },
  },
  {
    name: 'talks',
    path: '/views/all_open',
    act: async (page) => {
      await click('[data-testid=ticket-row]')(page);
      await page.locator('[data-testid=composer-body]').waitFor();
      await page.keyboard.press('d');
    },
  },
  { name: 'search', path: '/search?q=%D0%BF%D0%BE%D1%81%D1%8B%D0%BB%D0%BA%D0%B0' },
  {
    name: 'palette',
    path: '/views/mine',
    act: async (page) => {
      await click('[data-testid=ticket-row]')(page);
      await page.waitForTimeout(400);
      await page.keyboard.press('Control+k');
    },
  },
  { name: 'keys', path: '/views/mine', act: (page) => page.keyboard.press('Shift+Slash') },
  { name: 'new', path: '/views/mine', act: (page) => page.keyboard.press('c') },
  { name: 'quarantine', path: '/quarantine' },
  { name: 'mailbox', path: '/mailbox' },
  ...['profile', 'keys', 'inboxes', 'teams', 'people', 'roles', 'brands', 'templates'].map((name) => ({
    name: `settings-${name}`,
    path: `/settings/${name}`,
  })),
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
const sizes = { wide: { width: 1440, height: 900 }, narrow: { width: 360, height: 740 } };
let variants = ['ru', 'en'].flatMap((locale) =>
  ['light', 'dark'].flatMap((theme) => Object.keys(sizes).map((size) => ({ locale, theme, size }))),
);
if (quick) variants = variants.filter(({ locale, theme }) => (locale === 'ru') === (theme === 'light'));

for (const { locale, theme, size } of variants) {
  const context = await browser.newContext({ viewport: sizes[size], locale, colorScheme: theme });
  await context.addInitScript(
    `localStorage.setItem('opora.theme', '${theme}'); localStorage.setItem('opora.locale', '${locale}')`,
  );
  for (const { name, path, guest, act } of screens) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const page = await context.newPage();
    page.on('pageerror', (error) => console.log(`${name}: ${error.message.split('\n')[0]}`));
    page.on(
      'console',
      (message) =>
        message.type() === 'error' &&
        !/401/.test(message.text()) &&
        console.log(`${name}: ${message.text().split('\n')[0]}`),
    );
    if (guest) await context.clearCookies();
    else {
      await page.request.post(`${base}/api/v1/session`, {
        data: { email, password },
      });
      await page.request.patch(`${base}/api/v1/me`, { data: { locale, theme } });
    }
    try {
      await page.goto(base + path);
      await page.waitForTimeout(500);
      await act?.(page);
      await page.waitForTimeout(700);
    } catch (error) {
      console.log(`${name} ${locale} ${theme} ${size}: ${error.message.split('\n')[0]}`);
    }
    await page.screenshot({ path: `${out}/${name}-${locale}-${theme}-${size}.png` });
    await page.close();
  }
  await context.close();
}
await browser.close();
