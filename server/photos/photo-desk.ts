// What becomes of a request for a photo, or with a part of one (rule F7). The log is the authority: there are bytes only
// for a record that is stored, as many as it says, and only while it is.

import { createHash } from 'node:crypto';
import type { RecordId, RoomKey } from '../../src/protocol/ids.js';
import { authorOf } from '../../src/protocol/ids.js';
import type { Photo } from '../../src/protocol/record.js';
import { REQUEST_AGE_MAX_MS } from '../../src/protocol/request-claim.js';
import type { RequestClaim } from '../../src/protocol/request-claim.js';
import type { Rates } from '../rates.js';
import type { Rooms } from '../rooms.js';
import type { Store } from '../store/store.js';
import type { Verifier } from '../verifier.js';
import { NoSpace, photoKey } from './photo-shelf.js';
import type { PhotoKey, PhotoShelf } from './photo-shelf.js';

export interface PhotoDeskOptions {
  readonly shelf: PhotoShelf;
  readonly store: Store;
  readonly rooms: Rooms;
  readonly verifier: Verifier;
  readonly rates: Rates;
  readonly now: () => number;
  readonly isOn: boolean;
}

export interface PhotoAsk {
  readonly method: 'GET' | 'PUT';
  readonly room: RoomKey;
  readonly record: RecordId;
  readonly claim: RequestClaim | null;
  /** See address.ts. */
  readonly address: string;
}

export type PhotoProblem =
  'photos-off' | 'rate-limited' | 'not-a-member' | 'no-such-photo' | 'bad-range' | 'wrong-hash' | 'no-space';

/** A request that may be answered: which photo it is about. */
export interface Admitted {
  readonly room: RoomKey;
  readonly record: RecordId;
  readonly photo: Photo;
}

/** Where a piece goes; null: the sender asks how much is here. */
export type PieceRange = { readonly from: number; readonly through: number } | null;

export class PhotoDesk {
  readonly #options: PhotoDeskOptions;
  /** What is done to one photo is done one after the other; gone when nothing is. */
  readonly #turns = new Map<PhotoKey, Promise<unknown>>();

  constructor(options: PhotoDeskOptions) {
    this.#options = options;
  }

  /** Cheap checks first; the body of a request is not read before this. */
  async admit(ask: PhotoAsk): Promise<Admitted | PhotoProblem> {
    const { isOn, rates, verifier, now, rooms } = this.#options;
    const { claim, room, record } = ask;
    if (!isOn) return 'photos-off';
    if ((await rates.spend(['photoRequestsPerAddress', ask.address, 1])) > 0) return 'rate-limited';
    if (claim === null || Math.abs(claim.timeMs - now()) > REQUEST_AGE_MAX_MS) return 'not-a-member';
    if (!(await verifier.photoRequest({ ...ask, peer: claim.peer, timeMs: claim.timeMs }, claim.proof))) {
      return 'not-a-member';
    }
    if ((await rates.spend(['photoRequestsPerAuthor', authorOf(claim.peer), 1])) > 0) return 'rate-limited';
    if (!(await rooms.hasMember(room, claim.peer))) return 'not-a-member';
    const photo = await this.#photoOf(room, record);
    return photo === undefined ? 'no-such-photo' : { room, record, photo };
  }

  /** Resolves with the bytes here then. */
  take(admitted: Admitted, range: PieceRange, bytes: Uint8Array): Promise<{ received: number } | PhotoProblem> {
    return this.#inTurn(keyOf(admitted), () => this.#take(admitted, range, bytes));
  }

  /** True when all of it is here. */
  async isWhole(admitted: Admitted): Promise<boolean> {
    return (await this.#options.shelf.size(keyOf(admitted))) === admitted.photo.bytes;
  }

  read(admitted: Admitted, from: number, to: number): Promise<Uint8Array> {
    return this.#options.shelf.read(keyOf(admitted), from, to);
  }

  /** Their messages stand no more (rule F9). */
  async erase(photos: readonly PhotoKey[]): Promise<void> {
    for (const key of photos) await this.#inTurn(key, () => this.#options.shelf.drop(key));
  }

  /** Of a message that stands: it is stored, and its author has not taken it back. */
  async #photoOf(room: RoomKey, record: RecordId): Promise<Photo | undefined> {
    const { store } = this.#options;
    const [found] = await store.byIds(room, [record]);
    const photo = found?.record.body.kind === 'message' ? found.record.body.photo : undefined;
    return photo === undefined || (await store.isRetracted(room, record)) ? undefined : photo;
  }

  #inTurn<Result>(key: PhotoKey, work: () => Promise<Result>): Promise<Result> {
    const done = (this.#turns.get(key) ?? Promise.resolve()).then(work);
    const turn: Promise<unknown> = done
      .catch(() => undefined)
      .then(() => this.#turns.get(key) === turn && this.#turns.delete(key));
    this.#turns.set(key, turn);
    return done;
  }

  async #take(admitted: Admitted, range: PieceRange, bytes: Uint8Array): Promise<{ received: number } | PhotoProblem> {
    const { shelf } = this.#options;
    const { room, record, photo } = admitted;
    const key = keyOf(admitted);
    const received = await shelf.size(key);
    if (range === null || range.from !== received) return { received };
    if (range.through >= photo.bytes || range.through - range.from + 1 !== bytes.length) return 'bad-range';
    if (received + bytes.length === photo.bytes) {
      // Before the last piece is kept, so that what is whole is always good.
      const hash = createHash('sha256')
        .update(await shelf.read(key, 0, received))
        .update(bytes);
      if (hash.digest('base64url') !== photo.hash) {
        await shelf.drop(key);
        return 'wrong-hash';
      }
    }
    let kept: number;
    try {
      kept = await shelf.append(key, received, bytes);
    } catch (error) {
      if (error instanceof NoSpace) return 'no-space';
      throw error;
    }
    // The message may have gone since the request was admitted, by the word of another node too. Asked afterwards:
    // whoever erased it before found nothing of these bytes, whoever does later finds them.
    if ((await this.#photoOf(room, record)) !== undefined) return { received: kept };
    await shelf.drop(key);
    return 'no-such-photo';
  }
}

function keyOf({ room, record }: Admitted): PhotoKey {
  return photoKey(room, record);
}
