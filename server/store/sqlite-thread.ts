// Starts the database's thread, from the build and from source alike.

import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

export function startThread(folder: string): Worker {
  const extension = extname(import.meta.url);
  const entry = new URL(`./sqlite-worker${extension}`, import.meta.url);
  return new Worker(entry, { workerData: { folder }, execArgv: extension === '.ts' ? tsxForThread() : [] });
}

/** Tests run the sources by tsx, which does not reach into threads by itself: https://github.com/privatenumber/tsx/issues/354 */
function tsxForThread(): string[] {
  const api = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  return ['--import', `data:text/javascript,import { register } from ${api}; register();`];
}
