// One world, run to its end and held against the invariants.

import assert from 'node:assert/strict';
import { violations } from './invariants.js';
import type { Plan } from './plan.js';
import { story } from './story.js';
import { World } from './world.js';

/** @throws {assert.AssertionError} with the story of the world, when something is wrong */
export function check(plan: Plan): World {
  const world = new World(plan);
  world.run();
  const found = violations(world);
  assert.equal(found.length, 0, found.length === 0 ? '' : story(plan, world, found));
  // An organiser may have cleared all of it since.
  const isWritten = world.devices.some((device) => device.written.size > 0);
  assert.ok(isWritten, 'nothing was written, so nothing was shown');
  return world;
}
