import { expect, it } from 'vitest';
import { deviceName, roleName } from './words';

it('a session is named by browser and system, a stranger by its own words', () => {
  const chrome =
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
  expect(deviceName(chrome)).toBe('Chrome, Linux');
  expect(deviceName(chrome.replace('Safari/537.36', 'Safari/537.36 Edg/140.0'))).toBe('Edge, Linux');
  expect(deviceName('curl/8.5')).toBe('curl/8.5');
});

it("a ready-made role is named in the reader's language, an own role as it was named", () => {
  const role = { id: 1, key: 'agent', name: 'agent', permissions: [], preset: true };
  expect(['Agent', 'Агент']).toContain(roleName(role));
  expect(roleName({ ...role, preset: false, name: 'Стажёр' })).toBe('Стажёр');
});
