/** Runs when the browser has nothing else to do; where it cannot tell, a moment later. */
export function whenIdle(run: () => unknown, within = 10_000): void {
  if (window.requestIdleCallback) window.requestIdleCallback(run, { timeout: within });
  else setTimeout(run, 200);
}
