// Flooding: whoever gets a message for the first time sends it to all neighbors but the one it came from; what comes
// again is dropped. No server, no repair: redundancy is the only help. Gnutella 0.4 spread its queries so, and it is
// the upper bound that gossip protocols are compared with.

import { seededRandom } from '../random.js';
import { randomOverlay } from './overlay.js';
import type { Strategy } from './scenario.js';
import { Trial } from './trial.js';

/** Over a random graph in which everybody has `degree` links. */
export function flood(degree: number): Strategy {
  return (scenario) => {
    const trial = new Trial(scenario);
    const neighbors = randomOverlay(scenario.nodes, degree, seededRandom(scenario.seed));

    const forward = (message: number, node: number, except?: number) => {
      for (const next of neighbors[node] ?? []) {
        if (next === except) continue;
        trial.send('push', node, next, () => {
          if (trial.take(message, next)) forward(message, next, node);
        });
      }
    };
    return trial.run(`flood d=${String(degree)}`, forward);
  };
}
