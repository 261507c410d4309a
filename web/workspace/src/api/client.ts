/**
 * One place that speaks HTTP. Every POST carries an idempotency key, so a repeat after a lost answer does nothing twice.
 * A 401 outside the login screens is announced once to whoever listens.
 */
import { locale } from '../i18n/index.svelte';
import { ApiError, problem } from './error';

const root = '/api/v1';
let onSignedOut: () => void = () => {};

export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

/** Random enough for an idempotency key, also on plain-http pages where `randomUUID` is absent. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

interface Options {
  body?: unknown;
  key?: string;
  signal?: AbortSignal;
  quiet?: boolean;
  keepalive?: boolean;
}

async function send(method: string, path: string, options: Options = {}): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': locale.current };
  let body: BodyInit | null = null;
  if (method !== 'GET') {
    headers['Content-Type'] = 'application/json';
    body = options.body === undefined ? null : JSON.stringify(options.body);
  }
  if (method === 'POST') headers['Idempotency-Key'] = options.key ?? newKey();
  let response: Response;
  try {
    response = await fetch(root + path, {
      method,
      headers,
      body,
      credentials: 'same-origin',
      signal: options.signal ?? null,
      keepalive: options.keepalive ?? false,
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError(0, 'offline', '');
  }
  if (response.ok) return response;
  const error = await problem(response);
  if (error.status === 401 && error.code === 'unauthenticated' && !options.quiet) onSignedOut();
  throw error;
}

/**
 * Sends a form and tells how much of it has left, from 0 to 1: `fetch` cannot, so this one goes by XMLHttpRequest.
 * Otherwise it behaves as the others do.
 */
export function upload<T>(
  path: string,
  form: FormData,
  {
    key = newKey(),
    signal,
    onProgress,
  }: { key?: string; signal?: AbortSignal; onProgress?: (part: number) => void },
): Promise<T> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open('POST', root + path);
    const headers = { Accept: 'application/json', 'Accept-Language': locale.current };
    for (const [name, value] of Object.entries({ ...headers, 'X-Opora': '1', 'Idempotency-Key': key })) {
      request.setRequestHeader(name, value);
    }
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(total > 0 ? loaded / total : 0);
    request.onerror = () => failed(new ApiError(0, 'offline', ''));
    request.onabort = () => failed(new DOMException('the upload was stopped', 'AbortError'));
    request.onload = () => {
      const { status, responseText } = request;
      if (status >= 200 && status < 300) return done(JSON.parse(responseText) as T);
      const wait = request.getResponseHeader('Retry-After');
      const answer = new Response(responseText, { status, headers: wait ? { 'Retry-After': wait } : {} });
      void problem(answer).then((error) => {
        if (error.status === 401 && error.code === 'unauthenticated') onSignedOut();
        failed(error);
      });
    };
    signal?.addEventListener('abort', () => request.abort());
    request.send(form);
  });
}

async function json<T>(method: string, path: string, options?: Options): Promise<T> {
  const response = await send(method, path, options);
  if (response.status === 204 || response.headers.get('content-length') === '0') return undefined as T;
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

export const http = {
  get: <T>(path: string, options?: Options) => json<T>('GET', path, options),
  text: async (path: string) => (await send('GET', path)).text(),
  post: <T>(path: string, body?: unknown, options?: Options) => json<T>('POST', path, { ...options, body }),
  put: <T>(path: string, body?: unknown, options?: Options) => json<T>('PUT', path, { ...options, body }),
  patch: <T>(path: string, body?: unknown) => json<T>('PATCH', path, { body }),
  delete: <T = void>(path: string) => json<T>('DELETE', path),
};

/** Where the browser itself fetches a file from: for links with `download`. */
export const fileUrl = (path: string) => root + path;

/** `?a=1&b=2` from a record; empty and undefined values are left out. */
export function query(values: Record<string, string | number | undefined | null>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}
