// A database of the browser's, which may hang: blocked by another tab, or in the private mode of some browsers.

import { openDB } from 'idb';
import type { DBSchema, IDBPDatabase } from 'idb';

/** What takes longer is given up. */
const ANSWER_MS = 3_000;

/**
 * Opens this version of a database.
 * @throws {Error} where the browser has none, refuses it, or does not open it in time
 */
export async function openDatabase<Schema extends DBSchema>(
  name: string,
  upgrade: (database: IDBPDatabase<Schema>) => void,
  version = 1,
): Promise<IDBPDatabase<Schema>> {
  // Once nobody waits for it any more, an open one would keep others from changing it.
  return inTime(openDB<Schema>(name, version, { upgrade }), (database) => database.close());
}

/** The same, if it comes in time; what comes later is handed to `late`. @throws {Error} when it does not */
export function inTime<Result>(doing: Promise<Result>, late?: (result: Result) => void): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error('the database does not answer'));
      doing.then(late).catch(() => undefined);
    }, ANSWER_MS);
    doing.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
