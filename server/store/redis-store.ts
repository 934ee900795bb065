// The store of a server of several nodes. Redis keeps records, places and epoch; a record counts as stored when Redis
// has answered, which with `appendonly yes` and `appendfsync always` is after its flush to the disk.

import type { RecordId, RoomKey } from '../../src/protocol/ids.js';
import { fromWire, idOf, toWire } from '../../src/protocol/record.js';
import type { SignedRecord, WireRecord } from '../../src/protocol/record.js';
import { SERVER_LIMITS } from '../limits.js';
import type { Logger } from '../log.js';
import { photoKey } from '../photos/photo-shelf.js';
import type { PhotoKey } from '../photos/photo-shelf.js';
import { retractedIn } from '../photos/photos-in.js';
import { newEpoch } from './epoch.js';
import type { Commands, RedisConnection } from './redis-connection.js';
import { KEYS, retractionField } from './redis-scripts.js';
import type { Row } from './redis-scripts.js';
import type { PlacedRecord, Pruned, RoomMarks, Store } from './store.js';

/** Raised when the layout changes; what a later version wrote is refused. */
const SCHEMA_VERSION = 1;
/** Records dropped in one piece: about a millisecond of Redis. */
const PRUNE_BATCH = 500;

export class RedisStore implements Store {
  readonly #connection: RedisConnection;
  readonly #redis: Commands;
  readonly #now: () => number;
  readonly #logger: Logger;
  #epoch = newEpoch();
  #epochChanged: () => void = () => undefined;
  /** Highest heads seen, by room: a lower one means that Redis lost what it had. The longest unseen is forgotten. */
  readonly #heads = new Map<RoomKey, number>();

  constructor(connection: RedisConnection, now: () => number, logger: Logger) {
    this.#connection = connection;
    this.#redis = connection.commands;
    this.#now = now;
    this.#logger = logger;
  }

  get epoch(): string {
    return this.#epoch;
  }

  onEpochChange(listener: () => void): void {
    this.#epochChanged = listener;
  }

