// A whole festival in one process: devices, a server, and a network that loses, doubles, delays and cuts.
// Everything that happens follows from the plan and its seed.

import type { Frame } from '../../src/protocol/frames.js';
import type { AuthorId, DialId, PeerId, RecordId, RoomKey } from '../../src/protocol/ids.js';
import { roomKey } from '../../src/protocol/ids.js';
import type { SignedRecord } from '../../src/protocol/record.js';
import { reconnectDelayMs } from '../../src/core/backoff.js';
import type { LinkId } from '../../src/core/room-io.js';
import { applyFault } from './faults.js';
import { isConverged } from './invariants.js';
import { erasedBy, isSilenced } from './oracle.js';
import { withLimits } from './limits.js';
import { Lookout } from './lookout.js';
import { PeerNetwork } from './peer-network.js';
import type { Plan } from './plan.js';
import { NO_NOISE } from './plan.js';
import type { Random } from './random.js';
import { between, pick, seededRandom } from './random.js';
import { SimClient } from './sim-client.js';
import type { SimDisk, Surroundings } from './sim-client.js';
import { SimLiar } from './sim-liar.js';
import { SimServer } from './sim-server.js';
import type { ServerDisk } from './sim-server.js';
import { toyAuthor, toyId } from './toy-signatures.js';
import { Trace } from './trace.js';
import { VirtualClock } from './virtual-clock.js';
import { somethingToSay } from './words.js';

const START_MS = Date.UTC(2026, 6, 4, 18);
/** Events a second of virtual time may cost for each device before the world counts as livelocked. */
const EVENTS_PER_DEVICE_SECOND = 600;
/** When the server goes in worlds that do without. */
const SERVER_GONE_MS = 15_000;
/** socket.io notices a dead socket by its missing heartbeat: 20 to 45 s. */
const HEARTBEAT_MS = [20_000, 45_000] as const;
/** Rule S10: pinged at least every 12 s, and given up 4 s later. */
const SOCKET_DEAF_MAX_MS = 19_000;
/** Records with two contents that a liar's friend passes on with each frame. */
const TWINS_PASSED_MAX = 2;

/** A phone: one author, one storage, any number of open pages. */
export interface Device {
  readonly name: string;
  readonly index: number;
  author: AuthorId;
  disk: SimDisk;
  /** Messages that became durable here. */
  written: Map<RecordId, SignedRecord>;
  /** Added to each next page's clock. */
  jumpMs: number;
  tabs: SimClient[];
}

interface Socket {
  readonly node: number;
  /** Frames to the server vanish, or frames from it. */
  isUpDeaf: boolean;
  isDownDeaf: boolean;
}

export class World implements Surroundings {
  readonly plan: Plan;
  readonly clock = new VirtualClock(START_MS);
  readonly random: Random;
  readonly devices: Device[] = [];
  readonly liars: SimLiar[] = [];
  readonly peers: PeerNetwork;
  readonly trace: Trace;
  /** Pages that pass nothing on to their leaves. */
  readonly withholding = new Set<SimClient>();
  readonly lookout = new Lookout(this.clock);
  /** Honest records that were durable somewhere and are not lost for a reason that excuses it. */
  readonly excused = new Set<RecordId>();
  /** What the organiser has ever said. */
  readonly orders: SignedRecord[] = [];
  disk: ServerDisk;
  server: SimServer | null;
  isFaulty = true;
  /** Virtual milliseconds from the end of the last fault until everybody held the same; null while not so. */
  convergedAfterMs: number | null = null;
  /** Names of the devices that reach only each other now. */
  island: ReadonlySet<string> = new Set();
  /** Name of the device that alone reaches the server; null: whoever is on no island does. */
  finder: string | null = null;
  readonly #room: RoomKey;
  readonly #sockets = new Map<PeerId, Socket>();
  readonly #attempts = new Map<PeerId, number>();
  readonly #ended: SimClient[] = [];
  #serverWakeAtMs = Infinity;
  #dialled: (from: SimClient) => void = () => undefined;

  constructor(plan: Plan, options: { readonly isVerbose?: boolean } = {}) {
    this.#room = roomKey('simulated', plan.isSealed === true ? `crew.${'A'.repeat(43)}` : 'main-stage');
    this.plan = plan;
    this.random = seededRandom(plan.seed);
    this.trace = new Trace(START_MS, options.isVerbose ?? false);
    this.peers = new PeerNetwork({
      clock: this.clock,
      random: this.random,
      canReach: (a, b) => this.#canReach(a, b),
      withholds: (from, frame) => this.withholding.has(from) && isPassedOn(frame),
      known: () => ({
        epoch: this.disk.epoch,
        head: this.disk.placed.length,
        twins: this.liars.flatMap((liar) => liar.twins.slice(-TWINS_PASSED_MAX)),
      }),
      carry: (from, to, frame, arrive) => this.#carry(from.name, to.name, frame, false, arrive),
    });
    this.disk = this.newDisk();
    this.server = plan.server === 'found' ? null : this.#newServer();
  }

