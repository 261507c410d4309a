/**
 * A real browser and the people in it. Every person has cookies and storage of their own, and whatever goes wrong on
 * their screens (an exception, an error in the console, a broken policy, an answer of 500 or more) is remembered:
 * `complaints` must be empty at the end.
 */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import { knownComplaints } from '../known.mjs';

export const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function chromiumPath() {
  if (process.env.OPORA_CHROMIUM) return process.env.OPORA_CHROMIUM;
  const places = (process.env.PATH ?? '').split(delimiter);
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    const found = places.map((place) => join(place, name)).find((path) => existsSync(path));
    if (found) return found;
  }
  throw new Error('no chromium, chromium-browser or google-chrome on the PATH; OPORA_CHROMIUM can name one');
}

export const openBrowser = () =>
  chromium.launch({ executablePath: chromiumPath(), args, handleSIGINT: false });

/** A person in front of an empty window. */
export async function person(browser, base, options = {}) {
  const context = await browser.newContext({
    baseURL: base,
    locale: 'ru',
    viewport: { width: 1440, height: 900 },
    // Whoever comes for a moment need not keep the workspace; tests about that allow it.
    serviceWorkers: 'block',
    ...options,
  });
  context.setDefaultTimeout(15_000);
  const complaints = [];
  const excused = [/\/api\/v1\/session\b.*status of 401/, ...knownComplaints];
  const complain = (text) => {
    if (!complaints.includes(text) && !excused.some((one) => one.test(text))) complaints.push(text);
  };
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy broken: ${event.violatedDirective} by ${event.blockedURI}`),
    );
  });
  context.on('weberror', (error) => complain(`exception: ${error.error().stack ?? error.error()}`));
  context.on('console', (message) => {
    if (message.type() === 'error') complain(`console: ${message.location().url} ${message.text()}`);
  });
  context.on('response', (response) => {
    if (response.status() >= 500) complain(`${response.status()} ${response.url()}`);
  });
  const page = await context.newPage();
  const loading = new Set();
  page.on('request', (request) => loading.add(request));
  page.on('requestfinished', (request) => loading.delete(request));
  page.on('requestfailed', (request) => loading.delete(request));
  return {
    context,
    page,
    complaints,
    /** How many requests are on their way. */
    underway: () => loading.size,
    /** Some errors are what a test is about. */
    excuse: (pattern) => excused.push(pattern),
    at: (testid) => page.getByTestId(testid),
    async login({ email, password }) {
      await page.goto('/login');
      await page.getByTestId('login-email').fill(email);
      await page.getByTestId('login-password').fill(password);
      await page.getByTestId('login-submit').click();
      await page.getByTestId('view-mine').waitFor();
    },
    /** Comes in without touching the login screen, with the given language and theme. */
    async enter({ email, password }, { locale, theme }) {
      const { request } = context;
      const door = await request.post('/api/v1/session', { data: { email, password } });
      if (!door.ok()) throw new Error(`${email} may not come in: ${door.status()}`);
      await request.patch('/api/v1/me', { data: { locale, theme } });
    },
    close: () => context.close(),
  };
}
