// Our own protocol in the same scenario: the real core in every node, the real crowd in the server, as the seeds of
// the simulator run them. The room fills, supernodes are chosen and linked, then the scenario begins.

import type { LinkId } from '../../../src/core/room-io.js';
import type { Frame } from '../../../src/protocol/frames.js';
import type { DialId, PeerId, RecordId } from '../../../src/protocol/ids.js';
import { roomKey } from '../../../src/protocol/ids.js';
import { PeerNetwork } from '../peer-network.js';
import { seededRandom } from '../random.js';
import { SimClient } from '../sim-client.js';
import type { Surroundings } from '../sim-client.js';
import { SimServer } from '../sim-server.js';
import { toyAuthor, toyId } from '../toy-signatures.js';
import { VirtualClock } from '../virtual-clock.js';
import type { Row, Scenario } from './scenario.js';
import { SERVER, SETTLE_MS, deliveriesDue, linkDelayMs, percentile, rolesOf } from './scenario.js';

/** Everybody has come within this, and is linked as it will be by the end of `READY_MS`. */
const ARRIVAL_MS = 2_000;
const READY_MS = 80_000;
/** A record's ids, signature and names in a frame, beside its text. */
const RECORD_BYTES = 290;
const START_MS = Date.UTC(2026, 6, 4, 18);
const EVENTS_MAX = 500_000_000;

