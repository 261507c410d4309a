/**
 * The files of the workspace, kept so that it opens without a connection. One cupboard for each version: a page of an
 * older version goes on finding its own files for as long as a few later ones have not pushed them out.
 */
const prefix = 'opora.shell.';
/** How many versions before this one keep their files. */
const earlier = 4;
const page = '/';

/** What answers a request: the page itself, a file of some version, or nobody but the network. */
export type Answerer = 'page' | 'file' | 'network';

export function answererOf(request: { method: string; mode: string; url: string }, origin: string): Answerer {
  const url = new URL(request.url);
  if (
    request.method !== 'GET' ||
    url.origin !== origin ||
    /^\/(api|health|metrics)(\/|$)/.test(url.pathname)
  ) {
    return 'network';
  }
  if (request.mode === 'navigate') return /\.[a-z0-9]+$/i.test(url.pathname) ? 'network' : 'page';
  return url.pathname.startsWith('/assets/') || /^\/(icon|manifest)[^/]*$/.test(url.pathname)
    ? 'file'
    : 'network';
}

/** The cupboards that are to be emptied, of those there are from the oldest to the newest. */
export function outdated(names: string[], version: string): string[] {
  const shells = names.filter((name) => name.startsWith(prefix) && name !== prefix + version);
  return shells.slice(0, Math.max(0, shells.length - earlier));
}

export class Shell {
  constructor(
    private readonly version: string,
    private readonly files: string[],
    private readonly caches: CacheStorage,
    private readonly fetch: (request: RequestInfo, init?: RequestInit) => Promise<Response>,
  ) {}

  /** Takes in every file, two at a time so that the screen's own questions come first. Anything missing is a failure. */
  async fill(): Promise<void> {
    const cupboard = await this.caches.open(prefix + this.version);
    const waiting = [page, ...this.files];
    const lane = async () => {
      for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
        const old = path.startsWith('/assets/')
          ? await this.caches.match(path, { ignoreVary: true })
          : undefined;
        const file = old ?? (await this.fetch(path, path === page ? { cache: 'no-cache' } : {}));
        if (!file.ok || file.redirected) throw new Error(`${path}: ${file.status}`);
        await cupboard.put(path, file);
      }
    };
    await Promise.all([lane(), lane()]);
  }

  async tidy(): Promise<void> {
    await Promise.all(
      outdated(await this.caches.keys(), this.version).map((name) => this.caches.delete(name)),
    );
  }

  /** From the network, as it is now; kept when there is no answer, or only that of a gateway before a server that is away. */
  async page(request: Request, patience: number): Promise<Response> {
    const kept = () => this.caches.match(page, { cacheName: prefix + this.version, ignoreVary: true });
    const asked = this.fetch(request).then(async (answer) =>
      [502, 503, 504].includes(answer.status) ? ((await kept()) ?? answer) : answer,
    );
    const tired = new Promise<undefined>((done) => setTimeout(done, patience));
    try {
      const answer = await Promise.race([asked, tired]);
      return answer ?? (await kept()) ?? (await asked);
    } catch (error) {
      const page = await kept();
      if (page) return page;
      throw error;
    }
  }

  /** A name made of the content never changes what it means; the few others are asked for. */
  async file(request: Request): Promise<Response> {
    const named = new URL(request.url).pathname.startsWith('/assets/');
    if (named) return (await this.caches.match(request, { ignoreVary: true })) ?? this.fetch(request);
    try {
      return await this.fetch(request);
    } catch (error) {
      const kept = await this.caches.match(request, { ignoreVary: true });
      if (kept) return kept;
      throw error;
    }
  }
}
