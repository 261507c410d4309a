import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ahead, asked, forget } from './ahead';
import { asOf, cameAlong, http } from './client';

describe('a question asked ahead', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is answered once, and the next time is asked anew', async () => {
    ahead('a', () => Promise.resolve(1));
    expect(await asked('a', () => Promise.resolve(2))).toBe(1);
    expect(await asked('a', () => Promise.resolve(2))).toBe(2);
  });

  it('is forgotten when its answer has grown old', async () => {
    ahead('b', () => Promise.resolve(1));
    vi.setSystemTime(Date.now() + 10_000);
    expect(await asked('b', () => Promise.resolve(2))).toBe(2);
  });

  it('is asked anew when there was news of it meanwhile', async () => {
    ahead('n', () => Promise.resolve(1));
    forget('n');
    expect(await asked('n', () => Promise.resolve(2))).toBe(2);
  });

  it('is not asked at all when its answer came along with another', async () => {
    const [fresh, old] = [{ id: 1 }, { id: 2 }];
    cameAlong('/contacts/1', fresh, null);
    cameAlong('/contacts/2', old, 77);
    expect(await http.get('/contacts/1')).toBe(fresh);
    expect([asOf(fresh), asOf(await http.get<object>('/contacts/2'))]).toEqual([null, 77]);
  });

  it('fails only for whoever needs it', async () => {
    ahead('c', () => Promise.reject(new Error('no')));
    await expect(asked('c', () => Promise.resolve(2))).rejects.toThrow('no');
    ahead('d', () => Promise.reject(new Error('no')));
  });
});