  /** Runs the plan: traffic under faults, then peace until everything must have met. */
  run(): void {
    withLimits(this.plan.limits, () => this.#run());
  }

  #run(): void {
    for (let index = 0; index < this.plan.devices; index += 1) this.addDevice();
    for (let index = 0; index < this.plan.liars; index += 1) this.#addLiar(index);
    const endMs = START_MS + this.plan.seconds * 1000;
    for (const device of this.devices) this.#talk(device, 1);
    for (const fault of this.plan.faults) this.clock.at(START_MS + fault.atMs, () => applyFault(this, fault));
    if (this.plan.server === 'gone') this.clock.at(START_MS + SERVER_GONE_MS, () => this.killServer());
    const members = this.plan.devices + this.plan.liars + 3;
    const budget = EVENTS_PER_DEVICE_SECOND * members * (this.plan.seconds + this.plan.peaceSeconds);
    this.clock.runUntil(endMs, budget);
    this.#peace();
    this.#watchConvergence(this.clock.nowMs);
    this.clock.runUntil(endMs + this.plan.peaceSeconds * 1000, budget);
  }

  /** Looks every 100 ms how long after the last fault had ended everybody held the same. */
  #watchConvergence(endMs: number): void {
    const ends = this.plan.faults.map((fault) => START_MS + fault.atMs + ('forMs' in fault ? fault.forMs : 0));
    const healedAtMs = Math.max(endMs, ...ends);
    const look = (): void => {
      if (isConverged(this)) {
        this.lookout.converged(this.plan.limits.clientRecordsMax === undefined);
        this.convergedAfterMs = this.clock.nowMs - healedAtMs;
      } else this.clock.after(100, look);
    };
    this.clock.at(healedAtMs, look);
  }

  /** Messages that were durable somewhere, and so are owed to everybody. */
  owed(): Set<RecordId> {
    const owed = new Set(this.devices.flatMap((device) => [...device.written.keys()]));
    for (const id of [...this.excused, ...this.disk.silenced]) owed.delete(id);
    const isErased = erasedBy(this.orders);
    for (const { written } of this.devices)
      for (const [id, record] of written) if (isErased(record) || isSilenced(record, this.orders)) owed.delete(id);
    return owed;
  }

  alive(): SimClient[] {
    return this.devices.flatMap((device) => device.tabs);
  }

  /** What every page that ever ran was seen to do wrong. */
  seen(): string[] {
    const pages = [...this.alive(), ...this.#ended].flatMap((client) =>
      client.watch.violations.map((violation) => `${client.name} ${violation}`),
    );
    return [...pages, ...this.lookout.violations];
  }

  get elapsedMs(): number {
    return this.clock.nowMs - START_MS;
  }

  // Surroundings

  toServer(from: { readonly name: string; readonly peer: PeerId }, frame: Frame): void {
    const socket = this.#sockets.get(from.peer);
    if (socket === undefined || socket.isUpDeaf) return;
    this.#carry(from.name, 'server', frame, true, () => {
      if (this.#sockets.get(from.peer) === socket) this.server?.handle(from.peer, socket.node, frame);
    });
  }

  toPeer(from: SimClient, dial: DialId, frame: Frame): void {
    this.peers.send(from, dial, frame);
  }

  dial(from: SimClient, dial: DialId, isInitiator: boolean): void {
    this.peers.dial(from, dial, isInitiator);
    this.#dialled(from);
  }

  /** From here on each connection is told that a page makes, whoever of the two has begun. */
  watchDials(dialled: (from: SimClient) => void): void {
    this.#dialled = dialled;
  }

  signal(to: SimClient, dial: DialId, data: string): void {
    this.peers.signal(to, dial, data);
  }

  hangUp(from: SimClient, dial: DialId): void {
    this.peers.close(dial, from);
  }

  isWhole(from: SimClient, link: LinkId): boolean {
    if (link !== 'server') return this.peers.isWhole(link);
    const socket = this.#sockets.get(from.peer);
    return socket !== undefined && !socket.isUpDeaf && !socket.isDownDeaf;
  }

  // Devices

  addDevice(name = `device ${String(this.devices.length)}`): Device {
    const index = this.devices.length;
    const device: Device = {
      name,
      index,
      author: toyAuthor(this.random),
      disk: { records: new Map(), position: null, gone: new Set() },
      written: new Map(),
      jumpMs: 0,
      tabs: [],
    };
    this.devices.push(device);
    this.openPage(device);
    return device;
  }

  openPage(device: Device): void {
    const { skewMs, mesh, devices, linkless } = this.plan;
    const canLink = device.index >= devices || device.index < devices - linkless;
    const client = new SimClient({
      name: device.tabs.length === 0 ? device.name : `${device.name} tab ${String(device.tabs.length + 1)}`,
      device: device.name,
      room: this.#room,
      author: device.author,
      clock: this.clock,
      random: this.random,
      world: this,
      disk: device.disk,
      written: device.written,
      skewMs: between(this.random, -skewMs, skewMs) + device.jumpMs,
      mesh: canLink ? mesh : 'off',
    });
    device.tabs.push(client);
    this.tell(`${client.name} opens the page, its clock ${String(Math.round(client.skewMs))} ms off`);
    this.#connect(client);
  }

  closePages(device: Device, isSilent: boolean): void {
    for (const client of device.tabs.splice(0)) {
      client.crash();
      this.#ended.push(client);
      if (this.#sockets.delete(client.peer)) this.server?.left(client.peer);
      this.peers.gone(client, isSilent);
    }
  }

  // The server

  newDisk(): ServerDisk {
    return {
      epoch: toyId(this.random, 16),
      serverKey: toyAuthor(this.random),
      placed: [],
      erased: new Set(),
      silenced: new Set(),
      orders: new Map(),
    };
  }

  killServer(): void {
    if (this.server === null) return;
    this.tell('the server dies');
    this.server = null;
    for (const client of this.alive()) this.dropSocket(client);
    for (const liar of this.liars) this.#sockets.delete(liar.peer);
  }

  reviveServer(): void {
    if (this.server !== null) return;
    this.tell('the server is back');
    this.#serverWakeAtMs = Infinity;
    this.server = this.#newServer();
    for (const liar of this.liars) this.#connectLiar(liar);
  }

  dropSocket(client: SimClient): void {
    if (!this.#sockets.delete(client.peer)) return;
    this.server?.left(client.peer);
    client.feed({ type: 'server-down' });
    this.#connect(client);
  }

  /** One direction goes deaf; the transport notices when its heartbeat is missed. */
  halfOpen(client: SimClient, isUpDeaf: boolean): void {
    const socket = this.#sockets.get(client.peer);
    if (socket === undefined) return;
    Object.assign(socket, isUpDeaf ? { isUpDeaf } : { isDownDeaf: true });
    this.lookout.expectEnd(SOCKET_DEAF_MAX_MS, `${client.name} sits on a dead socket`, () => {
      const isAwake = client.isAlive && client.ranForMs >= SOCKET_DEAF_MAX_MS;
      return this.#sockets.get(client.peer) === socket && isAwake;
    });
    this.clock.after(between(this.random, ...HEARTBEAT_MS), () => {
      if (this.#sockets.get(client.peer) === socket) this.dropSocket(client);
    });
  }

  /** A page that does not answer heartbeats loses its socket on the server's side; it learns so when it thaws. */
  missHeartbeat(client: SimClient): void {
    this.clock.after(between(this.random, ...HEARTBEAT_MS), () => {
      if (client.isFrozen && client.isAlive) this.dropSocket(client);
    });
  }

  tell(what: string): void {
    this.trace.told(this.clock.nowMs, what);
  }

  #peace(): void {
    this.tell('peace');
    this.isFaulty = false;
    this.island = new Set();
    this.finder = null;
    if (this.plan.server !== 'gone') this.reviveServer();
  }

  #newServer(): SimServer {
    const { random, plan } = this;
    return new SimServer({
      room: this.#room,
      disk: this.disk,
      now: () => this.clock.nowMs,
      send: (to, frame) => this.#fromServer(to, frame),
      networkOf: () => null,
      wakeAt: (atMs, run) => this.#wakeServerAt(atMs, run),
      report: (what) => this.lookout.report(`the server ${what}`),
      // The bus between nodes is another network: late, and it loses.
      toOtherNode: (run) => {
        if (!this.isFaulty || random() >= plan.noise.loss) this.clock.after(between(random, 1, 40), run);
      },
    });
  }

  /** One timer, moved as the server asks; what a dead server asked for does not run. */
  #wakeServerAt(atMs: number, run: () => void): void {
    if (atMs === Infinity || atMs === this.#serverWakeAtMs) return;
    const { server } = this;
    this.#serverWakeAtMs = atMs;
    this.clock.at(atMs, () => {
      if (this.#serverWakeAtMs !== atMs) return;
      this.#serverWakeAtMs = Infinity;
      if (this.server !== null && (server === null || this.server === server)) run();
    });
  }

  #addLiar(index: number): void {
    const liar = new SimLiar({
      name: `liar ${String(index)}`,
      room: this.#room,
      clock: this.clock,
      random: this.random,
      world: this,
    });
    this.liars.push(liar);
    this.#connectLiar(liar);
  }

  #connectLiar(liar: SimLiar): void {
    this.#sockets.set(liar.peer, { node: 0, isUpDeaf: false, isDownDeaf: false });
    liar.socketOpened();
  }

  /** Each device writes at random times, on whichever of its pages is there. */
  #talk(device: Device, count: number): void {
    this.clock.after(between(this.random, 0, 2 * this.plan.everyMs), () => {
      if (!this.isFaulty) return;
      const client = pick(this.random, device.tabs);
      const { amending } = this.plan;
      client?.write(somethingToSay(this.random, client, `${device.name} says ${String(count)}`, amending));
      this.#talk(device, count + 1);
    });
  }

  #connect(client: SimClient): void {
    const attempt = this.#attempts.get(client.peer) ?? 0;
    this.#attempts.set(client.peer, attempt + 1);
    const waitMs = reconnectDelayMs({ attempt, returnWithinMs: null, random: this.random });
    this.clock.after(waitMs, () => this.#tryConnect(client));
  }

  #tryConnect(client: SimClient): void {
    if (!client.isAlive || this.#sockets.has(client.peer)) return;
    this.lookout.tried(this.alive().length);
    if (this.server === null && this.plan.server === 'gone') return;
    const isAway = this.island.has(client.device) || (this.finder ?? client.device) !== client.device;
    if (this.server === null || isAway || client.isFrozen) {
      client.feed({ type: 'server-down' });
      this.#connect(client);
      return;
    }
    this.#attempts.set(client.peer, 0);
    const node = Math.floor(this.random() * this.plan.serverNodes);
    this.#sockets.set(client.peer, { node, isUpDeaf: false, isDownDeaf: false });
    client.socketOpened();
  }

  #fromServer(to: PeerId, frame: Frame): void {
    const socket = this.#sockets.get(to);
    const receiver = this.alive().find((client) => client.peer === to) ?? this.liars.find((liar) => liar.peer === to);
    if (receiver === undefined || socket === undefined || socket.isDownDeaf) return;
    this.#carry('server', receiver.name, frame, true, () => {
      if (this.#sockets.get(to) === socket) receiver.receive('server', frame);
    });
  }

  #canReach(a: SimClient, b: SimClient): boolean {
    if (this.island.has(a.device) !== this.island.has(b.device)) return false;
    if (this.plan.reach === 'all') return true;
    const [one, other] = [this.#indexOf(a), this.#indexOf(b)];
    return Math.abs(one - other) <= 1;
  }

  #indexOf(client: SimClient): number {
    return this.devices.find((device) => device.tabs.includes(client))?.index ?? -9;
  }

  /** Where the server only introduces, it does so undisturbed: who was never linked cannot be expected to meet. */
  #isNoisy(): boolean {
    return this.isFaulty && (this.plan.server !== 'gone' || this.elapsedMs > SERVER_GONE_MS);
  }

  /** Lets a frame travel. What opens a link is as reliable as the transport that carries it; the rest is not. */
  #carry(from: string, to: string, frame: Frame, isServerLink: boolean, arrive: () => void): void {
    const noise = this.#isNoisy() ? this.plan.noise : NO_NOISE;
    const isHandshake = frame.type === 'join' || frame.type === 'joined';
    this.trace.step(this.clock.nowMs, from, to, frame.type);
    this.lookout.said(from, frame);
    if (this.plan.unheard.includes(frame.type) && this.elapsedMs >= this.plan.unheardFromMs) return;
    if (!isHandshake && this.random() < noise.loss) return;
    const copies = !isHandshake && this.random() < noise.duplication ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const baseMs = isServerLink ? this.plan.delayMs : this.plan.delayMs / 4;
      this.clock.after(baseMs + this.random() * noise.reorderMs, arrive);
    }
  }
}

/** What a supernode says because others have said it. */
function isPassedOn(frame: Frame): boolean {
  if (frame.type === 'records') return frame.hops?.some((hops) => hops > 0) === true;
  return frame.type === 'placed' || frame.type === 'have';
}
