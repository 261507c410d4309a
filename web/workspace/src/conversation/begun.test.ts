import { afterEach, describe, expect, it } from 'vitest';
import { BegunShelf, dropBegun, type Form } from './begun';

const letter = (more: Partial<Form> = {}): Form => ({
  ...{ inbox: '1', email: 'anna@example.org', name: '', subject: 'Kettle' },
  ...{ html: '<p>Good day</p>', files: [], kind: 'reply', ...more },
});

afterEach(() => localStorage.clear());

describe('a letter that was begun', () => {
  it('waits on this device for whoever wrote it, each for itself', () => {
    new BegunShelf(localStorage, 7).keep('new', letter());
    const afterReload = new BegunShelf(localStorage, 7);
    expect(afterReload.read('new')).toEqual(letter());
    expect(afterReload.read('message 5')).toBeNull();
    expect(new BegunShelf(localStorage, 8).read('new')).toBeNull();
  });

  it('goes when it is sent or emptied, and a broken one is none', () => {
    const shelf = new BegunShelf(localStorage, 7);
    shelf.keep('new', letter());
    shelf.drop('new');
    expect(shelf.read('new')).toBeNull();
    shelf.keep('new', letter());
    shelf.keep('new', letter({ email: '', subject: ' ', html: '<p></p>' }));
    expect(localStorage).toHaveLength(0);
    localStorage.setItem('u7.opora.begun.new', '{');
    expect(shelf.read('new')).toBeNull();
  });

  it('goes when its writer signs out, and nobody else’s does', () => {
    for (const person of [7, 77]) new BegunShelf(localStorage, person).keep('new', letter());
    dropBegun(localStorage, 7);
    expect(new BegunShelf(localStorage, 7).read('new')).toBeNull();
    expect(new BegunShelf(localStorage, 77).read('new')).toEqual(letter());
  });

  it('lasts as long as the page on a device that keeps nothing', () => {
    const refuse = () => {
      throw new Error('full');
    };
    const shelf = new BegunShelf({ getItem: () => null, setItem: refuse, removeItem: refuse }, 9);
    shelf.keep('new', letter());
    expect(shelf.read('new')).toEqual(letter());
    dropBegun(localStorage, 9);
    expect(shelf.read('new')).toBeNull();
  });
});
