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

/** The server is busy, or full, or not behind its proxy: it may take it later. */
export class NotNow extends Error {}

/** An answer of which nothing comes for so long is none: the least that is handed in takes 2 s at 16 kbit/s, the most 5 s at 100. */
const IDLE_MS = 20_000;
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
   * @throws {NotThere}; @throws {NotNow}; @throws {TypeError} or {DOMException} when the network fails, or falls silent
   */
  async fetch(
    record: RecordId,
    from: number,
    take: (bytes: Uint8Array<ArrayBuffer>) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const headers = { ...(await this.#claim('GET', record)), Range: `bytes=${from}-` };
    await whileHeard(signal, async (isHeard, heard) => {
      const response = await fetch(this.#url(record), { headers, signal: isHeard, cache: 'no-store' });
      if (isLater(response)) throw new NotNow();
      if (response.status !== 206 || response.body === null) throw new NotThere();
      const reader = response.body.getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        heard();
        take(part.value);
      }
    });
  }

  /**
   * Hands in what the server lacks, in pieces that grow while the network is quick and shrink when it is not. Resolves
   * when the server has all of it. @throws {NotThere} when the server wants none of it; @throws {NotNow}; @throws
   * {TypeError} or {DOMException} when the network fails, or falls silent: it goes on from there the next time
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
        const isAnswer = error instanceof NotThere || error instanceof NotNow;
        if (isAnswer || signal.aborted || isFailing || size === PIECE_MIN) throw error;
        isFailing = true;
        size = Math.max(PIECE_MIN, size / 4);
      }
    }
    told(received);
  }

  async #put(record: RecordId, range: string, body: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<number> {
    const headers = { ...(await this.#claim('PUT', record)), 'Content-Range': range };
    return whileHeard(signal, async (isHeard) => {
      const response = await fetch(this.#url(record), { method: 'PUT', headers, body, signal: isHeard });
      if (isLater(response)) throw new NotNow();
      if (response.status !== 200 && response.status !== 409) throw new NotThere();
      return Number(((await response.json()) as { received: unknown }).received);
    });
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

function isLater({ status }: Response): boolean {
  return status === 429 || status >= 500;
}

/** Ends what is done when `signal` does, and when nothing was heard for too long. */
async function whileHeard<Result>(
  signal: AbortSignal,
  work: (isHeard: AbortSignal, heard: () => void) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  // Not `AbortSignal.any`, which browsers have since 2024 only.
  const silent = new AbortController();
  const end = (): void => silent.abort();
  let timer = setTimeout(end, IDLE_MS);
  signal.addEventListener('abort', end);
  try {
    return await work(silent.signal, () => {
      clearTimeout(timer);
      timer = setTimeout(end, IDLE_MS);
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}
