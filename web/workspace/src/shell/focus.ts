/**
 * Where the focus goes when what had it is gone: whoever works by keyboard must never fall out of the screen.
 * Homes are marked by `data-home`: the conversation one reads, the list; the screen itself is the last.
 */
export type Home = 'reading' | 'list';

const seen = (element: Element | null): element is HTMLElement =>
  element instanceof HTMLElement && element.checkVisibility();

export function goHome(...homes: Home[]): void {
  const places = homes.map((home) => document.querySelector(`[data-home=${home}]`));
  [...places, document.getElementById('main')].find(seen)?.focus({ preventScroll: true });
}

let last: Element | null = null;

export function focused(event: FocusEvent): void {
  last = event.target instanceof Element ? event.target : null;
}

/** Looked at after the screen has changed: is the focus still somewhere? */
export function keepFocus(home: () => Home): void {
  requestAnimationFrame(() => {
    const lost = last !== null && (!last.isConnected || last.matches(':disabled') || !last.checkVisibility());
    if (lost && document.activeElement === document.body) goHome(home());
  });
}
