// The rows of the table, in its order. Ours belongs on top.

import { fanOut } from './fan-out.js';
import { flood } from './flood.js';
import { ours } from './ours.js';
import { plumtree } from './plumtree.js';
import type { Strategy } from './scenario.js';

export const STRATEGIES: readonly Strategy[] = [ours, fanOut, flood(4), flood(6), plumtree()];
