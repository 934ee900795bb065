// A test of the tests: a core with one thing deliberately wrong must not get through the simulator.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { bundle } from './bundle.js';
import { MUTANTS } from './mutants.js';

const run = promisify(execFile);
/** A fault that shows itself more rarely would have to be found by luck. */
const SEEDS_MAX = 2_000;
/** Seeds that a core as it is gets through here; `replication.test.ts` runs hundreds. */
const SEEDS_UNCHANGED = 60;
const HUNTS_AT_ONCE = 2;

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'festival-chat-mutants-'));
});
after(() => rm(folder, { recursive: true, force: true }));

async function hunt(file: string, seeds: number, worlds: readonly string[] = []): Promise<unknown> {
  const { stdout } = await run(process.execPath, [file, String(seeds), ...worlds]);
  return JSON.parse(stdout);
}

void describe('a core with one thing wrong', { concurrency: HUNTS_AT_ONCE }, () => {
  test(`nothing wrong: ${String(SEEDS_UNCHANGED)} seeds find nothing`, async () => {
    const file = join(folder, 'unchanged.mjs');
    await bundle(file);
    assert.equal(await hunt(file, SEEDS_UNCHANGED), null);
  });

  for (const [index, mutant] of MUTANTS.entries()) {
    test(`[${mutant.rule}] ${mutant.name}`, async (t) => {
      const file = join(folder, `${String(index)}.mjs`);
      await bundle(file, mutant);
      const found = await hunt(file, SEEDS_MAX, mutant.worlds);
      assert.notEqual(found, null, `${String(SEEDS_MAX)} seeds have not found it`);
      t.diagnostic(JSON.stringify(found));
    });
  }
});
