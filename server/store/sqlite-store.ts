// The embedded store: SQLite with a write-ahead log, flushed to the disk before a record counts as stored. The database
// lives in a thread of its own, so that a slow disk does not hold up sockets.

import type { Worker } from 'node:worker_threads';
import type { RecordId, RoomKey } from '../../src/protocol/ids.js';
import { fromWire, idOf, toWire } from '../../src/protocol/record.js';
import type { SignedRecord, WireRecord } from '../../src/protocol/record.js';
import { newEpoch } from './epoch.js';
import { startThread } from './sqlite-thread.js';
import type { Answer, CallName, Calls } from './sqlite-worker.js';
import type { PlacedRecord, Pruned, RoomMarks, Store, StoredRow } from './store.js';

/** A folder that cannot be written is tried again this often: an operator who frees the disk need not restart. */
const OPEN_AGAIN_MS = 5_000;
/** What passes when somebody frees the disk or mounts it for writing; anything else stops the start. */
const CAN_PASS = /EACCES|EPERM|EROFS|ENOSPC|EDQUOT|read-?only|disk (is full|I\/O error)/i;

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

export class SqliteStore implements Store {
  readonly #folder: string;
  readonly #now: () => number;
  #worker: Worker | null = null;
  readonly #waiting = new Map<number, Waiting>();
  #nextCall = 1;
  #epoch = newEpoch();
  #epochChanged: () => void = () => undefined;
  /** Why nothing can be written, until the folder can be opened. */
  #problem: Error | null = new Error('the database is not open');
  #openTimer: NodeJS.Timeout | null = null;

  constructor(folder: string, now: () => number) {
    this.#folder = folder;
    this.#now = now;
  }

  get epoch(): string {
    return this.#epoch;
  }

  onEpochChange(listener: () => void): void {
    this.#epochChanged = listener;
  }

  async open(): Promise<void> {
    this.#worker = startThread(this.#folder);
    this.#worker.on('message', (answer: Answer) => this.#answered(answer));
    try {
      await this.#open();
    } catch (error) {
      const { message } = error as Error;
      if (!CAN_PASS.test(message)) {
        await this.#end();
        throw new Error(this.#words(message), { cause: error });
      }
      this.#problem = new Error(this.#words(message), { cause: error });
      this.#openTimer = setInterval(() => void this.#openAgain(), OPEN_AGAIN_MS);
    }
  }

  async append(room: RoomKey, records: readonly SignedRecord[]): Promise<PlacedRecord[]> {
    if (this.#problem !== null) throw this.#problem;
    const rows = records.map((record) => ({ id: idOf(record), wire: JSON.stringify(toWire(record)) }));
    const nowMs = this.#now();
    const placings = await this.#call('append', { room, storedAtMs: nowMs, rows });
    return records.map((record, index) => {
      const { offset = 0, storedAtMs = nowMs, wire } = placings[index] ?? {};
      return wire === undefined ? { record, offset, storedAtMs } : placedOf(room, { offset, storedAtMs, wire });
    });
  }

  async byIds(room: RoomKey, ids: readonly RecordId[]): Promise<PlacedRecord[]> {
    if (this.#problem !== null) return [];
    return (await this.#call('byIds', room, ids)).map((row) => placedOf(room, row));
  }

  async range(room: RoomKey, after: number, limit: number): Promise<PlacedRecord[]> {
    if (this.#problem !== null) return [];
    return (await this.#call('range', room, after, limit)).map((row) => placedOf(room, row));
  }

  marks(room: RoomKey): Promise<RoomMarks> {
    return this.#problem === null ? this.#call('marks', room) : Promise.resolve({ head: 0, floor: 0 });
  }

  async isRetracted(room: RoomKey, id: RecordId): Promise<boolean> {
    return this.#problem === null && (await this.#call('isRetracted', room, id));
  }

  prune(olderThanMs: number, recordsMax: number): Promise<Pruned> {
    if (this.#problem !== null) return Promise.resolve({ records: 0, photos: [] });
    return this.#call('prune', olderThanMs, recordsMax);
  }

  async drop(room: RoomKey, offsets: readonly number[]): Promise<void> {
    if (this.#problem !== null) throw this.#problem;
    await this.#call('drop', room, offsets);
  }

  async rooms(): Promise<RoomKey[]> {
    return this.#problem === null ? ((await this.#call('rooms')) as RoomKey[]) : [];
  }

  async close(): Promise<void> {
    if (this.#openTimer !== null) clearInterval(this.#openTimer);
    if (this.#worker !== null) await this.#call('close');
    await this.#end();
  }

  async #end(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = null;
  }

  async #open(): Promise<void> {
    this.#epoch = (await this.#call('open')).epoch;
    this.#problem = null;
  }

  async #openAgain(): Promise<void> {
    try {
      await this.#open();
    } catch (error) {
      this.#problem = new Error(this.#words((error as Error).message), { cause: error });
      return;
    }
    if (this.#openTimer !== null) clearInterval(this.#openTimer);
    this.#openTimer = null;
    this.#epochChanged();
  }

  #call<Name extends CallName>(name: Name, ...args: Calls[Name]['arguments']): Promise<Calls[Name]['answer']> {
    const id = this.#nextCall;
    this.#nextCall += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker?.postMessage({ id, name, arguments: args });
    });
  }

  #answered(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('value' in answer) waiting?.resolve(answer.value as never);
    else waiting?.reject(Object.assign(new Error(answer.error.message), { code: answer.error.code }));
  }

  #words(reason: string): string {
    const isTaken = /locked|busy/i.test(reason);
    if (isTaken) return `the database in ${this.#folder} is in use by another process`;
    return `the database in ${this.#folder} cannot be opened: ${reason}`;
  }
}

function placedOf(room: RoomKey, { offset, storedAtMs, wire }: StoredRow): PlacedRecord {
  return { record: fromWire(room, JSON.parse(wire) as WireRecord), offset, storedAtMs };
}
