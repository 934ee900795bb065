// Hands over what pages wrote or carried and could not send before they went (rule S15), to each server that one of this
// site's chats has. What the server has answered is noted beside the records, where the next page finds it.

import { openDB } from 'idb';
import type { IDBPDatabase } from 'idb';
import { groupIds, groupRecords, recordsFrame } from '../core/record-frames.js';
import type { KeptRecord } from '../core/room-io.js';
import { toBase64Url } from '../engine/base64url.js';
import { withTokens } from '../engine/care/kept-tokens.js';
import type { CryptoSuite, DeviceKey } from '../engine/crypto-suite.js';
import { webCryptoSuite } from '../engine/webcrypto-suite.js';
import { serverOfStorage } from '../engine/kept-schema.js';
import type { KeptSchema, KeptTokens } from '../engine/kept-schema.js';
import { decodeFrame, encodeFrameText } from '../protocol/decode.js';
import { REFUSAL_CODES, isRetryable } from '../protocol/errors.js';
import type { Frame } from '../protocol/frames.js';
import { TOKEN_HEADER, handoverBytes, handoverPath } from '../protocol/handover.js';
import { authorOf, peerId } from '../protocol/ids.js';
import type { AuthorId, RecordId, RoomKey, SessionId } from '../protocol/ids.js';
import { idOf, tagOf } from '../protocol/record.js';
import { writeClaim } from '../protocol/request-claim.js';

/** An answer that does not come within this is none: a frame takes 3 s at 100 kbit/s. */
const ANSWER_MS = 20_000;

const STORES = ['facts', 'records', 'positions'] as const;

type Change = Partial<Pick<KeptRecord, 'offset' | 'epoch' | 'placedAtMs' | 'refusal' | 'refusalCode'>>;

/** The server wants it later, or was not reached. */
class Later extends Error {}

/** @throws {Error} when something is still to be handed over: the browser tries again */
export async function handOverOutboxes(): Promise<void> {
  // The page had to fetch another where the browser cannot sign; those outboxes wait for the next visit.
  const suite = webCryptoSuite(crypto.subtle);
  const names = (await indexedDB.databases()).flatMap(({ name = '' }) => name);
  const handed = await Promise.allSettled(names.map((name) => handOver(name, suite)));
  const failed = handed.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

async function handOver(name: string, suite: CryptoSuite): Promise<void> {
  const server = serverOfStorage(name);
  const database = server === null ? null : await openKept(name);
  if (server === null || database === null) return;
  try {
    const key = (await database.get('facts', 'key')) as DeviceKey | undefined;
    if (key?.kind !== suite.kind) return;
    const tokens = ((await database.get('facts', 'tokens')) ?? {}) as KeptTokens;
    for (const [room, waiting] of await unplacedBy(database)) {
      const handover = new Handover(server, room, { suite, key, token: tokens[room] });
      const hand = async (some: readonly KeptRecord[]): Promise<void> => {
        for (const group of groupRecords(some)) await note(database, key, group, await handover.post(group));
      };
      const isOwn = ({ record }: KeptRecord): boolean => record.author === key.author;
      await hand(waiting.filter((kept) => isOwn(kept)));
      // Whoever else carries them may have been faster (rule S7).
      const carried = waiting.filter((kept) => !isOwn(kept));
      for (const ids of groupIds(carried.map(({ record }) => idOf(record)))) {
        const answer = await handover.offer(ids);
        await note(database, key, carried, answer);
        const wanted = new Set(answer.flatMap((frame) => (frame.type === 'want' ? frame.ids : [])));
        await hand(carried.filter(({ record }) => wanted.has(idOf(record))));
      }
    }
  } finally {
    await withTokens(() => forgetTokens(database)).finally(() => database.close());
  }
}

/** Those of rooms where nothing waits any more. */
async function forgetTokens(database: IDBPDatabase<KeptSchema>): Promise<void> {
  const tokens = (await database.get('facts', 'tokens')) as KeptTokens | undefined;
  if (tokens === undefined) return;
  const waiting: ReadonlyMap<string, unknown> = await unplacedBy(database);
  const left = Object.entries(tokens).filter(([room]) => waiting.has(room));
  await database.put('facts', Object.fromEntries(left), 'tokens');
}

/** One that is there; none is made. Whoever wipes it, or opens a later version, does not wait for this one. */
async function openKept(name: string): Promise<IDBPDatabase<KeptSchema> | null> {
  try {
    const database = await openDB<KeptSchema>(name, undefined, {
      upgrade: (_database, _from, _to, transaction) => transaction.abort(),
      blocking: (_from, _to, event) => (event.target as IDBDatabase).close(),
    });
    // That of the photos may have a name that looks like one.
    if (STORES.every((store) => database.objectStoreNames.contains(store))) return database;
    database.close();
    return null;
  } catch {
    return null;
  }
}

/** What no server is known to have, in the order of writing, by room. */
async function unplacedBy(database: IDBPDatabase<KeptSchema>): Promise<ReadonlyMap<RoomKey, readonly KeptRecord[]>> {
  const rooms = new Map<RoomKey, KeptRecord[]>();
  const epochs = new Map<RoomKey, string | undefined>();
  for (const kept of await database.getAll('records')) {
    const { room } = kept.record;
    if (kept.refusal !== undefined) continue;
    if (!epochs.has(room)) epochs.set(room, (await database.get('positions', room))?.epoch);
    // Places of an earlier epoch are void (rule S6).
    if (kept.offset !== null && kept.epoch === epochs.get(room)) continue;
    rooms.set(room, [...(rooms.get(room) ?? []), kept]);
  }
  for (const waiting of rooms.values()) waiting.sort((a, b) => a.record.time - b.record.time);
  return rooms;
}

interface Bearer {
  readonly suite: CryptoSuite;
  readonly key: DeviceKey;
  readonly token: string | undefined;
}

class Handover {
  readonly #server: string;
  readonly #room: RoomKey;
  readonly #bearer: Bearer;
  /** The server's clock minus this device's, once it was told. */
  #aheadMs = 0;

  constructor(server: string, room: RoomKey, bearer: Bearer) {
    this.#server = server;
    this.#room = room;
    this.#bearer = bearer;
  }

  post(group: readonly KeptRecord[]): Promise<Frame[]> {
    return this.#say(recordsFrame(this.#room, group));
  }

  /** Asks what the server lacks. */
  offer(ids: RecordId[]): Promise<Frame[]> {
    return this.#say({ type: 'have', room: this.#room, ids });
  }

  /** Resolves with the frames that answer; none when the server will not take it by this way. @throws {Later} */
  async #say(frame: Frame): Promise<Frame[]> {
    const body = encodeFrameText(frame);
    const first = await this.#ask(body);
    const { status, said } = isTimed(first.said) ? await this.#askAt(body, first.said.timeMs) : first;
    if (status === 200 && Array.isArray(said)) return said.flatMap(frameOf);
    if (isFinal(said)) return [];
    // Too much at once; or whoever answers, such as a Wi-Fi's sign-in page, is not the server.
    throw new Later(`the server answered ${status}`);
  }

  #askAt(body: string, timeMs: number): Promise<Answer> {
    this.#aheadMs = timeMs - Date.now();
    return this.#ask(body);
  }

  async #ask(body: string): Promise<Answer> {
    const { token } = this.#bearer;
    const headers = { Authorization: await this.#claim(body), 'Content-Type': 'application/json' };
    const response = await fetch(this.#server + handoverPath(this.#room), {
      method: 'POST',
      headers: token === undefined ? headers : { ...headers, [TOKEN_HEADER]: token },
      body,
      cache: 'no-store',
      credentials: 'omit',
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return { status: response.status, said: await response.json().catch(() => null) };
  }

  async #claim(body: string): Promise<string> {
    const { suite, key } = this.#bearer;
    const session = toBase64Url(crypto.getRandomValues(new Uint8Array(9))) as SessionId;
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body));
    const said = {
      room: this.#room,
      peer: peerId(key.author, session),
      timeMs: Math.round(Date.now() + this.#aheadMs),
      bodyHash: toBase64Url(new Uint8Array(hash)),
    };
    return writeClaim({ ...said, proof: await suite.sign(key, handoverBytes(said)) });
  }
}

