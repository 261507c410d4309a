/** Real Postfix and Dovecot (crates/testkit/examples/peers.rs), and swaks, a customer's mail program. */
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { run, start } from './process.mjs';
import { root, target } from './server.mjs';

let built = process.env.OPORA_PEERS;

/** The program that starts them: the one named in OPORA_PEERS, or built here. */
function program() {
  if (built === undefined) {
    run('cargo', ['build', '--quiet', '--package', 'opora-testkit', '--example', 'peers'], { cwd: root });
    built = join(target, 'debug', 'examples', 'peers');
  }
  return built;
}

/** Starts both servers. Mail for desk.test goes by LMTP to the given port, or into a Dovecot mailbox. */
export async function startPeers(lmtp) {
  const peers = start(program(), lmtp === undefined ? ['mailbox'] : ['lmtp', String(lmtp)], {
    endsWithInput: true,
  });
  const lines = createInterface({ input: peers.child.stdout })[Symbol.asyncIterator]();
  async function answer() {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the mail servers ended: ${peers.said.err}`);
    const said = JSON.parse(value);
    if (said?.error) throw new Error(said.error);
    return said;
  }
  const place = await answer();
  let turn = Promise.resolve();
  const ask = (command) => {
    const asked = turn.then(() => {
      peers.child.stdin.write(`${command}\n`);
      return answer();
    });
    turn = asked.catch(() => undefined);
    return asked;
  };
  return {
    ...place,
    /** The messages in somebody's INBOX, raw, one character for each byte. */
    mailbox: async (user) =>
      (await ask(`mailbox ${user}`)).map((raw) => Buffer.from(raw, 'base64').toString('latin1')),
    log: () => ask('log'),
    swaks: (args) => run('swaks', ['--server', `127.0.0.1:${place.smtp}`, '--timeout', '20', ...args]),
    async end() {
      peers.child.stdin.end();
      const last = setTimeout(() => peers.child.kill('SIGKILL'), 20_000);
      if (!peers.over) await new Promise((done) => peers.child.once('close', done));
      clearTimeout(last);
    },
  };
}
