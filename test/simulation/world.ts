// A whole festival in one process: devices, a server, and a network that loses, doubles, delays and cuts.
// Everything that happens follows from the plan and its seed.

import type { Frame } from '../../src/protocol/frames.js';
import type { AuthorId, DialId, PeerId, RecordId, RoomKey } from '../../src/protocol/ids.js';
import { roomKey } from '../../src/protocol/ids.js';
import { reconnectDelayMs } from '../../src/core/backoff.js';
import type { Plan } from './plan.js';
import type { Random } from './random.js';
import { between, pick, seededRandom } from './random.js';
import { SimClient } from './sim-client.js';
import type { SimDisk, Surroundings } from './sim-client.js';
import { SimServer } from './sim-server.js';
import { toyAuthor, toyId } from './toy-signatures.js';
import { VirtualClock } from './virtual-clock.js';

const START_MS = Date.UTC(2026, 6, 4, 18);
/** Events a second of virtual time may cost for each device before the world counts as livelocked. */
const EVENTS_PER_DEVICE_SECOND = 400;

interface PeerConnection {
  readonly ends: Map<PeerId, SimClient>;
  isOpen: boolean;
  /** Silently swallows everything, while both ends believe it open. */
  isDead: boolean;
}

export class World implements Surroundings {
  readonly clock = new VirtualClock(START_MS);
  readonly clients: SimClient[] = [];
  readonly trace: string[] = [];
  server: SimServer | null;
  readonly #random: Random;
  readonly #plan: Plan;
  readonly #room: RoomKey = roomKey('simulated', 'main-stage');
  readonly #disk: SimServer['disk'];
  readonly #sockets = new Set<PeerId>();
  readonly #attempts = new Map<PeerId, number>();
  readonly #connections = new Map<DialId, PeerConnection>();
  #isFaulty = true;
  /** Names of the devices that reach only each other now. */
  #island: ReadonlySet<string> = new Set();

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#random = seededRandom(plan.seed);
    this.#disk = { epoch: toyId(this.#random, 16), placed: [] };
    this.server = this.#newServer();
    for (let index = 0; index < plan.devices; index += 1) {
      this.#start(
        `device ${String(index)}`,
        toyAuthor(this.#random),
        { records: new Map(), position: null },
        new Set(),
      );
    }
  }

  /** Runs the plan: traffic under faults, then peace until everything must have met. */
  run(): void {
    const endMs = START_MS + this.#plan.seconds * 1000;
    this.#everyDevice(endMs);
    this.#faults(endMs);
    const budget = EVENTS_PER_DEVICE_SECOND * this.#plan.devices * (this.#plan.seconds + this.#plan.peaceSeconds);
    this.clock.runUntil(endMs, budget);
    this.#peace();
    this.clock.runUntil(endMs + this.#plan.peaceSeconds * 1000, budget);
  }

  /** Messages that were durable somewhere, and so are owed to everybody. */
  owed(): Set<RecordId> {
    return new Set(this.clients.flatMap((client) => [...client.written]));
  }

  alive(): SimClient[] {
    return this.clients.filter((client) => client.isAlive);
  }

  // Surroundings

  toServer(from: SimClient, frame: Frame): void {
    if (!this.#sockets.has(from.peer)) return;
    this.#carry(frame, true, () => {
      if (this.#sockets.has(from.peer)) this.server?.handle(from.peer, frame);
    });
  }

  toPeer(from: SimClient, dial: DialId, frame: Frame): void {
    const connection = this.#connections.get(dial);
    if (connection?.isOpen !== true || connection.isDead) return;
    const other = [...connection.ends.values()].find((end) => end !== from);
    if (other === undefined || this.#island.has(from.name) !== this.#island.has(other.name)) return;
    this.#carry(frame, false, () => {
      if (connection.isOpen && !connection.isDead) other.receive(dial, frame);
    });
  }

  dial(from: SimClient, dial: DialId, _peer: PeerId, isInitiator: boolean): void {
    const connection = this.#connections.get(dial) ?? { ends: new Map(), isOpen: false, isDead: false };
    this.#connections.set(dial, connection);
    connection.ends.set(from.peer, from);
    if (isInitiator) this.clock.after(5, () => from.feed({ type: 'signal-made', dial, data: '{"type":"offer"}' }));
  }

  signal(to: SimClient, dial: DialId, data: string): void {
    const connection = this.#connections.get(dial);
    if (connection === undefined) return;
    if (data.includes('offer')) {
      this.clock.after(5, () => to.feed({ type: 'signal-made', dial, data: '{"type":"answer"}' }));
      return;
    }
    this.clock.after(between(this.#random, 20, 120), () => this.#open(dial, connection));
  }

  hangUp(from: SimClient, dial: DialId): void {
    this.#close(dial, from, true);
  }

  // Time and faults

  #everyDevice(endMs: number): void {
    for (const client of this.clients) this.#talk(client.name, endMs, 1);
  }

  /** Each device writes at random times, whoever runs under its name by then. */
  #talk(name: string, endMs: number, count: number): void {
    this.clock.after(between(this.#random, 0, 2 * this.#plan.everyMs), () => {
      if (this.clock.nowMs >= endMs) return;
      this.clients.find((client) => client.name === name && client.isAlive)?.write(`${name} says ${String(count)}`);
      this.#talk(name, endMs, count + 1);
    });
  }

  #faults(endMs: number): void {
    const { faults } = this.#plan;
    const sometime = (): number => between(this.#random, 0, endMs - START_MS);
    for (let count = 0; count < faults.serverDeaths; count += 1) {
      this.clock.after(sometime(), () => this.#killServer(between(this.#random, 1_000, 20_000)));
    }
    for (let count = 0; count < faults.crashes; count += 1) this.clock.after(sometime(), () => this.#crashOne());
    for (let count = 0; count < faults.cuts; count += 1) this.clock.after(sometime(), () => this.#cutSocket());
    for (let count = 0; count < faults.partitions; count += 1) this.clock.after(sometime(), () => this.#partition());
    for (let count = 0; count < faults.deadLinks; count += 1) this.clock.after(sometime(), () => this.#killLink());
  }

  #killServer(forMs: number): void {
    if (this.server === null) return;
    this.#log('server dies');
    this.server = null;
    for (const client of this.alive()) this.#dropSocket(client);
    this.clock.after(forMs, () => this.#reviveServer());
  }

  #reviveServer(): void {
    if (this.server !== null) return;
    this.#log('server is back');
    this.server = this.#newServer();
  }

  #crashOne(): void {
    const client = pick(this.#random, this.alive());
    if (client === undefined) return;
    this.#log(`${client.name} crashes`);
    client.crash();
    this.#sockets.delete(client.peer);
    this.server?.left(client.peer);
    for (const [dial, connection] of this.#connections) {
      if (connection.ends.has(client.peer)) this.#close(dial, client, this.#random() < 0.5);
    }
    this.clock.after(between(this.#random, 500, 10_000), () =>
      this.#start(client.name, client.author, client.disk, client.written),
    );
  }

  #cutSocket(): void {
    const client = pick(this.#random, this.alive());
    if (client === undefined) return;
    this.#log(`${client.name} loses its socket`);
    this.#dropSocket(client);
  }

  #partition(): void {
    if (!this.#isFaulty) return;
    this.#island = new Set(
      this.alive()
        .map((client) => client.name)
        .filter(() => this.#random() < 0.5),
    );
    this.#log(`cut off: ${[...this.#island].join(', ')}`);
    for (const client of this.alive()) if (this.#island.has(client.name)) this.#dropSocket(client);
    this.clock.after(between(this.#random, 2_000, 20_000), () => this.#heal());
  }

  #heal(): void {
    this.#log('the cut is healed');
    this.#island = new Set();
  }

  #killLink(): void {
    const open = [...this.#connections.values()].filter((connection) => connection.isOpen);
    const connection = pick(this.#random, open);
    if (connection === undefined) return;
    this.#log('a peer link dies silently');
    connection.isDead = true;
  }

  #peace(): void {
    this.#log('peace');
    this.#isFaulty = false;
    this.#heal();
    this.#reviveServer();
  }

  // Links

  #start(name: string, author: AuthorId, disk: SimDisk, written: Set<RecordId>): void {
    const skewMs = between(this.#random, -this.#plan.faults.skewMs, this.#plan.faults.skewMs);
    const client = new SimClient({
      name,
      room: this.#room,
      author,
      clock: this.clock,
      random: this.#random,
      world: this,
      disk,
      written,
      skewMs,
      mesh: this.#plan.mesh,
    });
    this.clients.push(client);
    this.#log(`${name} starts`);
    this.#connect(client);
  }

  #connect(client: SimClient): void {
    const attempt = this.#attempts.get(client.peer) ?? 0;
    this.#attempts.set(client.peer, attempt + 1);
    const waitMs = reconnectDelayMs({ attempt, returnWithinMs: null, random: this.#random });
    this.clock.after(waitMs, () => {
      if (!client.isAlive || this.#sockets.has(client.peer)) return;
      if (this.server === null || this.#island.has(client.name)) {
        client.feed({ type: 'server-down' });
        this.#connect(client);
        return;
      }
      this.#attempts.set(client.peer, 0);
      this.#sockets.add(client.peer);
      client.socketOpened();
    });
  }

  #dropSocket(client: SimClient): void {
    if (!this.#sockets.delete(client.peer)) return;
    this.server?.left(client.peer);
    client.feed({ type: 'server-down' });
    this.#connect(client);
  }

  #open(dial: DialId, connection: PeerConnection): void {
    if (connection.isOpen || connection.ends.size < 2) return;
    connection.isOpen = true;
    const [a, b] = [...connection.ends.values()];
    if (a === undefined || b === undefined) return;
    a.feed({ type: 'peer-up', dial, peer: b.peer, name: b.name });
    b.feed({ type: 'peer-up', dial, peer: a.peer, name: a.name });
  }

  #close(dial: DialId, by: SimClient, isNoticed: boolean): void {
    const connection = this.#connections.get(dial);
    if (connection === undefined) return;
    connection.isOpen = false;
    const noticeAfterMs = isNoticed && !connection.isDead ? 50 : 16_000;
    for (const end of connection.ends.values()) {
      if (end === by) continue;
      this.clock.after(noticeAfterMs, () =>
        end.feed({ type: 'peer-down', dial, isClean: isNoticed, reason: 'closed' }),
      );
    }
    this.#connections.delete(dial);
  }

  #newServer(): SimServer {
    const send = (to: PeerId, frame: Frame): void => this.#fromServer(to, frame);
    return new SimServer(this.#room, this.#disk, send, () => this.clock.nowMs);
  }

  #fromServer(to: PeerId, frame: Frame): void {
    const client = this.clients.find((candidate) => candidate.peer === to && candidate.isAlive);
    if (client === undefined || !this.#sockets.has(to)) return;
    this.#carry(frame, true, () => {
      if (this.#sockets.has(to)) client.receive('server', frame);
    });
  }

  /** Lets a frame travel. What opens a link is as reliable as the transport that carries it; the rest is not. */
  #carry(frame: Frame, isServerLink: boolean, arrive: () => void): void {
    const { faults, delayMs } = this.#plan;
    const isHandshake = frame.type === 'join' || frame.type === 'joined';
    const isLossy = this.#isFaulty && !isHandshake;
    if (isLossy && this.#random() < faults.loss) return;
    const copies = isLossy && this.#random() < faults.duplication ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const baseMs = isServerLink ? delayMs : delayMs / 4;
      const extraMs = isLossy ? this.#random() * faults.reorderMs : 0;
      this.clock.after(baseMs + extraMs, arrive);
    }
  }

  #log(what: string): void {
    this.trace.push(`${((this.clock.nowMs - START_MS) / 1000).toFixed(1)} s  ${what}`);
  }
}
