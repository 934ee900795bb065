// Members of the least that could be called a chat: a socket.io server that passes on what is said (servers/relay.ts).

import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { recordsFrame } from '../../../src/core/record-frames.js';
import { roomKey } from '../../../src/protocol/ids.js';
import { Device } from '../../support/device.js';
import { BENCH_BUILD } from '../build-pages.js';
import { CommandServer } from '../contender-server.js';
import { ROOM, SPEAKERS } from './talking-crowd.js';
import type { CrowdOptions, TalkingCrowd } from './talking-crowd.js';

/** Sockets opened at once. */
const AT_ONCE = 40;
/** What our server hands on for 100 letters: a signed record in its frame. */
const PAYLOAD = recordsFrame(roomKey('default', 'room-0'), [
  { record: new Device().record(roomKey('default', 'room-0'), 'x'.repeat(100)) },
]);

export const PAYLOAD_BYTES = JSON.stringify(PAYLOAD).length;

export class BareCrowd implements TalkingCrowd {
  deliveries = 0;
  readonly #server: CommandServer;
  readonly #roomSize: number;
  readonly #sockets: Socket[] = [];

  private constructor(server: CommandServer, roomSize: number) {
    this.#server = server;
    this.#roomSize = roomSize;
  }

  static async start(_sockets: number, { roomSize = ROOM, environment = {} }: CrowdOptions = {}): Promise<BareCrowd> {
    return new BareCrowd(await CommandServer.start(`${BENCH_BUILD}/relay.mjs`, { environment }), roomSize);
  }

  get pid(): number {
    return this.#server.pid;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.port}`;
  }

  get sockets(): readonly Socket[] {
    return this.#sockets;
  }

  async assemble(sockets: number): Promise<void> {
    let left = sockets;
    const line = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        await this.#open();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, line));
  }

  talk(turn: number): void {
    for (let speaker = turn % SPEAKERS; speaker < this.#sockets.length; speaker += this.#roomSize)
      this.#sockets[speaker]?.emit('say', PAYLOAD);
  }

  async end(): Promise<void> {
    for (const socket of this.#sockets) socket.disconnect();
    await this.#server.end();
  }

  async #open(): Promise<void> {
    const socket = io(this.url, { forceNew: true, transports: ['websocket'] });
    const room = `room-${Math.floor(this.#sockets.length / this.#roomSize)}`;
    this.#sockets.push(socket);
    socket.on('say', () => (this.deliveries += 1));
    // The answer to a join says that it is in.
    const joined = new Promise<void>((resolve) => socket.once('peers', () => resolve()));
    socket.on('connect', () => socket.emit('join', room));
    await joined;
  }
}
