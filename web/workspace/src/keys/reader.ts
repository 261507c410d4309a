/** Strokes in, actions out. The first stroke of two is waited upon for a moment. Pure but for the clock it is given. */
import type { Action } from './bindings';
import { indexed, type Index } from './keymap';
import { hasModifier, isModifier, isSingle, strokeOf, type Pressed as Stroke } from './strokes';

export interface Pressed extends Stroke {
  /** The person is writing: only what has Ctrl, ⌘ or Alt counts. */
  typing: boolean;
}

const patience = 1200;

export class KeyReader {
  index: Index = indexed({});
  singleKeys = true;
  private begun: string | null = null;
  private begunAt = 0;

  constructor(private readonly now: () => number) {}

  /** A first stroke was understood; the second is still to come. */
  get waiting(): boolean {
    return this.begun !== null && this.now() - this.begunAt < patience;
  }

  read(pressed: Pressed): Action | null {
    if (isModifier(pressed.code)) return null;
    const stroke = strokeOf(pressed);
    const begun = this.waiting ? this.begun : null;
    this.begun = null;
    const { meaning, beginnings } = this.index;
    if (begun !== null) return meaning.get(`${begun} ${stroke}`) ?? null;
    if (pressed.typing && !hasModifier(stroke)) return null;
    if (!this.singleKeys && isSingle(stroke)) return null;
    if (beginnings.has(stroke)) {
      this.begun = stroke;
      this.begunAt = this.now();
      return null;
    }
    return meaning.get(stroke) ?? null;
  }

  /** What one stroke means wherever the caret stands: for places that read keys themselves. */
  meaningOf(pressed: Stroke): Action | null {
    return this.index.meaning.get(strokeOf(pressed)) ?? null;
  }
}
