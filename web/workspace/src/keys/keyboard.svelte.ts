/** The keys of whoever is signed in: kept on the server, so they are the same at every desk. */
import { api } from '../api';
import type { KeyPreferences } from '../api/types';
import type { Action } from './bindings';
import { indexed, keysOf, understood, type Own } from './keymap';
import { KeyReader } from './reader';
import { isSingle, shortLabel } from './strokes';

export const mac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '');

class Keyboard {
  own = $state.raw<Own>({});
  single = $state(true);
  /** The last change has not reached the server. */
  unkept = $state.raw<unknown>(null);
  readonly reader = new KeyReader(() => Date.now());
  private writing: Promise<void> = Promise.resolve();

  /** What the server keeps of a person; nothing when they have changed nothing. */
  take(kept: KeyPreferences | null | undefined): void {
    this.put(understood(kept?.bindings), kept?.off !== true);
    this.unkept = null;
  }

  change(own: Own): Promise<void> {
    this.put(own, this.single);
    return this.keep();
  }

  setSingle(on: boolean): Promise<void> {
    this.put(this.own, on);
    return this.keep();
  }

  /** One after another, so that the last choice is the one that stays. */
  keep(): Promise<void> {
    return (this.writing = this.writing.then(async () => {
      const [own, single] = [this.own, this.single];
      const usual = single && Object.keys(own).length === 0;
      try {
        await api.me.change({ preferences: { keys: usual ? null : { off: !single, bindings: own } } });
        this.unkept = null;
      } catch (error) {
        this.unkept = error;
      }
    }));
  }

  /** The keys of an action that work now. */
  of(action: Action): readonly string[] {
    const keys = keysOf(this.own, action);
    return this.single ? keys : keys.filter((one) => !isSingle(one));
  }

  /** For the edge of a button or a menu entry: the first keys in short, or nothing. */
  hint(action: Action): string {
    const [keys] = this.of(action);
    return keys ? shortLabel(keys, mac) : '';
  }

  private put(own: Own, single: boolean): void {
    this.own = own;
    this.single = single;
    this.reader.index = indexed(own);
    this.reader.singleKeys = single;
  }
}

export const keyboard = new Keyboard();
export const hint = (action: Action) => keyboard.hint(action);
