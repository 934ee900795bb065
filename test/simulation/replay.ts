// Tells one seed's story: `npx tsx test/simulation/replay.ts 42`, with every frame: `… 42 --frames`,
// and the least plan that still fails: `… 42 --shrink`.

import { planOf } from './seeds.js';
import { violations } from './invariants.js';
import { outcome } from './story.js';
import { shrink } from './shrink.js';
import { World } from './world.js';

const [seedText = '', ...flags] = process.argv.slice(2);
const seed = Number(seedText);
if (!Number.isSafeInteger(seed) || seed < 0) {
  process.stderr.write('usage: npx tsx test/simulation/replay.ts SEED [--frames] [--shrink]\n');
  process.exit(2);
}

const drawn = planOf(seed);
const plan = flags.includes('--shrink') ? shrink(drawn, (smaller) => outcome(smaller).found.length > 0) : drawn;
const world = new World(plan, { isVerbose: flags.includes('--frames') });
let found: string[];
try {
  world.run();
  found = violations(world);
} catch (error) {
  found = [error instanceof Error ? error.message : String(error)];
}
process.stdout.write(
  [
    JSON.stringify(plan, null, 2),
    ...world.trace.lines,
    `trace ${world.trace.hash}, ${String(world.trace.steps)} steps, ${String(world.owed().size)} records owed`,
    ...(found.length === 0 ? ['nothing is wrong'] : found),
    '',
  ].join('\n'),
);
process.exitCode = found.length === 0 ? 0 : 1;