interface Answer {
  readonly status: number;
  readonly said: unknown;
}

/** Asked again it would say the same. */
function isFinal(said: unknown): boolean {
  const code = typeof said === 'object' && said !== null && 'code' in said ? said.code : null;
  return REFUSAL_CODES.some((known) => known === code && !isRetryable(known));
}

/** The device's clock is wrong, and the server has told its own. */
function isTimed(said: unknown): said is { readonly timeMs: number } {
  return typeof said === 'object' && said !== null && 'timeMs' in said && typeof said.timeMs === 'number';
}

function frameOf(input: unknown): Frame[] {
  const decoded = decodeFrame(input);
  return decoded.ok ? [decoded.frame] : [];
}

/** @throws {Later} when some of it is wanted later */
async function note(
  database: IDBPDatabase<KeptSchema>,
  { author }: DeviceKey,
  group: readonly KeptRecord[],
  answer: readonly Frame[],
): Promise<void> {
  const changes = changesBy(group, answer, author);
  if (changes.size === 0) {
    laterIf(answer);
    return;
  }
  const transaction = database.transaction('records', 'readwrite', { durability: 'strict' });
  for (const { record } of group) {
    const change = changes.get(idOf(record));
    const kept = change === undefined ? undefined : await transaction.store.get([record.room, idOf(record)]);
    // It may have been erased meanwhile.
    if (kept !== undefined) await transaction.store.put({ ...kept, ...change }, [record.room, idOf(record)]);
  }
  await transaction.done;
  laterIf(answer);
}

/** @throws {Later} when some of it is wanted later */
function laterIf(answer: readonly Frame[]): void {
  const wait = answer.find((frame) => frame.type === 'refused' && isRetryable(frame.code));
  if (wait !== undefined) throw new Later('the server wants some of it later');
}

/** What others wrote is refused to them, not to who carries it. */
function changesBy(group: readonly KeptRecord[], answer: readonly Frame[], author: AuthorId): Map<RecordId, Change> {
  const tags = new Map(group.map(({ record }) => [idOf(record), tagOf(record)]));
  const changes = new Map<RecordId, Change>();
  for (const frame of answer) {
    if (frame.type === 'placed') {
      for (const [id, offset, tag, placedAtMs] of frame.places)
        if (tags.get(id) === tag) changes.set(id, { offset, epoch: frame.epoch, placedAtMs });
    } else if (frame.type === 'refused' && !isRetryable(frame.code)) {
      for (const id of frame.ids ?? [])
        if (tags.has(id) && authorOf(id) === author)
          changes.set(id, { refusal: frame.message, refusalCode: frame.code });
    }
  }
  return changes;
}
