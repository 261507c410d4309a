/** Light, dark, or as the system is: one attribute on <html>, remembered for the login screen. */
import type { Theme } from '../api/types';

const key = 'opora.theme';

export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  localStorage.setItem(key, theme);
  colourFrame(theme);
}

/** The colours of the browser's own frame, as the page came with them: light first, then dark. */
let frame: string[] | undefined;

function colourFrame(theme: Theme): void {
  const tags = [...document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')];
  frame ??= tags.map((tag) => tag.content);
  const [light, dark] = frame;
  tags.forEach((tag, at) => {
    tag.content = (theme === 'light' ? light : theme === 'dark' ? dark : frame?.[at]) ?? '';
  });
}

export function keptTheme(): Theme {
  const kept = localStorage.getItem(key);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}
