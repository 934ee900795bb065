// Looks for a world in which the core of this bundle does wrong; run by `mutations.test.ts` in a process of its own.
// Arguments: how many seeds, then the names of the worlds to look in, one after another for each seed; none: all.

import { outcome } from '../story.js';
import { DEGENERATE, planOf } from '../seeds.js';
import type { DegenerateName } from '../seeds.js';

const [seedsText = '0', ...names] = process.argv.slice(2);
const plans = names.length === 0 ? [planOf] : names.map((name) => DEGENERATE[name as DegenerateName]);

process.stdout.write(JSON.stringify(hunt()));

function hunt(): { readonly seed: number; readonly found: string } | null {
  for (let seed = 1; seed <= Number(seedsText); seed += 1) {
    for (const plan of plans) {
      const [found] = outcome(plan(seed)).found;
      if (found !== undefined) return { seed, found };
    }
  }
  return null;
}
