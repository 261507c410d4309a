import { describe, expect, it } from 'vitest';
import { answererOf, outdated, Shell } from './shell';

const origin = 'https://desk.example';
const asked = (path: string, mode = 'cors', method = 'GET') =>
  answererOf({ method, mode, url: new URL(path, origin).href }, origin);

describe('the service worker', () => {
  it('answers for every address of the workspace with the page', () => {
    expect([asked('/', 'navigate'), asked('/views/mine/5?m=1', 'navigate')]).toEqual(['page', 'page']);
  });
  it('leaves everything about people to the network', () => {
    expect(asked('/api/v1/tickets/1')).toBe('network');
    expect(asked('/api/v1/attachments/1', 'navigate')).toBe('network');
    expect(asked('/api/v1/attachments/1', 'no-cors')).toBe('network');
    expect(asked('https://elsewhere.example/assets/a.js')).toBe('network');
    expect(asked('/', 'navigate', 'POST')).toBe('network');
  });
  it('answers for the built files', () => {
    expect([asked('/assets/index-a1.js'), asked('/icon-192.png')]).toEqual(['file', 'file']);
    expect(asked('/sw.js', 'same-origin')).toBe('network');
  });
  it('keeps the files of the last few versions for pages that are still open', () => {
    const names = ['opora.shell.a', 'other', ...['b', 'c', 'd', 'e', 'f'].map((one) => `opora.shell.${one}`)];
    expect(outdated(names, 'f')).toEqual(['opora.shell.a']);
    expect(outdated(['opora.shell.a'], 'a')).toEqual([]);
  });
});

describe('the page', () => {
  const kept = new Response('kept');
  const caches = { match: async () => kept.clone() } as unknown as CacheStorage;
  const page = (fetch: () => Promise<Response>) =>
    new Shell('v', [], caches, fetch).page(new Request(origin), 10).then((one) => one.text());

  it('comes from the network, so that a new version is there with the next load', async () => {
    expect(await page(async () => new Response('fresh'))).toBe('fresh');
  });
  it('is the kept one when nobody answers, answers late, or only a gateway does', async () => {
    expect(await page(() => Promise.reject(new TypeError('offline')))).toBe('kept');
    expect(await page(() => new Promise(() => undefined))).toBe('kept');
    expect(await page(async () => new Response('bad gateway', { status: 502 }))).toBe('kept');
  });
  it('is what the server says when it refuses', async () => {
    expect(await page(async () => new Response('no', { status: 403 }))).toBe('no');
  });
});
