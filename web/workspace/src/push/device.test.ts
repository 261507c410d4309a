import { expect, it } from 'vitest';
import { deviceName, keyBytes } from './device';

it('a device is called by its browser and its system', () => {
  const chrome = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36';
  expect(deviceName(chrome)).toBe('Chrome · Windows');
  expect(deviceName(`${chrome} YaBrowser/25.8`)).toBe('Yandex · Windows');
  expect(deviceName('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1')).toBe(
    'Safari · iPhone',
  );
  expect(deviceName('something new')).toBe('something new');
});

it('the key of the server comes as it is written in addresses', () => {
  expect([...keyBytes('-_8A')]).toEqual([251, 255, 0]);
});
