// Loaded into a measured server before its own code (`NODE_OPTIONS=--import …`): on SIGUSR2 it collects garbage and
// writes what memory is left to the file `BENCH_PROBE`. Until then it does nothing.

import { renameSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { isMainThread } from 'node:worker_threads';
import { runInNewContext } from 'node:vm';

if (isMainThread) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  process.on('SIGUSR2', () => {
    // What the first round frees may hold more.
    collect();
    collect();
    const file = process.env.BENCH_PROBE;
    writeFileSync(`${file}.part`, JSON.stringify(process.memoryUsage()));
    renameSync(`${file}.part`, file);
  });
}