  async open(): Promise<void> {
    await this.#connection.open();
    await this.#redis.set(KEYS.schema, SCHEMA_VERSION, 'NX');
    const version = Number(await this.#redis.get(KEYS.schema));
    if (version > SCHEMA_VERSION) {
      this.#connection.close();
      throw new Error(`what is in Redis was written by a later version of festival-chat (schema ${version})`);
    }
    this.#epoch = await this.#redis.fcEpoch(KEYS.epoch, '', newEpoch());
    await this.#warnUnlessDurable();
    this.#redis.on('ready', () => void this.#findEpoch('').catch(() => undefined));
  }

  async append(room: RoomKey, records: readonly SignedRecord[]): Promise<PlacedRecord[]> {
    const rows = await this.#append(room, records).catch(async (error: unknown) => {
      const { message } = error as Error;
      if (message.startsWith('LOST')) await this.#lost();
      else if (message.startsWith('EPOCH')) await this.#findEpoch('');
      else throw new Error(wordsOf(error as Error), { cause: error });
      return this.#append(room, records);
    });
    this.#sawHead(room, Math.max(...rows.map(([offset]) => offset)));
    return records.map((record, index) => {
      const [offset, wire, storedAtMs] = rows[index] ?? [0, '', 0];
      return wire === '' ? { record, offset, storedAtMs } : placedOf(room, [offset, wire, storedAtMs]);
    });
  }

  async byIds(room: RoomKey, ids: readonly RecordId[]): Promise<PlacedRecord[]> {
    const rows = await this.#redis.fcByIds(KEYS.log(room), KEYS.ids(room), ...ids);
    return rows.map((row) => placedOf(room, row));
  }

  async range(room: RoomKey, after: number, limit: number): Promise<PlacedRecord[]> {
    const entries = await this.#redis.xrange(KEYS.log(room), `${after + 1}-0`, '+', 'COUNT', limit);
    const items = entries.map(([number, fields]) =>
      placedOf(room, [Number.parseInt(number, 10), fields[3] ?? '', Number(fields[5])]),
    );
    this.#sawHead(room, items.at(-1)?.offset ?? 0);
    return items;
  }

  async marks(room: RoomKey): Promise<RoomMarks> {
    const [head, floor] = await this.#redis.hmget(KEYS.marks(room), 'head', 'floor');
    if (Number(head ?? 0) < (this.#heads.get(room) ?? 0)) await this.#lost();
    this.#sawHead(room, Number(head ?? 0));
    return { head: Number(head ?? 0), floor: Number(floor ?? 0) };
  }

  async isRetracted(room: RoomKey, id: RecordId): Promise<boolean> {
    return (await this.#redis.hexists(KEYS.ids(room), retractionField(id))) === 1;
  }

  async prune(olderThanMs: number, recordsMax: number): Promise<Pruned> {
    let records = 0;
    const photos: PhotoKey[] = [];
    for (let cursor = '0'; ;) {
      const [next, rooms] = await this.#redis.sscan(KEYS.rooms, cursor, 'COUNT', 100);
      for (const room of rooms as RoomKey[]) {
        const pruned = await this.#pruneRoom(room, olderThanMs, recordsMax);
        records += pruned.records;
        photos.push(...pruned.photos);
      }
      cursor = next;
      if (cursor === '0') return { records, photos };
    }
  }

  async drop(room: RoomKey, offsets: readonly number[]): Promise<void> {
    for (let at = 0; at < offsets.length; at += PRUNE_BATCH) {
      const numbers = offsets.slice(at, at + PRUNE_BATCH);
      await this.#redis.fcDrop(KEYS.epoch, KEYS.log(room), KEYS.ids(room), this.#epoch, ...numbers);
    }
  }

  async rooms(): Promise<RoomKey[]> {
    return (await this.#redis.smembers(KEYS.rooms)) as RoomKey[];
  }

  close(): Promise<void> {
    this.#connection.close();
    return Promise.resolve();
  }

  #append(room: RoomKey, records: readonly SignedRecord[]): Promise<Row[]> {
    const said = records.flatMap((record) => {
      const [target] = retractedIn([{ record }]);
      return [idOf(record), JSON.stringify(toWire(record)), target === undefined ? '' : retractionField(target)];
    });
    const keys = [KEYS.marks(room), KEYS.log(room), KEYS.ids(room)] as const;
    const knownHead = this.#heads.get(room) ?? 0;
    return this.#redis.fcAppend(KEYS.epoch, KEYS.rooms, ...keys, this.#epoch, room, this.#now(), knownHead, ...said);
  }

  async #pruneRoom(room: RoomKey, olderThanMs: number, recordsMax: number): Promise<Pruned> {
    const keys = [KEYS.marks(room), KEYS.log(room), KEYS.ids(room)] as const;
    const photos: PhotoKey[] = [];
    for (let records = 0; ;) {
      const rest = [this.#epoch, olderThanMs, recordsMax, PRUNE_BATCH] as const;
      const [count, ...shown] = await this.#redis.fcPrune(KEYS.epoch, ...keys, ...rest);
      records += count;
      photos.push(...shown.map((id) => photoKey(room, id)));
      if (count < PRUNE_BATCH) return { records, photos };
    }
  }

  async #lost(): Promise<void> {
    this.#logger.log('error', 'redis lost records');
    await this.#findEpoch(this.#epoch);
  }

  /** Asks which epoch holds. One that is over is ended for all nodes; the first to say so names the next. */
  async #findEpoch(over: string): Promise<void> {
    const epoch = await this.#redis.fcEpoch(KEYS.epoch, over, newEpoch());
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#heads.clear();
    this.#epochChanged();
  }

  #sawHead(room: RoomKey, head: number): void {
    if (head === 0) return;
    const highest = Math.max(head, this.#heads.get(room) ?? 0);
    this.#heads.delete(room);
    this.#heads.set(room, highest);
    if (this.#heads.size <= SERVER_LIMITS.roomsMax) return;
    for (const oldest of this.#heads.keys()) {
      this.#heads.delete(oldest);
      break;
    }
  }

  async #warnUnlessDurable(): Promise<void> {
    const read = async (name: string): Promise<string> => {
      const answer = (await this.#redis.config('GET', name).catch(() => [])) as string[];
      return answer[1] ?? 'unknown';
    };
    const [appendonly, appendfsync] = [await read('appendonly'), await read('appendfsync')];
    if (appendonly === 'yes' && appendfsync === 'always') return;
    this.#logger.log('warn', 'redis may lose what counts as stored', { appendonly, appendfsync });
  }
}

/** The library's words for a Redis that is away say how it notices, not what is wrong. */
function wordsOf(error: Error): string {
  const isAway = /isn't writeable|timed out|closed|ECONN|Socket timeout/i.test(error.message);
  return isAway ? 'Redis does not answer' : `Redis does not take them: ${error.message}`;
}

function placedOf(room: RoomKey, [offset, wire, storedAtMs]: Row): PlacedRecord {
  return { record: fromWire(room, JSON.parse(wire) as WireRecord), offset, storedAtMs };
}
