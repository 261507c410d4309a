/** A value that follows the clock: reckoned anew when what it hangs on changes, or when it says that it will differ. */
import { serverNow } from '../state/clock';
import { ticking } from './ticking';

/** To be called while a component is made. `reckon` answers with the moment it stops being true. */
export function moving<T extends { changes: number }>(reckon: (now: number) => T): { readonly now: T } {
  let turn = $state(0);
  const value = $derived.by(() => {
    void turn;
    return reckon(serverNow());
  });
  $effect(() => ticking.when(value.changes, () => (turn += 1)));
  return {
    get now() {
      return value;
    },
  };
}
