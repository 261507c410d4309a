/** Where we are, kept in step with the address bar. */
import { href, parseRoute, type Route } from './routes';

class Router {
  current = $state.raw<Route>(parseRoute(location.pathname, location.search));

  constructor() {
    addEventListener('popstate', () => this.read());
  }

  go(to: Route | string, replace = false): void {
    const path = typeof to === 'string' ? to : href(to);
    const moves = path !== location.pathname + location.search;
    const address = new URL(path, location.origin);
    // First what the new place asks for, then the address bar: it takes its time.
    this.current = parseRoute(address.pathname, address.search);
    if (moves) history[replace ? 'replaceState' : 'pushState'](null, '', path);
  }

  /** Lets plain links work: left clicks on our own paths become moves without a reload. */
  follow = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[href]');
    if (!link || link.target || link.origin !== location.origin || link.pathname.startsWith('/api/')) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  };

  private read(): void {
    this.current = parseRoute(location.pathname, location.search);
  }
}

export const router = new Router();