class Crowded implements Surroundings {
  readonly clock = new VirtualClock(START_MS);
  readonly nodes: SimClient[] = [];
  readonly #scenario: Scenario;
  readonly #indexes = new Map<PeerId, number>();
  readonly #peers: PeerNetwork;
  readonly #server: SimServer;
  readonly #crashed = new Set<SimClient>();
  readonly #bytes = new WeakMap<Frame, number>();
  #serverWakeAtMs = Infinity;
  #isCounting = false;
  readonly counts = { copies: 0, pushes: 0, serverFrames: 0, serverBytes: 0, repairBytes: 0 };
  readonly writtenAtMs = new Map<RecordId, number>();
  readonly delaysMs: number[] = [];

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    const random = seededRandom(scenario.seed);
    const room = roomKey('simulated', 'main-stage');
    const delay = (from: SimClient, to: SimClient): number => linkDelayMs(scenario, this.#index(from), this.#index(to));
    this.#peers = new PeerNetwork({
      clock: this.clock,
      random,
      canReach: () => true,
      known: () => ({ epoch: '', head: 0, twins: [] }),
      carry: (from, to, frame, arrive) => this.#travel(frame, delay(from, to), to, arrive),
    });
    this.#server = new SimServer({
      room,
      disk: {
        epoch: toyId(random, 16),
        serverKey: toyAuthor(random),
        placed: [],
        erased: new Set(),
        silenced: new Set(),
        orders: new Map(),
      },
      now: () => this.clock.nowMs,
      send: (to, frame) => this.#fromServer(to, frame),
      toOtherNode: (run) => run(),
      networkOf: () => null,
      wakeAt: (atMs, run) => this.#wakeServerAt(atMs, run),
    });
    for (let index = 0; index < scenario.nodes; index += 1) {
      const node = new SimClient({
        name: `n${String(index)}`,
        device: `n${String(index)}`,
        room,
        author: toyAuthor(random),
        clock: this.clock,
        random,
        world: this,
        disk: { records: new Map(), position: null, gone: new Set() },
        written: new Map(),
        skewMs: 0,
        mesh: 'auto',
        wire: (frame) => frame,
        onAdded: (id) => this.#added(index, id),
      });
      this.nodes.push(node);
      this.#indexes.set(node.peer, index);
      this.clock.after(random() * ARRIVAL_MS, () => node.socketOpened());
    }
  }

  /** From here on everything is counted, and these fall silent; nobody is told. */
  begin(crashed: ReadonlySet<number>): void {
    this.#isCounting = true;
    for (const index of crashed) {
      const node = this.nodes[index];
      if (node === undefined) continue;
      node.crash();
      this.#crashed.add(node);
    }
  }

  run(untilMs: number): void {
    this.clock.runUntil(START_MS + untilMs, EVENTS_MAX);
  }

  toServer(from: SimClient, frame: Frame): void {
    const ms = linkDelayMs(this.#scenario, this.#index(from), SERVER);
    this.#count(frame);
    // What acknowledges to the server costs it as much as what it sends.
    if (this.#isCounting && frame.type === 'reached') this.counts.serverFrames += 1;
    this.clock.after(ms, () => this.#server.handle(from.peer, 0, frame));
  }

  toPeer(from: SimClient, dial: DialId, frame: Frame): void {
    this.#count(frame);
    this.#peers.send(from, dial, frame);
  }

  dial(from: SimClient, dial: DialId, isInitiator: boolean): void {
    this.#peers.dial(from, dial, isInitiator);
  }

  signal(to: SimClient, dial: DialId, data: string): void {
    this.#peers.signal(to, dial, data);
  }

  hangUp(from: SimClient, dial: DialId): void {
    this.#peers.close(dial, from);
  }

  isWhole(_from: SimClient, link: LinkId): boolean {
    return link === 'server' || this.#peers.isWhole(link);
  }

  /** Sockets lose nothing here, so a node that finds its server dead is a fault of ours. */
  dropSocket(from: SimClient): void {
    throw new Error(`${from.name} gave up a server that was there`);
  }

  #fromServer(to: PeerId, frame: Frame): void {
    const node = this.nodes[this.#indexes.get(to) ?? -1];
    if (node === undefined) return;
    if (this.#isCounting) {
      // Heartbeats are left out, as every socket has some, whatever it carries.
      const isAboutMessages = frame.type === 'records' || frame.type === 'placed';
      if (frame.type === 'records') this.counts.pushes += frame.records.length;
      if (isAboutMessages) this.counts.serverFrames += 1;
      if (isAboutMessages) this.counts.serverBytes += this.#bytesOf(frame);
      if (frame.type === 'records' && frame.places?.range !== undefined)
        this.counts.repairBytes += this.#bytesOf(frame);
    }
    const ms = linkDelayMs(this.#scenario, this.#index(node), SERVER);
    this.#travel(frame, ms, node, () => node.receive('server', frame));
  }

  #travel(frame: Frame, delayMs: number, to: SimClient, arrive: () => void): void {
    if (this.#crashed.has(to)) return;
    if (this.#isCounting && frame.type === 'records') this.counts.copies += frame.records.length;
    this.clock.after(delayMs, arrive);
  }

  #added(index: number, id: RecordId): void {
    const writtenAtMs = this.writtenAtMs.get(id);
    const isOwn = this.nodes[index]?.room.message(id)?.mine ?? false;
    if (writtenAtMs !== undefined && !isOwn) this.delaysMs.push(this.clock.nowMs - writtenAtMs);
  }

  /** What is asked for because it did not come by itself. */
  #count(frame: Frame): void {
    const isRepair =
      frame.type === 'want' || frame.type === 'want-range' || frame.type === 'deliver' || frame.type === 'sync';
    if (this.#isCounting && isRepair) this.counts.repairBytes += this.#bytesOf(frame);
  }

  #bytesOf(frame: Frame): number {
    const known = this.#bytes.get(frame);
    if (known !== undefined) return known;
    const bytes = JSON.stringify(frame).length;
    this.#bytes.set(frame, bytes);
    return bytes;
  }

  #index(node: SimClient): number {
    return this.#indexes.get(node.peer) ?? -9;
  }

  #wakeServerAt(atMs: number, run: () => void): void {
    if (atMs === Infinity || atMs === this.#serverWakeAtMs) return;
    this.#serverWakeAtMs = atMs;
    this.clock.at(atMs, () => {
      if (this.#serverWakeAtMs !== atMs) return;
      this.#serverWakeAtMs = Infinity;
      run();
    });
  }
}

export function ours(scenario: Scenario): Row {
  const { crashed, authors } = rolesOf(scenario);
  const world = new Crowded(scenario);
  world.run(READY_MS);
  const eventsBefore = world.clock.events;
  world.begin(crashed);
  authors.forEach((author, message) => {
    world.clock.after(message * scenario.everyMs, () => write(world, author, message, scenario));
  });
  world.run(READY_MS + authors.length * scenario.everyMs + SETTLE_MS);
  const { copies, pushes, serverFrames, serverBytes, repairBytes } = world.counts;
  const delays = world.delaysMs.sort((a, b) => a - b);
  return {
    name: 'festival-chat',
    nodes: scenario.nodes,
    crashShare: scenario.crashShare,
    copiesPerDelivery: copies / delays.length,
    p50Ms: percentile(delays, 0.5),
    p99Ms: percentile(delays, 0.99),
    maxMs: percentile(delays, 1),
    serverEgressPerMessage: pushes / scenario.messages,
    serverEgressWithAcks: serverFrames / scenario.messages,
    serverEgressBytes: serverBytes / scenario.messages,
    repairBytes: repairBytes / scenario.messages,
    undelivered: deliveriesDue(scenario) - delays.length,
    events: world.clock.events - eventsBefore,
  };
}

/** Somebody writes. The signing and the transaction before it is sent are part of the time. */
function write(world: Crowded, author: number, message: number, { messageBytes }: Scenario): void {
  const node = world.nodes[author];
  if (node === undefined) return;
  const text = `${String(message)} `.padEnd(Math.max(8, messageBytes - RECORD_BYTES), 'word ').trim();
  const id = node.write({ kind: 'message', name: node.name, text });
  if (id !== null) world.writtenAtMs.set(id, world.clock.nowMs);
}
