// Six pages that talk while pages, networks, links and the server break at random. Ninety seconds of it here;
// CHAOS_MINUTES=30 for longer, CHAOS_SEED=… for the same faults again.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { LIMITS } from '../../src/protocol/limits.js';
import { Chaos } from '../support/chaos.js';
import { startBrowser } from '../support/visitor.js';

const MINUTES = Number(process.env['CHAOS_MINUTES'] ?? 1.5);
const SEED = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
/** Pages keep `clientRecordsMax` records of a room: all are compared, so no more may be said. */
const MESSAGE_EVERY_MS = Math.max(350, (MINUTES * 60_000) / (0.9 * LIMITS.clientRecordsMax));

let browser: Browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

test(`${MINUTES} minutes of chaos among six pages: nothing is lost, nothing comes twice`, async (t) => {
  t.diagnostic(`seed ${SEED}`);
  const { promised, shown, toldTwice, heapMb, faults } = await Chaos.run(
    browser,
    SEED,
    MINUTES * 60_000,
    MESSAGE_EVERY_MS,
  );
  t.diagnostic(`faults: ${[...faults].map(([name, count]) => `${count} × ${name}`).join(', ')}`);
  t.diagnostic(`${promised.size} messages; live heap of all pages after each third: ${heapMb.join(', ')} MB`);
  const [first = [], ...others] = shown;
  assert.deepEqual(
    [...promised].filter((text) => !first.includes(text)),
    [],
    'what was promised is there',
  );
  assert.equal(new Set(first).size, first.length, 'nothing twice');
  for (const other of others) assert.deepEqual(other, first, 'everybody has the same, in the same order');
  assert.deepEqual(toldTwice, []);
});
