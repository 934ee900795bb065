// The seeds after those of `replication.test.ts`, in a process of their own.

import { test } from 'node:test';
import { check } from './check.js';
import { planOf } from './seeds.js';

const [FIRST, LAST] = [121, 400];

for (let seed = FIRST; seed <= LAST; seed += 1) {
  test(`[D1] none lost, none twice, all equal: seed ${String(seed)}`, () => {
    check(planOf(seed));
  });
}
