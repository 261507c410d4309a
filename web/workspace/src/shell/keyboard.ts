/**
 * The keyboard of a phone must not lie over the composer. Where the browser makes the page smaller by itself nothing is
 * to do; where it lays the keyboard over the page, the workspace is made as tall as what is left in sight.
 */
export function makeRoomForKeyboard(): () => void {
  const sight = window.visualViewport;
  if (!sight || !matchMedia('(pointer: coarse)').matches) return () => undefined;
  const { style } = document.documentElement;
  const fit = () => {
    // Somebody who looks closer with two fingers has no keyboard open.
    const covered = sight.scale === 1 && innerHeight - sight.height > 80;
    if (covered) {
      style.setProperty('--app-height', `${Math.round(sight.height)}px`);
      scrollTo(0, 0);
    } else style.removeProperty('--app-height');
  };
  sight.addEventListener('resize', fit);
  return () => {
    sight.removeEventListener('resize', fit);
    style.removeProperty('--app-height');
  };
}
