import { afterEach, describe, expect, it, vi } from 'vitest';
import { LiveSocket, pauseBefore } from './socket';

class FakeSocket {
  static all: FakeSocket[] = [];
  static readonly OPEN = 1;
  readyState = 0;
  sent: string[] = [];
  onopen: () => void = () => {};
  onclose: () => void = () => {};
  onmessage: (event: { data: string }) => void = () => {};
  constructor() {
    FakeSocket.all.push(this);
  }
  open() {
    this.readyState = 1;
    this.onopen();
  }
  close() {
    this.readyState = 3;
    this.onclose();
  }
  send(text: string) {
    this.sent.push(text);
  }
}

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  FakeSocket.all = [];
});

describe('the live socket', () => {
  it('waits longer with each failure, at most about 20 seconds, and never twice the same', () => {
    expect(pauseBefore(0, 0.5)).toBe(500);
    expect(pauseBefore(3, 0.5)).toBe(4000);
    expect(pauseBefore(20, 1)).toBeLessThan(20_000);
    expect(pauseBefore(2, 0)).not.toBe(pauseBefore(2, 1));
  });

  it('opens again after a break and says that something may have been missed', () => {
    vi.useFakeTimers();
    vi.stubGlobal('WebSocket', FakeSocket);
    const opened: boolean[] = [];
    let closed = 0;
    const heard: string[] = [];
    const socket = new LiveSocket('ws://x', {
      onMessage: (message) => heard.push(message.type),
      onOpen: (again) => opened.push(again),
      onClose: () => closed++,
    });
    socket.start();
    FakeSocket.all[0]?.open();
    FakeSocket.all[0]?.onmessage({ data: 'not json' });
    FakeSocket.all[0]?.onmessage({ data: '{"type":"hello","seq":1}' });
    FakeSocket.all[0]?.close();
    vi.advanceTimersByTime(1000);
    FakeSocket.all[1]?.open();
    expect([opened, closed, heard]).toEqual([[false, true], 1, ['hello']]);
    socket.stop();
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.all).toHaveLength(2);
  });
});
