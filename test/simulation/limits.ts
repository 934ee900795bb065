// Draws the bounds of replicas closer for one world, and puts them back.

import { LIMITS } from '../../src/protocol/limits.js';
import type { SmallLimits } from './plan.js';

export function withLimits(small: SmallLimits, run: () => void): void {
  const usual = { ...LIMITS };
  Object.assign(LIMITS, small);
  try {
    run();
  } finally {
    Object.assign(LIMITS, usual);
  }
}
