// Draws the icons of the installed workspace from public/icon.svg: `node shots/icons.mjs`, after the drawing has changed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const folder = join(import.meta.dirname, '../public');
const svg = readFileSync(join(folder, 'icon.svg'), 'utf8');
/** Systems cut these to their own shape: no round corners, and the sign within the middle four fifths. */
const whole = svg.replace(' rx="14"', '');
const inner = whole.replace('translate(12 12) scale(2.5)', 'translate(16 16) scale(2)');

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
for (const [name, size, drawing] of [
  ['icon-192', 192, svg],
  ['icon-512', 512, svg],
  ['icon-maskable-192', 192, inner],
  ['icon-maskable-512', 512, inner],
  ['icon-apple', 180, whole],
  ['icon-badge', 96, svg.replace(/<rect[^>]*rx="14"[^>]*\/>/, '')],
]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>*{margin:0}svg{display:block;width:100vw}</style>${drawing}`);
  await page.screenshot({ path: join(folder, `${name}.png`), omitBackground: true });
  await page.close();
}
await browser.close();
