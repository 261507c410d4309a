/**
 * A mail server in a test's hand: it takes letters, refuses them with a word of the test's choice, or is not there at
 * all. For trouble that a real server does not make when asked; real ones are in `peers.mjs`.
 */
import { createServer } from 'node:net';
import { readLetter } from './letter.mjs';
import { freePorts } from './process.mjs';

/** What it says to each recipient: `250 …` takes the letter, `5xx …` refuses it for good, `4xx …` for now. */
export async function startPost() {
  const [port] = await freePorts(1);
  const letters = [];
  const open = new Set();
  let reply = '250 2.1.5 ok';
  let refusals = 0;
  let server;

  function talk(socket) {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => undefined);
    socket.setEncoding('latin1');
    const say = (line) => socket.write(`${line}\r\n`);
    let rest = '';
    let data = null;
    socket.on('data', (text) => {
      rest += text;
      for (let end = rest.indexOf('\r\n'); end !== -1; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (data === null) obey(line);
        else if (line === '.') {
          letters.push(readLetter(data.map((one) => one.replace(/^\./, '')).join('\r\n')));
          data = null;
          say('250 2.0.0 taken');
        } else data.push(line);
      }
    });
    function obey(line) {
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'EHLO') socket.write('250-post.test\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n');
      else if (verb === 'RCPT') {
        if (!reply.startsWith('250')) refusals += 1;
        say(reply);
      } else if (verb === 'DATA') {
        data = [];
        say('354 go on');
      } else if (verb === 'QUIT') socket.end('221 2.0.0 bye\r\n');
      else say('250 2.0.0 ok');
    }
    say('220 post.test ESMTP');
  }

  const up = () =>
    new Promise((done, failed) => {
      server = createServer(talk).once('error', failed).listen(port, '127.0.0.1', done);
    });
  async function down() {
    for (const socket of open) socket.destroy();
    await new Promise((done) => server.close(done));
  }
  await up();
  return {
    url: `smtp://127.0.0.1:${port}`,
    /** What it has taken, oldest first. */
    letters,
    /** How many recipients it has refused. */
    refusals: () => refusals,
    answer: (line) => (reply = line),
    up,
    down,
    end: () => (server.listening ? down() : undefined),
  };
}
