// Coming and going for long, and many at once: how many peer connections a page makes, and when they are made.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PeerId } from '../../src/protocol/ids.js';
import { CROWD } from '../../src/core/crowd/crowd-limits.js';
import { violations } from './invariants.js';
import type { Fault } from './plan.js';
import { quietPlan } from './plan.js';
import { between, seededRandom } from './random.js';
import type { SimClient } from './sim-client.js';
import { World } from './world.js';

/** A page stops opening links at so many peer connections (`peer-link.ts`); a browser stops it at 500. */
const CONNECTIONS_MAX = 400;
const HOUR_S = 3_600;
const DEVICES = 8;

/** What a phone in a field goes through: the page is closed and opened, the socket is lost, the phone sleeps. */
const KINDS = ['crash', 'socket-cut', 'freeze', 'hide', 'link-dead'] as const;

function churn(seed: number, everyMs: number): Fault[] {
  const random = seededRandom(seed);
  const faults: Fault[] = [];
  for (let atMs = 70_000; atMs < HOUR_S * 1_000; atMs += between(random, 0, 2 * everyMs)) {
    const forMs = between(random, 1_000, 15_000);
    const kind = KINDS[Math.floor(random() * KINDS.length)] ?? 'crash';
    // Every other page stays open for the whole hour: it meets all who come.
    const any = Math.floor(between(random, 0, 1_000));
    const device = kind === 'crash' ? 2 * any + 1 : any;
    faults.push({ kind, atMs, device, link: device, forMs, isSilent: random() < 0.5 } as Fault);
  }
  return faults;
}

test(`[M5] in an hour in which half of eight come and go no page makes ${CONNECTIONS_MAX} connections`, (t) => {
  const faults = churn(1, 10_000);
  const world = new World(quietPlan(1, { devices: DEVICES, seconds: HOUR_S, everyMs: 60_000, faults }));
  const made = new Map<PeerId, number>();
  world.watchDials((from) => made.set(from.peer, world.peers.madeBy(from.peer)));
  world.run();
  assert.deepEqual(violations(world), []);
  const most = Math.max(...made.values());
  t.diagnostic(`${faults.length} faults, ${made.size} pages, ${most} connections at most`);
  assert.ok(made.size > 2 * DEVICES, 'pages come and go');
  assert.ok(most < CONNECTIONS_MAX);
});

test('[C4] twenty leaves whose parent is gone do not come to the next one together', (t) => {
  const devices = 23;
  const world = new World(quietPlan(4, { devices, seconds: 110, everyMs: 20_000 }));
  const dials: { readonly at: SimClient; readonly atMs: number }[] = [];
  world.watchDials((at) => dials.push({ at, atMs: world.elapsedMs }));
  let before: readonly PeerId[] = [];
  const goneAtMs = 90_000;
  world.clock.after(goneAtMs, () => {
    before = world.server?.reliance.supernodes() ?? [];
    const device = world.devices.find(({ tabs }) => tabs.some(({ peer }) => peer === before[0]));
    assert.ok(device);
    world.closePages(device, true);
  });
  world.run();
  assert.deepEqual(violations(world), []);
  const next = world.server?.reliance.supernodes().find((peer) => !before.includes(peer));
  const atMs = dials.filter(({ at, atMs }) => at.peer === next && atMs > goneAtMs).map((dial) => dial.atMs);
  const together = atMs.map((fromMs) => atMs.filter((other) => other >= fromMs && other < fromMs + 200).length);
  t.diagnostic(
    `${atMs.length} dials within ${Math.round(Math.max(...atMs) - Math.min(...atMs))} ms, ${Math.max(...together)} within 200 ms`,
  );
  assert.ok(atMs.length >= devices - 3);
  assert.ok(Math.max(...atMs) - Math.min(...atMs) > CROWD.redialSpreadMs / 2);
  // Spread evenly there would be two.
  assert.ok(Math.max(...together) <= 6);
});
