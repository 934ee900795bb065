// A network between two programs, to be slowed down and cut. With several targets it is a load balancer: each connection goes to the
// first target that takes it, starting with the next in turn.

import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { Transform } from 'node:stream';

type State = 'open' | 'cut' | 'stalled';

export class TcpProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #targets: readonly number[];
  readonly #delayMs: number;
  /** Those who came, and what was dialled for them. */
  readonly #sockets = { near: new Set<Socket>(), far: new Set<Socket>() };
  readonly #closedBytes = { near: 0, far: 0 };
  #state: State = 'open';
  #turn: number;

  private constructor(server: Server, targets: readonly number[], turn: number, delayMs: number) {
    this.#server = server;
    this.#delayMs = delayMs;
    this.#targets = targets;
    this.#turn = turn;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (socket) => this.#accept(socket));
  }

  /**
   * @param targets ports on this machine
   * @param turn the target that comes first
   * @param delayMs what every byte waits, each way
   */
  static start(targets: readonly number[], turn = 0, delayMs = 0): Promise<TcpProxy> {
    const server = createServer();
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve(new TcpProxy(server, targets, turn, delayMs)));
    });
  }

  /** Bytes that came through, both ways. */
  get bytes(): number {
    return this.#read('near') + this.bytesFromTargets;
  }

  /** Bytes that the targets said. */
  get bytesFromTargets(): number {
    return this.#read('far');
  }

  /** Ends every connection, and refuses new ones until `heal`. */
  cut(): void {
    this.#state = 'cut';
    for (const socket of this.#all()) socket.destroy();
  }

  /** Connections that are there bring nothing more one way, and nobody is told: half of what was open. New ones are whole. */
  muffle(side: 'near' | 'far'): void {
    for (const socket of this.#sockets[side]) socket.unpipe();
  }

  /** Nothing comes through any more, and nobody is told: what a network does when a cable is pulled. */
  stall(): void {
    this.#state = 'stalled';
    for (const socket of this.#all()) socket.unpipe();
  }

  /** Lets new connections through. Stalled ones are dead. */
  heal(): void {
    if (this.#state === 'stalled') this.cut();
    this.#state = 'open';
  }

  end(): Promise<void> {
    this.cut();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #accept(near: Socket): void {
    this.#keep(near, 'near');
    if (this.#state === 'cut') near.destroy();
    if (this.#state === 'open') this.#dial(near, this.#targets.length);
  }

  #dial(near: Socket, triesLeft: number): void {
    const port = this.#targets[this.#turn % this.#targets.length];
    if (triesLeft === 0 || port === undefined) {
      near.destroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    this.#keep(far, 'far');
    far.once('error', () => {
      this.#turn += 1;
      this.#dial(near, triesLeft - 1);
    });
    far.once('connect', () => {
      far.removeAllListeners('error').on('error', () => near.destroy());
      this.#pass(near, far);
      this.#pass(far, near);
      near.once('close', () => far.destroy());
      far.once('close', () => near.destroy());
    });
  }

  #pass(from: Socket, to: Socket): void {
    if (this.#delayMs === 0) from.pipe(to);
    else from.pipe(delayed(this.#delayMs)).pipe(to);
  }

  #keep(socket: Socket, side: 'near' | 'far'): void {
    this.#sockets[side].add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#closedBytes[side] += socket.bytesRead;
      this.#sockets[side].delete(socket);
    });
  }

  #all(): Socket[] {
    return [...this.#sockets.near, ...this.#sockets.far];
  }

  #read(side: 'near' | 'far'): number {
    return [...this.#sockets[side]].reduce((sum, socket) => sum + socket.bytesRead, this.#closedBytes[side]);
  }
}

/** Each chunk waits by itself, so a delay takes nothing from the throughput. */
function delayed(delayMs: number): Transform {
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, taken) {
      setTimeout(() => stream.push(chunk), delayMs);
      taken();
    },
    flush: (done) => void setTimeout(done, delayMs),
  });
  return stream;
}
