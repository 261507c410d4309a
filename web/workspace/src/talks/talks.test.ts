import { describe, expect, it } from 'vitest';
import type { Agent } from '../api/types';
import { fitting, mentioned } from './people';
import { UnsentShelf } from './unsent';

function shelf() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

describe('what is not sent yet', () => {
  it('waits in its own conversation, whoever writes elsewhere', () => {
    const unsent = new UnsentShelf(shelf(), 7);
    unsent.keep({ talk: 1 }, { html: '<p>one</p>' });
    unsent.keep({ ticket: 1 }, { html: '', subject: 'Batteries', members: [2] });
    expect(unsent.read({ talk: 1 })?.html).toBe('<p>one</p>');
    expect(unsent.read({ ticket: 1 })?.subject).toBe('Batteries');
    expect(unsent.read({ talk: 2 })).toBeNull();
  });

  it('is not shown to the next person on this device', () => {
    const device = shelf();
    new UnsentShelf(device, 7).keep({ talk: 1 }, { html: '<p>secret</p>' });
    expect(new UnsentShelf(device, 8).read({ talk: 1 })).toBeNull();
  });

  it('goes when it is empty or sent, and a broken note is no note', () => {
    const device = shelf();
    const unsent = new UnsentShelf(device, 7);
    unsent.keep({ talk: 1 }, { html: '<p>x</p>' });
    unsent.keep({ talk: 1 }, { html: '' });
    expect(device.kept.size).toBe(0);
    unsent.keep({ ticket: 1 }, { html: '<p>x</p>' });
    unsent.drop({ ticket: 1 });
    expect(device.kept.size).toBe(0);
    device.setItem('u7.opora.talk.3', '{');
    expect(unsent.read({ talk: 3 })).toBeNull();
  });

  it('survives a device that keeps nothing', () => {
    const full = { ...shelf(), setItem: () => { throw new Error('full'); } }; // prettier-ignore
    expect(() => new UnsentShelf(full, 7).keep({ talk: 1 }, { html: 'x' })).not.toThrow();
  });
});

describe('choosing people', () => {
  const agent = (id: number, name: string, online = false) =>
    ({ id, name, email: `${id}@x.example`, online }) as Agent;
  const agents = [agent(1, 'Алёна Ёлкина'), agent(2, 'Борис Титов', true), agent(3, 'Олег Титов')];

  it('finds by the beginning of any word, е for ё, who is here first', () => {
    expect(fitting(agents, 'тит', []).map((one) => one.id)).toEqual([2, 3]);
    expect(fitting(agents, 'елк ал', []).map((one) => one.id)).toEqual([1]);
    expect(fitting(agents, 'итов', [])).toEqual([]);
  });

  it('leaves out who is chosen already, and offers everybody before a letter is typed', () => {
    expect(fitting(agents, '', [2]).map((one) => one.id)).toEqual([1, 3]);
    expect(fitting(agents, '', [], 1)).toHaveLength(1);
  });

  it('hears whom the text calls', () => {
    const call = (id: string) => `<span data-type="mention" data-id="${id}">@x</span>`;
    expect(mentioned(`<p>${call('4')} and ${call('4')} ${call('evil')}</p>`)).toEqual([4]);
  });
});
