// The peers we are compared with do what arithmetic says they must; otherwise the comparison says nothing.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { seededRandom } from '../random.js';
import { fanOut } from './fan-out.js';
import { flood } from './flood.js';
import { randomOverlay } from './overlay.js';
import { ours } from './ours.js';
import { PLUMTREE, plumtree } from './plumtree.js';
import type { Scenario } from './scenario.js';
import { DEFAULTS, SERVER, linkDelayMs, rolesOf } from './scenario.js';
import { STRATEGIES } from './strategies.js';

const quiet = (nodes: number, more: Partial<Scenario> = {}): Scenario => {
  return { ...DEFAULTS, seed: 7, nodes, crashShare: 0, ...more };
};

function assertNear(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected} ± ${tolerance}`);
}

/** Hops from `start` to everybody it reaches, by breadth first. */
function hopsFrom(neighbors: readonly (readonly number[])[], start: number): number[] {
  const hops = new Map([[start, 0]]);
  for (const [node, count] of hops) {
    for (const next of neighbors[node] ?? []) if (!hops.has(next)) hops.set(next, count + 1);
  }
  return [...hops.values()];
}

test('links take linkMs ± linkSpread, the same both ways, and another seed has others', () => {
  const scenario = quiet(100);
  const delays = Array.from({ length: 4950 }, (_, index) => linkDelayMs(scenario, index % 99, 99 + index));
  assert.ok(delays.every((delayMs) => delayMs >= 15 && delayMs <= 45));
  // A uniform spread of 15 to 45 has the standard deviation 8.7; the mean of 4,950 of them one of 0.12.
  assertNear(delays.reduce((sum, delayMs) => sum + delayMs, 0) / delays.length, 30, 0.6);
  assert.equal(linkDelayMs(scenario, 3, SERVER), linkDelayMs(scenario, SERVER, 3));
  assert.notEqual(linkDelayMs(scenario, 3, 4), linkDelayMs({ ...scenario, seed: 8 }, 3, 4));
});

test('the share that crashes is exact, and only the living write', () => {
  const { crashed, authors } = rolesOf(quiet(100, { crashShare: 0.3, messages: 200 }));
  assert.equal(crashed.size, 30);
  assert.ok(authors.every((author) => !crashed.has(author)));
  assert.ok(new Set(authors).size > 40, 'hardly anybody writes');
  assert.throws(() => rolesOf(quiet(5, { crashShare: 0.9 })), RangeError);
});

const OVERLAYS = [
  [20, 4],
  [100, 5],
  [2000, 6],
] as const;
for (const [nodes, degree] of OVERLAYS) {
  test(`the overlay of ${nodes} nodes has degree ${degree}, both ways, no loop, in one piece`, () => {
    const neighbors = randomOverlay(nodes, degree, seededRandom(1));
    neighbors.forEach((peers, node) => {
      assert.equal(new Set(peers).size, degree);
      assert.ok(!peers.includes(node));
      assert.ok(peers.every((peer) => neighbors[peer]?.includes(node)));
    });
    assert.equal(hopsFrom(neighbors, 0).length, nodes);
  });
}

test('fan-out sends N − 1 copies and one acknowledgement, and takes the two links of each pair', () => {
  const scenario = quiet(50);
  const row = fanOut(scenario);
  assert.equal(row.serverEgressPerMessage, 49);
  assert.equal(row.serverEgressWithAcks, 50);
  assert.equal(row.serverEgressBytes, 49 * 350 + 100);
  assert.equal(row.copiesPerDelivery, 1);
  assert.equal(row.undelivered, 0);
  const slowest = rolesOf(scenario).authors.map((author) => {
    const others = Array.from({ length: 50 }, (_, node) => node).filter((node) => node !== author);
    const downMs = others.map((node) => linkDelayMs(scenario, SERVER, node));
    return linkDelayMs(scenario, author, SERVER) + Math.max(...downMs);
  });
  assertNear(row.maxMs, Math.max(...slowest), 1e-6);
  assertNear(fanOut(quiet(50, { linkSpread: 0 })).p50Ms, 60, 1e-6);
});

test('fan-out serves all the living, and goes on sending to the dead', () => {
  const row = fanOut(quiet(50, { crashShare: 0.3 }));
  assert.equal(row.undelivered, 0);
  assert.equal(row.copiesPerDelivery, 1);
  assert.equal(row.serverEgressPerMessage, 49);
});

test('flooding reaches everybody over shortest paths, with N·d − (N − 1) copies', () => {
  const scenario = quiet(20, { linkSpread: 0 });
  const row = flood(4)(scenario);
  assert.equal(row.undelivered, 0);
  assert.equal(row.serverEgressWithAcks, 0);
  assert.equal(row.repairBytes, 0);
  const neighbors = randomOverlay(20, 4, seededRandom(scenario.seed));
  const hopsMax = Math.max(...rolesOf(scenario).authors.flatMap((author) => hopsFrom(neighbors, author)));
  assertNear(row.maxMs, hopsMax * 30, 1e-6);
  // Everybody sends once to all neighbors but the one it came from, the author to all: d − 1 and a little.
  assertNear(row.copiesPerDelivery, (20 * 4 - 19) / 19, 1e-9);
  assertNear(flood(6)(quiet(500)).copiesPerDelivery, 5, 0.1);
});

test('flooding has no repair: with few links, crashes cut living nodes off', () => {
  assert.ok(flood(4)(quiet(2000, { crashShare: 0.3 })).undelivered > 0);
});

test('Plumtree begins as a flood and ends as a tree', () => {
  const first = plumtree({ ...PLUMTREE, warmUpMessages: 0 })(quiet(100, { messages: 1 }));
  assertNear(first.copiesPerDelivery, (100 * 5 - 99) / 99, 1e-9);
  // One message is enough where its copies have all arrived before the next, and nobody is asked.
  const second = plumtree({ ...PLUMTREE, warmUpMessages: 1, graftAfterLinks: Infinity })(quiet(100, { messages: 1 }));
  assert.equal(second.copiesPerDelivery, 1);
  assert.equal(second.undelivered, 0);
  const later = plumtree()(quiet(100));
  assert.equal(later.undelivered, 0);
  assertNear(later.copiesPerDelivery, 1, 0.05);
  // What is not a link of the tree is announced over, by both ends: 2 (N·d / 2 − (N − 1)) frames of 100 bytes.
  assertNear(later.repairBytes, 2 * (250 - 99) * 100, 2_000);
});

test('Plumtree repairs its tree after a tenth has crashed, and only by asking for what was announced', () => {
  const scenario = quiet(100, { crashShare: 0.1 });
  const repaired = plumtree()(scenario);
  assert.equal(repaired.undelivered, 0);
  assert.ok(repaired.maxMs > 240, 'nobody waited for the graft timer, so nothing was repaired');
  const unrepaired = plumtree({ ...PLUMTREE, graftAfterLinks: Infinity })(scenario);
  assert.ok(unrepaired.undelivered > 0);
  // With time between messages the repaired links stay, and hardly anybody has to ask again.
  const first = plumtree()({ ...scenario, messages: 1 });
  const healed = plumtree()({ ...scenario, messages: 100, everyMs: 2000 });
  assertNear(healed.copiesPerDelivery, 1, 0.02);
  assert.ok(healed.p99Ms < first.p99Ms);
});

test('the same seed gives the same row, another seed another', () => {
  for (const strategy of STRATEGIES) {
    const scenario = quiet(100, { crashShare: 0.1 });
    const row = strategy(scenario);
    assert.deepEqual(strategy(scenario), row);
    assert.notEqual(strategy({ ...scenario, seed: 8 }).p50Ms, row.p50Ms);
  }
});

test('the command prints a row for each strategy in each scenario, and writes them as JSON', () => {
  const folder = mkdtempSync(join(tmpdir(), 'compare-'));
  const file = join(folder, 'rows.json');
  const options = ['--nodes', '5,20', '--crash', '0,30', '--seeds', '2', '--json', file];
  const { status, stdout } = spawnSync('node', ['--import', 'tsx', 'test/simulation/compare/table.ts', ...options]);
  assert.equal(status, 0);
  const fanOutLines = stdout.toString().match(/^fan-out .*$/gm) ?? [];
  assert.equal(fanOutLines.length, 4);
  assert.match(fanOutLines[2] ?? '', /^fan-out +1\.00( +\d+){3} +19 +0 % +20 +0 % +6\.8 +0\.0 +0 +440$/);
  const written = JSON.parse(readFileSync(file, 'utf8')) as { medians: unknown[]; rows: { name: string }[] };
  rmSync(folder, { recursive: true });
  assert.equal(written.medians.length, 4 * STRATEGIES.length);
  const [firstFanOut] = written.rows.filter(({ name }) => name === 'fan-out');
  assert.deepEqual(firstFanOut, { seed: 1, ...fanOut(quiet(5, { seed: 1 })) });
});

test('the command says what it does not understand', () => {
  const command = ['--import', 'tsx', 'test/simulation/compare/table.ts', '--crash', '0.1'];
  const { status, stderr } = spawnSync('node', command);
  assert.equal(status, 2);
  assert.match(stderr.toString(), /--crash takes whole numbers/);
});

test('[C8] a room in which twenty messages a second are said costs the server as little as a quiet one', () => {
  const busy = ours(quiet(40, { everyMs: 50, messages: 200 }));
  assert.equal(busy.undelivered, 0);
  assert.ok(busy.serverEgressPerMessage < 0.05 * 39, `${busy.serverEgressPerMessage} of 39 copies`);
  assert.ok(busy.copiesPerDelivery <= 2, `${busy.copiesPerDelivery} copies`);
});
