// A failed world told so that somebody can begin: what was found, the least that still fails, and what happened in it.

import { violations } from './invariants.js';
import type { Plan } from './plan.js';
import { shrink } from './shrink.js';
import { World } from './world.js';

const FOUND_SHOWN = 10;

export function outcome(plan: Plan): { readonly world: World; readonly found: string[] } {
  const world = new World(plan);
  try {
    world.run();
    return { world, found: violations(world) };
  } catch (error) {
    return { world, found: [error instanceof Error ? error.message : String(error)] };
  }
}

export function story(plan: Plan, world: World, found: readonly string[]): string {
  const least = shrink(plan, (smaller) => outcome(smaller).found.length > 0);
  const again = outcome(least);
  return [
    `seed ${String(plan.seed)}, trace ${world.trace.hash}, ${String(world.trace.steps)} steps`,
    ...found.slice(0, FOUND_SHOWN),
    `least plan that fails: ${JSON.stringify(least)}`,
    ...again.found.slice(0, FOUND_SHOWN),
    ...again.world.trace.lines,
    `replay with: npx tsx test/simulation/replay.ts ${String(plan.seed)}`,
  ].join('\n');
}
