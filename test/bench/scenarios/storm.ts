// How a crowd comes back when its server is killed (rule J8). Ours alone: others come back as their library likes.

import { returnWithinMs } from '../../../server/drain.js';
import { Crowd } from '../../support/crowd.js';
import { TestServer } from '../../support/start-server.js';
import { usageOf } from '../process-usage.js';
import { round } from '../report.js';
import type { Cell, Report, Row } from '../report.js';
import type { Scale } from '../scenario.js';

export async function storm({ isQuick }: Scale): Promise<Report> {
  const rows: Row[] = [];
  for (const sockets of isQuick ? [300] : [2_000, 5_000]) {
    rows.push({ name: `festival-chat, ${sockets}`, cells: await killed(sockets) });
  }
  return {
    scenario: 'storm',
    title: 'A crowd comes back to a server that was killed',
    about:
      'Half of the sockets in one room, the others in rooms of twenty; the server is killed with SIGKILL and started again at once. Attempts a second over the time that the server gives its crowd. One process holds all the clients, may be late for them, and shares the machine with the server.',
    isQuick,
    main: 'peak ÷ mean',
    axis: 'attempts in the fullest second ÷ mean',
    rows,
  };
}

async function killed(sockets: number): Promise<Record<string, Cell>> {
  const server = await TestServer.start();
  const crowd = new Crowd(server.url, {
    members: sockets,
    roomOf: (member) => (member % 2 === 0 ? 'main-stage' : `tent-${member % (sockets / 20)}`),
  });
  try {
    await crowd.assemble();
    await crowd.heartbeat();
    // How it assembled does not count.
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
      ...spreadOf(crowd.attemptsAtMs, returnWithinMs(sockets)),
      'turned away': Object.entries(turnedAway)
        .map(([why, count]) => `${why} ${count}`)
        .join(', '),
      'all back after s': round(seconds),
      'server CPU s': round(cpuSeconds),
      'server MB': Math.round(rssBytes / 2 ** 20),
    };
  } finally {
    crowd.close();
    await server.end();
  }
}

/** Over the time that the server gives its crowd; what was turned away comes again after it. */
function spreadOf(attemptsAtMs: readonly number[], withinMs: number): Record<string, Cell> {
  const first = Math.min(...attemptsAtMs);
  const seconds = Array.from({ length: Math.ceil(withinMs / 1_000) }, () => 0);
  for (const atMs of attemptsAtMs) {
    const second = Math.floor((atMs - first) / 1_000);
    if (second < seconds.length) seconds[second] = (seconds[second] ?? 0) + 1;
  }
  const mean = seconds.reduce((sum, count) => sum + count, 0) / seconds.length;
  const peak = Math.max(...seconds);
  return {
    attempts: attemptsAtMs.length,
    'mean a second': round(mean),
    'peak second': peak,
    'peak ÷ mean': round(peak / mean),
  };
}
