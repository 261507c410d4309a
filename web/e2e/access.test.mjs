// WCAG 2.2 A and AA, as far as a program can judge, on every screen in both themes. Each screen also leaves its picture,
// wide and narrow, for people to look at: in the folder OPORA_SHOTS, if it is named.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { knownBarriers } from './known.mjs';
import { openBrowser, person } from './stage/browser.mjs';
import { screens, stillness, visit } from './stage/screens.mjs';
import { startDemo } from './stage/server.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const folder = process.env.OPORA_SHOTS;
const sizes = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };

const met = new Set();
let server, browser, boss;

before(async () => {
  if (folder) mkdirSync(folder, { recursive: true });
  server = await startDemo(300);
  browser = await openBrowser();
  boss = server.boss;
});
after(async () => {
  await browser?.close();
  await server?.end();
});

for (const [theme, locale] of [
  ['light', 'ru'],
  ['dark', 'en'],
]) {
  let colleague;
  const inside = async () => {
    colleague ??= await person(browser, server.base, { locale, colorScheme: theme });
    await colleague.enter(boss, { locale, theme });
    return colleague;
  };
  const outside = () => person(browser, server.base, { locale, colorScheme: theme });

  for (const screen of screens) {
    test(`nothing on the screen "${screen.name}" shuts anybody out, ${theme}`, async () => {
      const one = screen.guest ? await outside() : await inside();
      await visit(one, screen);
      const barriers = await judge(one.page);
      const unknown = barriers.filter((barrier) => !isKnown(screen.name, theme, barrier));
      const complaints = one.complaints.splice(0);
      await pictures(one, `${screen.name}-${locale}-${theme}`);
      if (screen.guest) await one.close();
      assert.equal(unknown.map(told).join('\n'), '');
      assert.equal(complaints.join('\n'), '', 'the screen complained');
    });
  }
}

test('the list of known barriers holds none that is gone', () => {
  const gone = knownBarriers.filter((known) => !met.has(known));
  assert.deepEqual(gone, [], 'take these out of known.mjs');
});

async function pictures(one, name) {
  if (!folder) return;
  for (const [size, viewport] of Object.entries(sizes)) {
    await one.page.setViewportSize(viewport);
    await stillness(one);
    await one.page.screenshot({ path: join(folder, `${name}-${size}.png`) });
  }
  await one.page.setViewportSize(sizes.wide);
}

/** What axe holds for serious or critical: the rule, and the element. */
async function judge(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (values) => window.axe.run(document, { runOnly: { type: 'tag', values }, iframes: false }),
    rules,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => ({
        rule: id,
        target: target.join(' '),
        why: failureSummary,
      })),
    );
}

function isKnown(screen, theme, { rule, target }) {
  const known = knownBarriers.find(
    (one) =>
      one.screen === screen && one.rule === rule && one.target.test(target) && (one.theme ?? theme) === theme,
  );
  if (known) met.add(known);
  return known !== undefined;
}

const told = ({ rule, target, why }) => `${rule} at ${target}: ${why.replace(/\s+/g, ' ')}`;
