// How a crowd comes back when its server is killed: `npx tsx test/bench/storm.ts 2000 5000`, after `npm run build:lib`.
// One process holds all the clients, the server is another; both share this machine.

import { returnWithinMs } from '../../server/drain.js';
import { Crowd } from '../support/crowd.js';
import { TestServer } from '../support/start-server.js';
import { usageOf } from './process-usage.js';

interface Row {
  readonly sockets: number;
  readonly 'attempts to come back': number;
  /** Before the server was up again, or because it had enough to do. */
  readonly 'turned away': string;
  readonly 'mean a second': number;
  readonly 'peak second': number;
  readonly 'peak ÷ mean': number;
  readonly 'all back after (s)': number;
  readonly 'server CPU (s)': number;
  readonly 'server RSS (MB)': number;
}

const sizes = process.argv.slice(2).map(Number);
const rows: Row[] = [];
for (const sockets of sizes.length === 0 ? [2_000, 5_000] : sizes) rows.push(await storm(sockets));
console.table(rows);
process.stdout.write(`${JSON.stringify(rows)}\n`);
process.exit(0);

async function storm(sockets: number): Promise<Row> {
  const server = await TestServer.start();
  // Half of them in one room, the others in rooms of twenty.
  const crowd = new Crowd(server.url, {
    members: sockets,
    roomOf: (member) => (member % 2 === 0 ? 'main-stage' : `tent-${member % (sockets / 20)}`),
  });
  try {
    await crowd.assemble();
    await crowd.heartbeat();
    // Some were turned away while the crowd assembled; they do not count.
    crowd.attemptsAtMs.length = 0;
    await server.stop('SIGKILL');
    await crowd.allLost();
    const lostAtMs = performance.now();
    await server.start();
    await crowd.allJoined();
    const seconds = (performance.now() - lostAtMs) / 1_000;
    const { turnedAway } = (await server.admin('analytics')) as { turnedAway: Record<string, number> };
    const { cpuSeconds, rssBytes } = usageOf(server.pid);
    return {
      sockets,
      ...spreadOf(crowd.attemptsAtMs, returnWithinMs(sockets)),
      'turned away': JSON.stringify(turnedAway),
      'all back after (s)': round(seconds),
      'server CPU (s)': round(cpuSeconds),
      'server RSS (MB)': Math.round(rssBytes / 2 ** 20),
    };
  } finally {
    crowd.close();
    await server.end();
  }
}

/** Over the time that the server gives its crowd; what was turned away comes again after it. */
function spreadOf(attemptsAtMs: readonly number[], withinMs: number) {
  const first = Math.min(...attemptsAtMs);
  const seconds = Array.from({ length: Math.ceil(withinMs / 1_000) }, () => 0);
  for (const atMs of attemptsAtMs) {
    const second = Math.floor((atMs - first) / 1_000);
    if (second < seconds.length) seconds[second] = (seconds[second] ?? 0) + 1;
  }
  const mean = seconds.reduce((sum, count) => sum + count, 0) / seconds.length;
  const peak = Math.max(...seconds);
  return {
    'attempts to come back': attemptsAtMs.length,
    'mean a second': round(mean),
    'peak second': peak,
    'peak ÷ mean': round(peak / mean),
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
