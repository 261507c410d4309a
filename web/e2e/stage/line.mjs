/** The line between a browser and the server, in a test's hand: it can be cut, mended, or fall silent without a word. */
import { connect, createServer } from 'node:net';
import { freePorts } from './process.mjs';

export async function layLine(base) {
  const to = Number(new URL(base).port);
  const [port] = await freePorts(1);
  const ends = new Set();
  let silent = false;
  let door;

  function carry(near) {
    const far = connect(to, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      ends.add(one);
      one.on('data', (bytes) => !silent && other.write(bytes));
      one.on('error', () => undefined);
      one.on('close', () => {
        ends.delete(one);
        other.destroy();
      });
    }
  }
  const mend = () =>
    new Promise((done, failed) => {
      silent = false;
      door = createServer(carry).once('error', failed).listen(port, '127.0.0.1', done);
    });
  async function cut() {
    const shut = new Promise((done) => door.close(done));
    for (const end of ends) end.destroy();
    await shut;
  }
  await mend();
  return {
    base: `http://127.0.0.1:${port}`,
    /** Whoever asks is refused. */
    cut,
    mend,
    /** Connections stand, and nothing comes through: what a sleeping computer leaves behind. */
    fallSilent: () => (silent = true),
    /** What stood before is dead; new connections live. */
    speakAgain() {
      silent = false;
      for (const end of ends) end.destroy();
    },
    end: () => (door.listening ? cut() : undefined),
  };
}
