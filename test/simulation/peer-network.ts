// Peer connections of a simulated world: made by signals, silently broken by faults, noticed late, as real ones are.

import type { Frame } from '../../src/protocol/frames.js';
import type { DialId, PeerId } from '../../src/protocol/ids.js';
import { forgeries } from './forger.js';
import type { Known } from './forger.js';
import type { Random } from './random.js';
import { between } from './random.js';
import type { SimClient } from './sim-client.js';
import type { VirtualClock } from './virtual-clock.js';

/** Measured in Chromium: a connection whose other end went silent reads `failed` after 16 s. */
const NATIVE_FAILURE_MS = 16_000;
/** A close that the other end gets to see. */
const NATIVE_CLOSE_MS = 50;
/** Connections a page may have made in its life, closed ones included (Chromium allows 500). */
const CONNECTIONS_MAX = 500;

interface Connection {
  readonly ends: SimClient[];
  isOpen: boolean;
  /** People have exchanged what opens it: nothing is signalled. */
  readonly isPaired: boolean;
  /** Ends whose frames vanish. */
  readonly deafTo: Set<SimClient>;
  /** Ends that lie about what they pass on. */
  readonly forging: Set<SimClient>;
}

export interface PeerNetworkOptions {
  readonly clock: VirtualClock;
  readonly random: Random;
  /** Can these two reach each other now? */
  readonly canReach: (a: SimClient, b: SimClient) => boolean;
  /** This one does not pass on what it should. */
  readonly withholds?: (from: SimClient, frame: Frame) => boolean;
  /** What lies are made of. */
  readonly known: () => Known;
  readonly carry: (from: SimClient, to: SimClient, frame: Frame, arrive: () => void) => void;
}

export class PeerNetwork {
  readonly #options: PeerNetworkOptions;
  readonly #connections = new Map<DialId, Connection>();
  readonly #made = new Map<PeerId, number>();

  constructor(options: PeerNetworkOptions) {
    this.#options = options;
  }

  /** Connections a page has made in its life. */
  madeBy(peer: PeerId): number {
    return this.#made.get(peer) ?? 0;
  }

  get open(): Connection[] {
    return [...this.#connections.values()].filter((connection) => connection.isOpen);
  }

  isWhole(dial: DialId): boolean {
    const connection = this.#connections.get(dial);
    const [one, other] = connection?.ends ?? [];
    if (connection?.isOpen !== true || one === undefined || other === undefined) return false;
    return connection.deafTo.size === 0 && this.#options.canReach(one, other);
  }

  send(from: SimClient, dial: DialId, frame: Frame): void {
    const connection = this.#connections.get(dial);
    const to = connection?.ends.find((end) => end !== from);
    if (connection?.isOpen !== true || to === undefined || connection.deafTo.has(from)) return;
    if (!this.#options.canReach(from, to)) return;
    const { carry, known, random, withholds } = this.#options;
    if (withholds?.(from, frame) === true) return;
    const said = connection.forging.has(from) ? forgeries(frame, known(), random) : [frame];
    for (const each of said) {
      carry(from, to, each, () => {
        if (connection.isOpen && !connection.deafTo.has(from)) to.receive(dial, each);
      });
    }
  }

  dial(from: SimClient, dial: DialId, isInitiator: boolean): void {
    const made = (this.#made.get(from.peer) ?? 0) + 1;
    this.#made.set(from.peer, made);
    if (made > CONNECTIONS_MAX) throw new Error(`${from.name} made its connection number ${String(made)}`);
    const connection = this.#connections.get(dial) ?? newConnection(false);
    this.#connections.set(dial, connection);
    if (!connection.ends.includes(from)) connection.ends.push(from);
    if (isInitiator && !connection.isPaired)
      this.#soon(() => from.feed({ type: 'signal-made', dial, data: '{"type":"offer"}' }));
  }

  signal(to: SimClient, dial: DialId, data: string): void {
    const connection = this.#connections.get(dial);
    if (connection === undefined) return;
    if (data.includes('offer')) this.#soon(() => to.feed({ type: 'signal-made', dial, data: '{"type":"answer"}' }));
    else this.#options.clock.after(between(this.#options.random, 20, 120), () => this.#open(dial, connection));
  }

  /** Two pages have a channel before either dials (rule Q6). */
  pair(one: SimClient, other: SimClient, dial: DialId): void {
    const connection = newConnection(true);
    this.#connections.set(dial, connection);
    one.feed({ type: 'paired', dial, peer: other.peer });
    other.feed({ type: 'paired', dial, peer: one.peer });
    this.#soon(() => this.#open(dial, connection));
  }

  /** One end closes; the other sees it, unless nothing reaches it. */
  close(dial: DialId, by: SimClient, isSilent = false): void {
    const connection = this.#connections.get(dial);
    if (connection === undefined) return;
    this.#connections.delete(dial);
    connection.isOpen = false;
    const isSeen = !isSilent && connection.deafTo.size === 0;
    for (const end of connection.ends) {
      if (end !== by) this.#tellDown(dial, end, isSeen && this.#options.canReach(by, end));
    }
  }

  /** The page is gone, with or without its connections being seen to close. */
  gone(client: SimClient, isSilent: boolean): void {
    for (const [dial, connection] of this.#connections) {
      if (connection.ends.includes(client)) this.close(dial, client, isSilent);
    }
  }

  /** What these ends send vanishes from now on; the browser notices after its 16 s. */
  deafen(connection: Connection, ends: readonly SimClient[]): void {
    for (const end of ends) connection.deafTo.add(end);
    this.#options.clock.after(NATIVE_FAILURE_MS, () => {
      for (const [dial, known] of this.#connections) {
        if (known !== connection) continue;
        this.#connections.delete(dial);
        connection.isOpen = false;
        for (const end of connection.ends) end.feed({ type: 'peer-down', dial, isClean: false, reason: 'failed' });
      }
    });
  }

  isOpen(connection: Connection): boolean {
    return connection.isOpen;
  }

  #soon(run: () => void): void {
    this.#options.clock.after(5, run);
  }

  #open(dial: DialId, connection: Connection): void {
    const [a, b] = connection.ends;
    if (connection.isOpen || a === undefined || b === undefined || !this.#options.canReach(a, b)) return;
    if (!a.isAlive || !b.isAlive || this.#connections.get(dial) !== connection) return;
    connection.isOpen = true;
    a.feed({ type: 'peer-up', dial, peer: b.peer, name: b.name });
    b.feed({ type: 'peer-up', dial, peer: a.peer, name: a.name });
  }

  #tellDown(dial: DialId, end: SimClient, isSeen: boolean): void {
    this.#options.clock.after(isSeen ? NATIVE_CLOSE_MS : NATIVE_FAILURE_MS, () =>
      end.feed({ type: 'peer-down', dial, isClean: isSeen, reason: 'closed' }),
    );
  }
}

function newConnection(isPaired: boolean): Connection {
  return { ends: [], isOpen: false, isPaired, deafTo: new Set(), forging: new Set() };
}
