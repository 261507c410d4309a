// How fast the workspace is in the browser, against a server that runs already: `cargo xtask bench --ui` starts one on
// seeded data and prints the table. One JSON line a figure: { work, value, unit, most?, beside? }. No timed assertions.
// node bench.mjs --url http://127.0.0.1:8080 --email … --password … --tickets 20000 [--writes] [--quick]
import { parseArgs } from 'node:util';
import { percentile, median } from './bench/figures.mjs';
import { firstLoad } from './bench/load.mjs';
import { liveChanges } from './bench/live.mjs';
import { openings, switches } from './bench/moves.mjs';
import { typing } from './bench/typing.mjs';
import { week } from './bench/week.mjs';
import { openBrowser } from './stage/browser.mjs';
import { signedIn } from './stage/server.mjs';

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    email: { type: 'string' },
    password: { type: 'string' },
    tickets: { type: 'string', default: '' },
    writes: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    messages: { type: 'string', default: '10000' },
  },
});
const login = { email: values.email, password: values.password };
const rounds = values.quick ? 3 : 5;
const say = (row) => console.log(JSON.stringify(row));

const browser = await openBrowser();
try {
  const api = await signedIn(values.url, login);
  const desk = { browser, base: values.url, login, api, rounds, quick: values.quick };
  const of = ` of ${values.tickets} tickets`;

  const load = await firstLoad(desk);
  if (values.writes) {
    say({
      work: 'first load, script before the editor',
      value: load.kilobytes,
      unit: 'KB',
      most: 150,
      beside: `gzip -9; the server sends ${Math.round(load.sent)} KB`,
    });
  }
  say({
    work: `from the address to the list${of}`,
    value: median(load.ready),
    unit: 'ms',
    most: 1000,
    beside: 'nothing cached',
  });

  const ceiling = Number(values.tickets) > 100_000 ? 150 : 100;
  for (const [name, measure] of [
    ['view switch', switches],
    ['ticket open', openings],
  ]) {
    const { last, first } = await measure(desk);
    const beside = `content at ${Math.round(median(first.map((times) => percentile(times, 0.5))))} ms`;
    for (const share of [0.5, 0.95]) {
      const value = median(last.map((times) => percentile(times, share)));
      const work = `${name} to the last paint${of}, p${share * 100}`;
      say({ work, value, unit: 'ms', most: ceiling, beside: share === 0.5 ? beside : '' });
    }
  }

  if (values.writes) {
    const count = values.quick ? 500 : Number(values.messages);
    const { dropped, longest, frames, tasks } = await typing(desk, count);
    const of = `in a ticket of ${count} messages`;
    say({
      work: `typing ${of}, frames dropped a round`,
      value: median(dropped),
      unit: '',
      most: 0,
      beside: `of ${median(frames)}`,
    });
    say({
      work: `typing ${of}, longest frame`,
      value: median(longest),
      unit: 'ms',
      beside: `${median(tasks)} tasks over 50 ms a round`,
    });

    const change = await liveChanges(desk, 50);
    for (const [where, times] of Object.entries(change)) {
      for (const share of [0.5, 0.95]) {
        const value = median(times.map((round) => percentile(round, share)));
        const work = `another's change visible in ${where}, 50 agents, p${share * 100}`;
        say({ work, value, unit: 'ms', most: share === 0.95 ? 200 : undefined });
      }
    }

    const { opens, sizes } = await week(desk);
    say({
      work: `a tab in which ${opens} tickets were opened, resident, 20 s after the last`,
      value: sizes.at(-1),
      unit: 'MB',
      most: 300,
      beside: `while they were opened, ten a second, up to ${Math.round(Math.max(...sizes))} MB`,
    });
  }
} finally {
  await browser.close();
}
