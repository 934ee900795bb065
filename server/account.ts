// What one socket has used up, on all the accounts it is charged to. Each answer is milliseconds to wait; 0 lets pass.

import type { AuthorId, RoomKey } from '../src/protocol/ids.js';
import { Allowance } from './allowance.js';
import { RATES } from './limits.js';
import type { SocketRate } from './limits.js';
import { WAIT_MIN_MS } from './rates.js';
import type { Rates } from './rates.js';

export class Account {
  readonly #rates: Rates;
  readonly #address: string;
  /** The socket's own, made with the first charge: few sockets ever signal or carry. */
  readonly #own: Partial<Record<SocketRate, Allowance>> = {};

  /** @param address see address.ts */
  constructor(rates: Rates, address: string) {
    this.#rates = rates;
    this.#address = address;
  }

  /** Before anything of it is read. */
  frame(bytes: number): number {
    return this.#spend('framesPerSocket', 1) || this.#spend('bytesPerSocket', bytes);
  }

  /** Another frame beyond the socket's own rate. */
  excess(): number {
    return this.#spend('excessPerSocket', 1);
  }

  /** Something that was no frame. */
  strike(): number {
    return this.#spend('strikesPerSocket', 1);
  }

  bytesOfAddress(bytes: number): Promise<number> {
    return this.#rates.spend(['bytesPerAddress', this.#address, bytes]);
  }

  async join(): Promise<number> {
    return this.#spend('joinsPerSocket', 1) || this.#rates.spend(['joinsPerAddress', this.#address, 1]);
  }

  /** Only once the join is proven: nobody can use up another's account. */
  provenJoin(author: AuthorId): Promise<number> {
    return this.#rates.spend(['joinsPerAuthor', author, 1]);
  }

  /** @param own records written in this session; the others were carried */
  async records(author: AuthorId, room: RoomKey, own: number, carried: number): Promise<number> {
    return (
      this.#spend('carriedPerSocket', carried) ||
      this.#rates.spend(
        ['recordsPerAuthor', author, own],
        ['recordsPerAddress', this.#address, own],
        ['recordsPerRoom', room, own],
      )
    );
  }

  /** @param count how many records to how many members */
  deliveries(count: number): number {
    return this.#spend('deliveriesPerSocket', count);
  }

  complaint(author: AuthorId): Promise<number> {
    return this.#rates.spend(['complaintsPerAuthor', author, 1]);
  }

  async signal(author: AuthorId, room: RoomKey): Promise<number> {
    return (
      this.#spend('signalsPerSocket', 1) ||
      this.#rates.spend(
        ['signalsPerAuthor', author, 1],
        ['signalsPerAddress', this.#address, 1],
        ['signalsPerRoom', room, 1],
      )
    );
  }

  #spend(rate: SocketRate, points: number): number {
    if (points === 0) return 0;
    const waitMs = (this.#own[rate] ??= new Allowance(RATES[rate])).spend(points, performance.now());
    return waitMs > 0 ? Math.max(WAIT_MIN_MS, Math.ceil(waitMs)) : 0;
  }
}
