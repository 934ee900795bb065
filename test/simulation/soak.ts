// Many seeds in one go: `npm run soak` for 10,000, or `npx tsx test/simulation/soak.ts FIRST COUNT`.
// Prints what it did as it goes, and the story of every seed that fails.

import { planOf } from './seeds.js';
import { outcome, story } from './story.js';

const [first = 1, count = 10_000] = process.argv.slice(2).map(Number);
const STORIES_MAX = 5;
let deliveries = 0;
let steps = 0;
const failed: number[] = [];
const convergedMs: number[] = [];
const startedAtMs = performance.now();

for (let seed = first; seed < first + count; seed += 1) {
  const plan = planOf(seed);
  const { world, found } = outcome(plan);
  deliveries += world.alive().reduce((sum, client) => sum + client.room.messages().length, 0);
  steps += world.trace.steps;
  // Worlds that lose a third of everything are there for safety; their back-off is longer than their peace.
  if (world.convergedAfterMs !== null && plan.noise.loss < 0.1) convergedMs.push(world.convergedAfterMs);
  if (found.length > 0) {
    failed.push(seed);
    if (failed.length <= STORIES_MAX) process.stdout.write(`${story(plan, world, found)}\n\n`);
  }
  if ((seed - first + 1) % 500 === 0) report(seed);
}
report(first + count - 1);
process.exitCode = failed.length === 0 ? 0 : 1;

function report(seed: number): void {
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(0);
  const failures = failed.length === 0 ? 'none failed' : `failed: ${failed.join(', ')}`;
  process.stdout.write(
    `seeds ${String(first)}–${String(seed)}: ${String(deliveries)} deliveries, ${String(steps)} frames, ${seconds} s, ${failures}\n`,
  );
  convergedMs.sort((a, b) => a - b);
  const at = (share: number): string =>
    ((convergedMs[Math.floor(convergedMs.length * share)] ?? NaN) / 1000).toFixed(1);
  process.stdout.write(`equal again after healing: p50 ${at(0.5)} s, p99 ${at(0.99)} s, last ${at(0.9999)} s\n`);
}
