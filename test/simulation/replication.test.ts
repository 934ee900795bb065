// None lost, none twice, all equal: the core under a seeded network. A failing seed is added to NAMED_SEEDS.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { violations } from './invariants.js';
import type { Plan } from './plan.js';
import { mixedPlan, quietPlan } from './plan.js';
import { World } from './world.js';

const SEEDS = 120;
/** Seeds that once failed, with what they showed. */
const NAMED_SEEDS: readonly (readonly [seed: number, showed: string])[] = [];

function check(plan: Plan): World {
  const world = new World(plan);
  world.run();
  const found = violations(world);
  const story = () => [`plan ${JSON.stringify(plan)}`, ...world.trace, ...found.slice(0, 10)].join('\n');
  assert.equal(found.length, 0, story());
  assert.ok(world.owed().size > 0, 'nothing was written, so nothing was shown');
  return world;
}

test('[S1] three devices and a server in a quiet world end equal', () => {
  check(quietPlan(1));
});

test('[P1] in a small room messages travel over peers', () => {
  const world = check(quietPlan(2));
  const routes = world.alive().flatMap((client) => client.room.messages().map((message) => message.path.route));
  assert.ok(routes.includes('p2p'));
});

test('[M7] mesh off opens no peer link and still delivers', () => {
  const world = check(quietPlan(3, { mesh: 'off' }));
  assert.ok(world.alive().every((client) => !client.outputs.has('dial')));
});

for (let seed = 1; seed <= SEEDS; seed += 1) {
  test(`[D1] none lost, none twice, all equal: seed ${String(seed)}`, () => {
    check(mixedPlan(seed));
  });
}

for (const [seed, showed] of NAMED_SEEDS) {
  test(`[D1] seed ${String(seed)}: ${showed}`, () => {
    check(mixedPlan(seed));
  });
}
