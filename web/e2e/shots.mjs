// Takes pictures of every screen in both languages and themes, wide and narrow, of the real demo. For people to look at.
// OPORA_SHOTS names the folder; names of screens as arguments choose some: npm run shots -w e2e -- ticket search
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser, person } from './stage/browser.mjs';
import { screens, stillness, visit } from './stage/screens.mjs';
import { startDemo, startOpora } from './stage/server.mjs';

const folder = process.env.OPORA_SHOTS ?? join(import.meta.dirname, 'shots');
const wanted = process.argv.slice(2);
const chosen = (name) => wanted.length === 0 || wanted.includes(name);
const sizes = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };
const variants = ['ru', 'en'].flatMap((locale) =>
  ['light', 'dark'].flatMap((theme) => Object.keys(sizes).map((size) => ({ locale, theme, size }))),
);
mkdirSync(folder, { recursive: true });

const demo = await startDemo(300);
const empty = await startOpora('serve');
const browser = await openBrowser();

async function picture(base, screen, { locale, theme, size }, login) {
  const options = { locale, colorScheme: theme, viewport: sizes[size] };
  const one = await person(browser, base, options);
  const name = `${screen.name}-${locale}-${theme}-${size}`;
  try {
    if (login && !screen.guest) await one.enter(login, { locale, theme });
    await visit(one, screen);
  } catch (error) {
    console.log(`${name}: ${error.message.split('\n')[0]}`);
  }
  await one.page.screenshot({ path: join(folder, `${name}.png`) });
  for (const complaint of one.complaints) console.log(`${name}: ${complaint.split('\n')[0]}`);
  await one.close();
}

for (const variant of variants) {
  if (chosen('setup')) await picture(empty.base, { name: 'setup', path: '/', act: stillness }, variant);
  for (const screen of screens.filter(({ name }) => chosen(name))) {
    await picture(demo.base, screen, variant, demo.boss);
  }
}
await browser.close();
await Promise.all([demo.end(), empty.end()]);
console.log(`pictures are in ${folder}`);
