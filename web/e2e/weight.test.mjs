// How heavy the workspace is on the first visit: bytes are counted, no clock is looked at.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { firstLoad } from './bench/load.mjs';
import { login, startDepartment } from './stage/department.mjs';

const most = 150;

let desk;
before(async () => {
  desk = await startDepartment();
});
after(() => desk?.end());

test('the script sent before the editor weighs no more than it may', async () => {
  await desk.write('Первое, что видно');
  const { sent, kilobytes } = await firstLoad({ browser: desk.browser, base: desk.base, login, rounds: 1 });
  assert.ok(sent > 20, `it was loaded at all: ${sent} KB`);
  assert.ok(sent <= most, `${sent.toFixed(1)} KB are sent, gzip -9 would make ${kilobytes.toFixed(1)}`);
});

test('a file goes out packed to whoever can unpack it, plain to others, and is asked for once', async () => {
  const page = await (await fetch(`${desk.base}/`)).text();
  const path = /src="(\/assets\/index-[^"]+\.js)"/.exec(page)[1];
  const get = (headers) => fetch(desk.base + path, { headers });
  const sizes = {};
  for (const coding of ['br', 'gzip', 'identity']) {
    const answer = await get({ 'Accept-Encoding': coding });
    assert.equal(answer.headers.get('content-encoding'), coding === 'identity' ? null : coding);
    assert.match(answer.headers.get('vary'), /accept-encoding/i);
    assert.match(answer.headers.get('cache-control'), /immutable/);
    sizes[coding] = await answer.text();
  }
  assert.equal(sizes.br, sizes.identity);
  assert.equal(sizes.gzip, sizes.identity);
  const { headers } = await get({ 'Accept-Encoding': 'gzip' });
  const again = await get({ 'Accept-Encoding': 'gzip', 'If-None-Match': headers.get('etag') });
  assert.equal(again.status, 304);
});
