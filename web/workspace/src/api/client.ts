/**
 * One place that speaks HTTP. Every POST carries an idempotency key, so a repeat after a lost answer does nothing twice.
 * A 401 outside the login screens is announced once to whoever listens. What was read is remembered, and shown again while
 * nobody answers; what is written is never remembered: without a connection it is refused at once.
 */
import { locale } from '../i18n/index.svelte';
import { timeHeard } from '../state/clock';
import { ahead, asked } from './ahead';
import { ApiError, problem } from './error';
import * as kept from './kept';
import { placeOf } from './places';

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
    away = true;
    throw new ApiError(0, 'offline', '');
  }
  timeHeard(response.headers.get('date'));
  if (response.ok) {
    away = false;
    return response;
  }
  const error = await problem(response);
  away = fromGateway(error);
  if (away) throw new ApiError(0, 'offline', '');
  if (isSignedOut(error)) {
    void kept.forget();
    if (!options.quiet) onSignedOut();
  }
  throw error;
}

/** Nobody answered the last time. */
let away = false;
/** How long a question waits for an uncertain connection before the remembered answer is shown. */
const patience = 3_000;

const isSignedOut = ({ status, code }: ApiError) => status === 401 && code === 'unauthenticated';
/** Somebody between us says that the server is not there; the server itself gives its problems a code. */
const fromGateway = ({ status, code }: ApiError) =>
  code === `http_${status}` && [502, 503, 504].includes(status);

/** Answers that were remembered, and since when. */
const remembered = new WeakMap<object, number>();

/** When an answer was given, if it is not fresh: nobody answered, and the device remembered it. */
export const asOf = (answer: object): number | null => remembered.get(answer) ?? null;

async function recall<T>(key: string): Promise<T | undefined> {
  const found = await kept.find(key);
  if (!found) return undefined;
  const answer = JSON.parse(found.text) as T;
  remembered.set(answer as object, found.at);
  return answer;
}

/** What came along with another answer: whoever asks for it next has it, and the device remembers it. */
export function cameAlong(path: string, answer: object, since: number | null): void {
  const place = placeOf(path);
  if (since !== null) remembered.set(answer, since);
  else if (place) kept.keeping(place)(JSON.stringify(answer));
  ahead(path, () => Promise.resolve(answer));
}

const read = <T>(path: string, options?: Options): Promise<T> => asked(path, () => readNow<T>(path, options));

async function readNow<T>(path: string, options?: Options): Promise<T> {
  const place = placeOf(path);
  if (!place) return json<T>('GET', path, options);
  const keep = kept.keeping(place);
  const asked = body('GET', path, options).then(
    (text) => {
      keep(text);
      return JSON.parse(text) as T;
    },
    async (error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
      if ([403, 404, 410].includes(error.status)) kept.drop(place.key);
      if (!error.offline) throw error;
      const answer = await recall<T>(place.key);
      if (answer === undefined) throw error;
      return answer;
    },
  );
  if (!away) return asked;
  const tired = new Promise<undefined>((done) => setTimeout(done, patience));
  return (await Promise.race([asked, tired])) ?? (await recall<T>(place.key)) ?? asked;
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
        if (isSignedOut(error)) onSignedOut();
        failed(error);
      });
    };
    signal?.addEventListener('abort', () => request.abort());
    request.send(form);
  });
}

async function json<T>(method: string, path: string, options?: Options): Promise<T> {
  const text = await body(method, path, options);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

async function body(method: string, path: string, options: Options = {}): Promise<string> {
  const response = await send(method, path, options);
  if (response.status === 204 || response.headers.get('content-length') === '0') return '';
  try {
    return await response.text();
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError(0, 'offline', '');
  }
}

export const http = {
  get: <T>(path: string, options?: Options) => read<T>(path, options),
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
