// Photos over the server's HTTP side, in parts that survive a bad network (rule F7).

import type { PeerId, RecordId, RoomKey } from '../../protocol/ids.js';
import { PHOTO_LIMITS } from '../../protocol/photos/photo-limits.js';
import { photoPath, photoRequestBytes } from '../../protocol/photos/photo-request.js';
import { writeClaim } from '../../protocol/request-claim.js';

export interface PhotoServerOptions {
  /** Origin. */
  readonly server: string;
  readonly room: RoomKey;
  readonly self: PeerId;
  readonly sign: (bytes: Uint8Array<ArrayBuffer>) => Promise<string>;
  /** Milliseconds since 1970 by the server's clock. */
  readonly nowMs: () => number;
}

/** The server has it not, or not yet, or lets nobody have it. */
export class NotThere extends Error {}

/** The least that is handed in at once: 2 s at 16 kbit/s. */
const PIECE_MIN = 4 * 1024;
/** A piece that took less may be followed by a larger one. */
const QUICK_MS = 2_000;

export class PhotoServer {
  readonly #options: PhotoServerOptions;

  constructor(options: PhotoServerOptions) {
    this.#options = options;
  }

  /**
   * Hands on what follows `from` as it comes.
   * @throws {NotThere}; @throws {TypeError} when the network fails
   */
  async fetch(
    record: RecordId,
    from: number,
    take: (bytes: Uint8Array<ArrayBuffer>) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const headers = { ...(await this.#claim('GET', record)), Range: `bytes=${from}-` };
    const response = await fetch(this.#url(record), { headers, signal, cache: 'no-store' });
    if (response.status !== 206 || response.body === null) throw new NotThere();
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) take(part.value);
  }

  /**
   * Hands in what the server lacks, in pieces that grow while the network is quick and shrink when it is not. Resolves
   * when the server has all of it. @throws {NotThere} when the server wants none of it; @throws {TypeError} when the
   * network fails: it goes on from there the next time
   */
  async hand(
    record: RecordId,
    bytes: Uint8Array<ArrayBuffer>,
    told: (received: number) => void,
    signal: AbortSignal,
  ): Promise<void> {
    let size = PIECE_MIN * 4;
    let isFailing = false;
    let received = await this.#put(record, `bytes */${bytes.length}`, new Uint8Array(0), signal);
    while (received < bytes.length) {
      told(received);
      const piece = bytes.slice(received, received + size);
      const range = `bytes ${received}-${received + piece.length - 1}/${bytes.length}`;
      const startedAtMs = performance.now();
      try {
        received = await this.#put(record, range, piece, signal);
        isFailing = false;
        if (performance.now() - startedAtMs < QUICK_MS) size = Math.min(PHOTO_LIMITS.uploadBytesMax, size * 2);
      } catch (error) {
        // A smaller piece may get through; twice in a row nothing does.
        if (error instanceof NotThere || isFailing || size === PIECE_MIN) throw error;
        isFailing = true;
        size = Math.max(PIECE_MIN, size / 4);
      }
    }
    told(received);
  }

  async #put(record: RecordId, range: string, body: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<number> {
    const headers = { ...(await this.#claim('PUT', record)), 'Content-Range': range };
    const response = await fetch(this.#url(record), { method: 'PUT', headers, body, signal });
    if (response.status !== 200 && response.status !== 409) throw new NotThere();
    return Number(((await response.json()) as { received: unknown }).received);
  }

  #url(record: RecordId): string {
    return this.#options.server + photoPath(this.#options.room, record);
  }

  async #claim(method: 'GET' | 'PUT', record: RecordId): Promise<Record<string, string>> {
    const { room, self: peer, nowMs, sign } = this.#options;
    const timeMs = Math.round(nowMs());
    const proof = await sign(photoRequestBytes({ method, room, record, peer, timeMs }));
    return { Authorization: writeClaim({ peer, timeMs, proof }) };
  }
}
