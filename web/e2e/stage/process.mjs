/** Processes a test starts: found free ports, temporary folders, and a certain end, whatever ends the test. */
import { spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const running = new Set();
const folders = new Set();

function endAll() {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
process.on('exit', endAll);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130));

/** A folder that goes when the test's process ends. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'opora-e2e-'));
  folders.add(folder);
  return folder;
}

/**
 * So many different ports of 127.0.0.1 that are free right now. They lie below those that the system hands out by
 * itself, so nobody gets one of them by chance before our program listens there.
 */
export async function freePorts(count) {
  const ports = new Set();
  while (ports.size < count) {
    const port = randomInt(15_000, 30_000);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

function isFree(port) {
  return new Promise((done) => {
    const door = createServer();
    door.once('error', () => done(false));
    door.listen(port, '127.0.0.1', () => door.close(() => done(true)));
  });
}

/**
 * Starts a program and collects what it says; `end` asks it to stop and waits until it has. One that `endsWithInput`
 * clears up after itself when this process is gone, and must not be killed before it has.
 */
export function start(program, args, { endsWithInput = false, ...options } = {}) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options });
  const ended = new Promise((done) => child.once('close', done));
  if (!endsWithInput) running.add(child);
  child.stdin.on('error', () => undefined);
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (said.err += text));
  child.once('error', (error) => (said.err += `${program}: ${error.message}`));
  ended.then(() => running.delete(child));
  return {
    child,
    said,
    get over() {
      return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
    },
    async end(signal = 'SIGTERM') {
      if (!this.over) child.kill(signal);
      const last = setTimeout(() => child.kill('SIGKILL'), 10_000);
      if (child.pid !== undefined) await ended;
      clearTimeout(last);
    },
  };
}

/** Runs a program to its end and returns what it printed; anything but success is an error with its words. */
export function run(program, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', ...options });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ${args[0] ?? ''} ended with ${status}: ${stderr || stdout}`);
  return stdout.trim();
}
