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
  readonly key: PhotoKey;
  readonly photo: Photo;
}

/** Where a piece goes; null: the sender asks how much is here. */
export type PieceRange = { readonly from: number; readonly through: number } | null;

export class PhotoDesk {
  readonly #options: PhotoDeskOptions;
  /** Pieces of one photo are taken one after the other; gone when nothing is being taken. */
  readonly #turns = new Map<PhotoKey, Promise<unknown>>();

  constructor(options: PhotoDeskOptions) {
    this.#options = options;
  }

  /** Cheap checks first; the body of a request is not read before this. */
  async admit(ask: PhotoAsk): Promise<Admitted | PhotoProblem> {
    const { isOn, rates, verifier, now, store, rooms } = this.#options;
    const { claim, room, record } = ask;
    if (!isOn) return 'photos-off';
    if ((await rates.spend(['photoRequestsPerAddress', ask.address, 1])) > 0) return 'rate-limited';
    if (claim === null || Math.abs(claim.timeMs - now()) > REQUEST_AGE_MAX_MS) return 'not-a-member';
    if (!(await verifier.photoRequest({ ...ask, peer: claim.peer, timeMs: claim.timeMs }, claim.proof))) {
      return 'not-a-member';
    }
    if ((await rates.spend(['photoRequestsPerAuthor', authorOf(claim.peer), 1])) > 0) return 'rate-limited';
    if (!(await rooms.hasMember(room, claim.peer))) return 'not-a-member';
    const [found] = await store.byIds(room, [record]);
    const photo = found?.record.body.kind === 'message' ? found.record.body.photo : undefined;
    return photo === undefined ? 'no-such-photo' : { key: photoKey(room, record), photo };
  }

  /** Resolves with the bytes here then. */
  take(admitted: Admitted, range: PieceRange, bytes: Uint8Array): Promise<{ received: number } | PhotoProblem> {
    const { key } = admitted;
    const before = this.#turns.get(key) ?? Promise.resolve();
    const taken = before.then(() => this.#take(admitted, range, bytes));
    const turn: Promise<unknown> = taken
      .catch(() => undefined)
      .then(() => this.#turns.get(key) === turn && this.#turns.delete(key));
    this.#turns.set(key, turn);
    return taken;
  }

  /** True when all of it is here. */
  async isWhole({ key, photo }: Admitted): Promise<boolean> {
    return (await this.#options.shelf.size(key)) === photo.bytes;
  }

  read({ key }: Admitted, from: number, to: number): Promise<Uint8Array> {
    return this.#options.shelf.read(key, from, to);
  }

  /** Their messages stand no more (rule F9). */
  async erase(photos: readonly PhotoKey[]): Promise<void> {
    for (const key of photos) await this.#options.shelf.drop(key);
  }

  async #take(
    { key, photo }: Admitted,
    range: PieceRange,
    bytes: Uint8Array,
  ): Promise<{ received: number } | PhotoProblem> {
    const { shelf } = this.#options;
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
    try {
      return { received: await shelf.append(key, received, bytes) };
    } catch (error) {
      if (error instanceof NoSpace) return 'no-space';
      throw error;
    }
  }
}
