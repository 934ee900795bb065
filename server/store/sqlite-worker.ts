// The thread that owns the database. An append that comes alone is written at once; those that come within a few
// milliseconds after it share one transaction, because the flush to the disk is what costs. Each is answered after it.

import { parentPort, workerData } from 'node:worker_threads';
import type { RecordId } from '../../src/protocol/ids.js';
import { SqliteDatabase } from './sqlite-database.js';
import type { Batch, Placing } from './sqlite-database.js';
import type { Pruned, RoomMarks, StoredRow } from './store.js';

/** Between transactions appends are gathered this long: most of a flush's cost is shared, nobody notices the wait. */
const GATHER_MS = 4;

/** What the store may ask for: the name, what goes with it, what comes back. */
export interface Calls {
  open: { arguments: []; answer: { epoch: string } };
  append: { arguments: [batch: Batch]; answer: Placing[] };
  byIds: { arguments: [room: string, ids: readonly string[]]; answer: StoredRow[] };
  range: { arguments: [room: string, after: number, limit: number]; answer: StoredRow[] };
  marks: { arguments: [room: string]; answer: RoomMarks };
  isRetracted: { arguments: [room: string, id: RecordId]; answer: boolean };
  prune: { arguments: [olderThanMs: number, recordsMax: number]; answer: Pruned };
  drop: { arguments: [room: string, offsets: readonly number[]]; answer: null };
  rooms: { arguments: []; answer: string[] };
  close: { arguments: []; answer: null };
}

export type CallName = keyof Calls;
type CallOf<Name extends CallName> = { readonly id: number; readonly name: Name } & {
  readonly arguments: Calls[Name]['arguments'];
};
export type Call = { [Name in CallName]: CallOf<Name> }[CallName];
/** `error` has the name a program tells it by, and the words for people. */
export type Answer =
  | { readonly id: number; readonly value: Calls[CallName]['answer'] }
  | { readonly id: number; readonly error: { readonly code: string; readonly message: string } };

const { folder } = workerData as { folder: string };
let database: SqliteDatabase | null = null;
let pending: Extract<Call, { name: 'append' }>[] = [];
let timer: NodeJS.Timeout | null = null;
let committedAtMs = -Infinity;

parentPort?.on('message', (call: Call) => {
  if (call.name === 'append') {
    pending.push(call);
    const waitMs = committedAtMs + GATHER_MS - performance.now();
    if (waitMs <= 0) commit();
    else timer ??= setTimeout(commit, waitMs);
    return;
  }
  // What was asked for before a close or a look is part of what is closed or seen.
  commit();
  answerWith([call], () => [perform(call)]);
});

function perform(call: Exclude<Call, { name: 'append' }>): Calls[CallName]['answer'] {
  switch (call.name) {
    case 'open':
      database ??= new SqliteDatabase(folder);
      return { epoch: database.epoch };
    case 'byIds':
      return opened().byIds(...call.arguments);
    case 'range':
      return opened().range(...call.arguments);
    case 'marks':
      return opened().marks(...call.arguments);
    case 'isRetracted':
      return opened().isRetracted(...call.arguments);
    case 'prune':
      return opened().prune(...call.arguments);
    case 'drop':
      opened().drop(...call.arguments);
      return null;
    case 'rooms':
      return opened().rooms();
    case 'close':
      database?.close();
      return null;
  }
}

function commit(): void {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  const calls = pending;
  pending = [];
  if (calls.length === 0) return;
  answerWith(calls, () => opened().append(calls.map((call) => call.arguments[0])));
  // From its end: what came during a slow flush is gathered as well.
  committedAtMs = performance.now();
}

function answerWith(calls: readonly Call[], work: () => Calls[CallName]['answer'][]): void {
  let answers: Answer[];
  try {
    const values = work();
    answers = calls.map(({ id }, index) => ({ id, value: values[index] ?? null }));
  } catch (error) {
    const { code = '', message = '' } = error as { code?: string; message?: string };
    answers = calls.map(({ id }) => ({ id, error: { code, message } }));
  }
  for (const answer of answers) parentPort?.postMessage(answer);
}

function opened(): SqliteDatabase {
  if (database === null) throw new Error('the database is not open');
  return database;
}
