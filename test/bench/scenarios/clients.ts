// A room of two hundred clients with real WebRTC links, of which those who serve most leave while everybody talks.

import { setTimeout as pause } from 'node:timers/promises';
import { CROWD } from '../../../src/core/crowd/crowd-limits.js';
import { fanOut } from '../../simulation/compare/fan-out.js';
import { ours } from '../../simulation/compare/ours.js';
import { DEFAULTS } from '../../simulation/compare/scenario.js';
import type { Strategy } from '../../simulation/compare/scenario.js';
import { TestServer } from '../../support/start-server.js';
import { TcpProxy } from '../../support/tcp-proxy.js';
import { until } from '../../support/until.js';
import { LinkedCrowd } from '../crowds/linked-crowd.js';
import { usageOf } from '../process-usage.js';
import { distribution, round } from '../report.js';
import type { Report, Row } from '../report.js';
import type { Scale } from '../scenario.js';

const CLIENTS = 200;
const EVERY_MS = 1_000;
/** Who serves most leaves, three times. */
const LEAVING = 3;

export async function clients({ isQuick }: Scale): Promise<Report> {
  const size = isQuick ? 20 : CLIENTS;
  const messages = isQuick ? 12 : 45;
  const hybrid = await run(size, messages, 'auto');
  const serverOnly = await run(size, messages, 'off');
  return {
    scenario: 'clients',
    title: `A room of ${size} clients that link to each other`,
    about: `The whole client ${size} times in one process of Node, linked over libdatachannel; somebody says something every ${EVERY_MS} ms, ${messages} times. Three times whoever has most links leaves. Heard and heard twice: of those who were there throughout. Bytes are what the server sends for one message. Simulated: the same core, links of 1 ms, nobody leaving, beside plain fan-out there.`,
    isQuick,
    main: 'bytes a message',
    axis: 'bytes that the server sends for a message',
    rows: [
      { name: 'hybrid', cells: hybrid },
      { name: 'server only', cells: serverOnly },
      { name: 'simulated: hybrid', cells: simulatedCells(ours, size) },
      { name: 'simulated: fan-out', cells: simulatedCells(fanOut, size) },
    ],
  };
}

function simulatedCells(strategy: Strategy, nodes: number): Row['cells'] {
  const row = strategy({ ...DEFAULTS, seed: 1, nodes, crashShare: 0, linkMs: 1, everyMs: EVERY_MS });
  return {
    'bytes a message': round(row.serverEgressBytes),
    'server CPU ms': null,
    'heard %': row.undelivered === 0 ? 100 : null,
    'heard twice': null,
    'delay ms': round(row.p50Ms),
  };
}

async function run(size: number, messages: number, mesh: 'auto' | 'off'): Promise<Row['cells']> {
  const server = await TestServer.start();
  const network = await TcpProxy.start([Number(new URL(server.url).port)], 0, 0, '0.0.0.0');
  const crowd = await LinkedCrowd.of(network.port, mesh);
  try {
    while (crowd.clients.length < size) await crowd.come();
    const links = mesh === 'auto' ? 2 : 0;
    await until(() => crowd.clients.every(({ status }) => status.peers >= links), CROWD.presentMs + 240_000);
    return await talked(crowd, { messages, server, network });
  } finally {
    await crowd.end();
    await network.end();
    await server.end();
  }
}

interface Parts {
  readonly messages: number;
  readonly server: TestServer;
  readonly network: TcpProxy;
}

async function talked(crowd: LinkedCrowd, { messages, server, network }: Parts): Promise<Row['cells']> {
  const restMs = (messages * EVERY_MS) / 2;
  const read = () => ({ bytes: network.bytesFromTargets, cpuMs: usageOf(server.pid).cpuSeconds * 1_000 });
  const before = read();
  await pause(restMs);
  const atRest = read();
  const saidAtMs = new Map<string, number>();
  for (let count = 1; count <= messages; count += 1) {
    const author = crowd.clients[(count * 7) % crowd.clients.length];
    saidAtMs.set(`message ${count}`, performance.now());
    await author?.sendMessage(`message ${count}`);
    if (count % Math.ceil(messages / (LEAVING + 1)) === 0) await leaveOne(crowd);
    await pause(EVERY_MS);
  }
  const after = read();
  const isHeardByAll = (): boolean => crowd.clients.every(({ messages: had }) => had.length === messages);
  await until(isHeardByAll, 30_000).catch(() => process.stderr.write('not everything was heard by everybody\n'));
  const heard = [...crowd.heard.values()].flatMap((texts) => [...texts]);
  const own = crowd.clients.reduce((sum, client) => sum + client.messages.filter(({ mine }) => mine).length, 0);
  const perMessage = (pick: (at: typeof before) => number): number =>
    round((pick(after) - pick(atRest) - 2 * (pick(atRest) - pick(before))) / messages);
  return {
    'bytes a message': perMessage(({ bytes }) => bytes),
    'server CPU ms': perMessage(({ cpuMs }) => cpuMs),
    'heard %': round((heard.length / (messages * crowd.clients.length - own)) * 100),
    'heard twice': heard.filter(([, times]) => times.length > 1).length,
    'delay ms': distribution(heard.map(([text, [atMs = NaN]]) => atMs - (saidAtMs.get(text) ?? NaN))),
  };
}

async function leaveOne(crowd: LinkedCrowd): Promise<void> {
  const [busiest] = [...crowd.clients].sort((a, b) => b.status.peers - a.status.peers);
  if (busiest !== undefined) await crowd.leaves(busiest);
}
