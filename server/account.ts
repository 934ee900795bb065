// What one socket has used up, on all the accounts it is charged to. Each answer is milliseconds to wait; 0 lets pass.

import type { AuthorId, RoomKey } from '../src/protocol/ids.js';
import type { Rates } from './rates.js';

export class Account {
  readonly #rates: Rates;
  readonly #socket: string;
  readonly #address: string;

  /** @param address see address.ts */
  constructor(rates: Rates, socket: string, address: string) {
    this.#rates = rates;
    this.#socket = socket;
    this.#address = address;
  }

  /** Before anything of it is read. */
  frame(bytes: number): Promise<number> {
    return this.#rates.spend(['framesPerSocket', this.#socket, 1], ['bytesPerSocket', this.#socket, bytes]);
  }

  /** Another frame beyond the socket's own rate. */
  excess(): Promise<number> {
    return this.#rates.spend(['excessPerSocket', this.#socket, 1]);
  }

  /** Something that was no frame. */
  strike(): Promise<number> {
    return this.#rates.spend(['strikesPerSocket', this.#socket, 1]);
  }

  bytesOfAddress(bytes: number): Promise<number> {
    return this.#rates.spend(['bytesPerAddress', this.#address, bytes]);
  }

  join(): Promise<number> {
    return this.#rates.spend(['joinsPerSocket', this.#socket, 1], ['joinsPerAddress', this.#address, 1]);
  }

  /** Only once the join is proven: nobody can use up another's account. */
  provenJoin(author: AuthorId): Promise<number> {
    return this.#rates.spend(['joinsPerAuthor', author, 1]);
  }

  /** @param own records written in this session; the others were carried */
  records(author: AuthorId, room: RoomKey, own: number, carried: number): Promise<number> {
    return this.#rates.spend(
      ['recordsPerAuthor', author, own],
      ['carriedPerSocket', this.#socket, carried],
      ['recordsPerAddress', this.#address, own],
      ['recordsPerRoom', room, own],
    );
  }

  complaint(author: AuthorId): Promise<number> {
    return this.#rates.spend(['complaintsPerAuthor', author, 1]);
  }

  signal(author: AuthorId, room: RoomKey): Promise<number> {
    return this.#rates.spend(
      ['signalsPerSocket', this.#socket, 1],
      ['signalsPerAuthor', author, 1],
      ['signalsPerAddress', this.#address, 1],
      ['signalsPerRoom', room, 1],
    );
  }
}
