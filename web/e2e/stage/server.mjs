/** Opora itself, as a person would start it: the real program on a free port with a data folder of its own. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePorts, run, start, temporaryFolder } from './process.mjs';
import { until } from './until.mjs';

export const root = resolve(import.meta.dirname, '../../..');
export const target = resolve(root, process.env.CARGO_TARGET_DIR ?? 'target');

const program = process.env.OPORA_BIN ?? join(target, 'debug', 'opora');

/** Runs a command such as `admin create` to its end and returns what it printed. */
export function opora(args, env = {}) {
  mustExist();
  return run(program, args, { env: { ...process.env, ...env } });
}

/** Starts `opora demo` or `opora serve` and waits until it is ready for people. */
export async function startOpora(command, args = [], { data = temporaryFolder(), env = {} } = {}) {
  mustExist();
  const [port] = await freePorts(1);
  const listen = `127.0.0.1:${port}`;
  const server = start(program, [command, '--data', data, '--listen', listen, ...args], {
    env: { RUST_LOG: 'warn', ...process.env, ...env },
  });
  const base = `http://${listen}`;
  await until(
    'the server to be ready',
    async () => {
      if (server.over) return true;
      return (await fetch(`${base}/health/ready`)).ok;
    },
    120_000,
  );
  if (server.over) throw new Error(`opora ${command} ended: ${server.said.err}${server.said.out}`);
  if ((await (await fetch(base)).text()).includes('name="opora" content="placeholder"')) {
    await server.end();
    throw new Error('the workspace is not built: npm run build in web');
  }
  return { ...server, base, data, said: server.said, end: () => server.end() };
}

/** A small client of the API, signed in as somebody. */
export async function signedIn(base, { email, password }) {
  const headers = { 'Content-Type': 'application/json' };
  const door = await fetch(`${base}/api/v1/session`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ email, password }),
  });
  if (!door.ok) throw new Error(`${email} may not come in: ${door.status}`);
  headers.Cookie = door.headers.get('set-cookie').split(';')[0];
  return async (method, path, body) => {
    const answer = await fetch(`${base}/api/v1${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
}

/** Starts the demo with a letter in the quarantine: it does not say who wrote it. */
export async function startDemo(tickets) {
  const server = await startOpora('demo', ['--tickets', String(tickets)]);
  try {
    const { items: logins } = await (await fetch(`${server.base}/api/v1/demo/logins`)).json();
    const boss = logins.find((one) => one.role === 'admin');
    const api = await signedIn(server.base, boss);
    const { token } = await api('POST', '/me/tokens', { name: 'a script', scopes: ['all'] });
    const [inbox] = (await api('GET', '/inboxes')).items;
    const taken = await fetch(`${server.base}/api/v1/inboxes/${inbox.id}/mail`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'message/rfc822' },
      body: `To: ${inbox.address}\r\nSubject: nobody wrote this\r\n\r\nA letter without a sender.\r\n`,
    });
    if (taken.status !== 202) throw new Error(`the letter was not taken: ${taken.status}`);
    await until('the letter to be put aside', async () => (await api('GET', '/quarantine')).total === 1);
    return { ...server, logins, boss };
  } catch (error) {
    await server.end();
    throw error;
  }
}

function mustExist() {
  if (!existsSync(program))
    throw new Error(`${program} is not there: cargo build -p opora, or set OPORA_BIN`);
}
