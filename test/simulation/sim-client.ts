// One open page in a simulated world: a real room of the core, with a storage that survives a crash, toy signatures,
// and links that the world carries. It does what the engine does and decides as little.

import { decodeFrameText, encodeFrameText } from '../../src/protocol/decode.js';
import type { Frame } from '../../src/protocol/frames.js';
import type { AuthorId, DialId, PeerId, RecordId, RoomKey } from '../../src/protocol/ids.js';
import { peerId, peerOf } from '../../src/protocol/ids.js';
import { PROTOCOL_VERSION } from '../../src/protocol/limits.js';
import { idOf, isCrewRoom } from '../../src/protocol/record.js';
import type { RecordBody, SignedRecord } from '../../src/protocol/record.js';
import { createBeside } from '../../src/core/beside.js';
import { createPeers } from '../../src/core/peer-side.js';
import { Room } from '../../src/core/room.js';
import type { KeptRecord, LinkId, RoomInput, RoomOutput, ServerPosition } from '../../src/core/room-io.js';
import type { Random } from './random.js';
import { between } from './random.js';
import { toyOpened, toySeal } from './toy-seals.js';
import { toySession, toySign, toyVerify, toyVerifyReceipt } from './toy-signatures.js';
import type { VirtualClock } from './virtual-clock.js';
import { Watch } from './watch.js';

/** Times of this century are kept to a quarter of a microsecond; a timer's grain is larger. */
const TIMER_GRAIN_MS = 0.001;

/** What the client asks of the world around it. */
export interface Surroundings {
  toServer(from: SimClient, frame: Frame): void;
  toPeer(from: SimClient, dial: DialId, frame: Frame): void;
  dial(from: SimClient, dial: DialId, isInitiator: boolean): void;
  signal(to: SimClient, dial: DialId, data: string): void;
  dropSocket(from: SimClient): void;
  hangUp(from: SimClient, dial: DialId): void;
  /** What is said over this link gets through, either way. */
  isWhole(from: SimClient, link: LinkId): boolean;
}

/** What a phone keeps when its page is gone; its tabs share it. */
export interface SimDisk {
  readonly records: Map<RecordId, KeptRecord>;
  position: ServerPosition | null;
  /** What one of its pages has forgotten. */
  readonly gone: Set<RecordId>;
}

export interface SimClientOptions {
  readonly name: string;
  /** Pages of one device share its network. */
  readonly device: string;
  readonly room: RoomKey;
  readonly author: AuthorId;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly world: Surroundings;
  readonly disk: SimDisk;
  /** Messages that became durable on this device. */
  readonly written: Map<RecordId, SignedRecord>;
  readonly skewMs: number;
  readonly mesh: 'auto' | 'off';
  /** How frames are put on the wire. Default: encoded, measured and decoded, as on a real link. */
  readonly wire?: (frame: Frame) => Frame;
  /** A message is shown for the first time. */
  readonly onAdded?: (id: RecordId) => void;
}

export class SimClient {
  readonly name: string;
  readonly device: string;
  readonly peer: PeerId;
  readonly room: Room;
  readonly disk: SimDisk;
  readonly watch: Watch;
  readonly author: AuthorId;
  readonly skewMs: number;
  readonly outputs = new Map<string, number>();
  readonly #options: SimClientOptions;
  readonly #clock: VirtualClock;
  isAlive = true;
  isHidden = false;
  /** Inputs that wait for the page to thaw; null while it runs. */
  #frozen: RoomInput[] | null = null;
  #wakeAtMs = Infinity;
  #runsSinceMs: number;
  #lastWritten: RecordId | null = null;
  /** What the disk was told, counted; and when it was told to forget a record. */
  #told = 0;
  readonly #forgotten = new Map<RecordId, number>();

  constructor(options: SimClientOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#runsSinceMs = options.clock.nowMs;
    this.name = options.name;
    this.device = options.device;
    this.author = options.author;
    this.disk = options.disk;
    this.skewMs = options.skewMs;
    const session = toySession(options.random);
    this.peer = peerId(options.author, session);
    this.watch = new Watch(this.peer, options.disk, (link) => options.world.isWhole(this, link));
    this.room = new Room({
      room: options.room,
      author: options.author,
      session,
      name: options.name,
      settings: { preferredRoute: 'auto', mesh: options.mesh, canDial: true },
      random: options.random,
      peers: createPeers,
      beside: createBeside,
      // The whole history, so that what is owed is owed to newcomers too.
      firstHistory: 1_000_000,
    });
    this.feed({ type: 'restored', records: [...options.disk.records.values()], position: options.disk.position });
  }

  get isFrozen(): boolean {
    return this.#frozen !== null;
  }

  /** Milliseconds since the page opened, or thawed; 0 while it is frozen. */
  get ranForMs(): number {
    return this.isFrozen ? 0 : this.#clock.nowMs - this.#runsSinceMs;
  }

  /** What is wrong with this page's clock is wrong for its whole life. */
  get nowMs(): number {
    return this.#clock.nowMs + this.skewMs;
  }

  /** Returns the id of what was written; null when the page is frozen. */
  write(body: RecordBody): RecordId | null {
    if (this.isFrozen) return null;
    this.feed({ type: 'write', body, sealed: isCrewRoom(this.#options.room) ? toySeal(body) : undefined });
    return this.#lastWritten;
  }

  socketOpened(): void {
    if (!this.isAlive) return;
    this.feed({ type: 'server-opening' });
    const position = this.room.joinPosition();
    this.#options.world.toServer(this, {
      type: 'join',
      version: PROTOCOL_VERSION,
      room: this.#options.room,
      peer: this.peer,
      name: this.name,
      proof: `${'A'.repeat(85)}A`,
      ...(position === undefined ? {} : { position }),
    });
  }

  receive(link: LinkId, frame: Frame): void {
    this.feed({ type: 'frame', link, frame });
  }

  crash(): void {
    this.isAlive = false;
  }

  freeze(): void {
    this.#frozen ??= [];
  }

  /** Everything that came in the meantime is there at once, in the order in which it came. */
  thaw(): void {
    const inputs = this.#frozen ?? [];
    this.#frozen = null;
    this.#runsSinceMs = this.#clock.nowMs;
    this.watch.isWaking = true;
    for (const input of inputs) this.feed(input);
    this.feed({ type: 'wake' });
    this.watch.isWaking = false;
  }

  feed(input: RoomInput): void {
    if (!this.isAlive) return;
    if (this.#frozen !== null) {
      if (input.type !== 'wake') this.#frozen.push(input);
      return;
    }
    this.watch.input(input, this.nowMs);
    const outputs = this.room.handle(input, this.nowMs);
    this.watch.outputs(outputs);
    for (const output of outputs) this.#perform(output);
    this.#schedule();
  }

  #schedule(): void {
    // A timer is never early, not even by what is rounded off when clocks differ.
    const dueAtMs = this.room.nextWakeMs() - this.skewMs + TIMER_GRAIN_MS;
    if (dueAtMs === Infinity) return;
    const atMs = this.isHidden ? Math.ceil(dueAtMs / 1000) * 1000 : dueAtMs;
    if (atMs === this.#wakeAtMs) return;
    this.#wakeAtMs = atMs;
    this.#clock.at(atMs, () => {
      if (this.#wakeAtMs !== atMs) return;
      this.#wakeAtMs = Infinity;
      this.feed({ type: 'wake' });
    });
  }

  #later(lowMs: number, highMs: number, run: () => void): void {
    this.#clock.after(between(this.#options.random, lowMs, highMs), run);
  }

  #perform(output: RoomOutput): void {
    const { world } = this.#options;
    this.outputs.set(output.type, (this.outputs.get(output.type) ?? 0) + 1);
    switch (output.type) {
      case 'sign': {
        const record = toySign(output.draft);
        this.#lastWritten = idOf(record);
        this.watch.wrote(record, this.nowMs, this.skewMs);
        this.#later(0, 2, () => this.feed({ type: 'signed', record }));
        return;
      }
      case 'save':
        this.#save(output.kept);
        return;
      case 'save-position':
        this.disk.position = output.position;
        return;
      case 'forget':
        for (const id of output.ids) {
          this.disk.records.delete(id);
          this.#forgotten.set(id, (this.#told += 1));
        }
        this.watch.forgot(output.ids);
        return;
      case 'verify': {
        const good = output.records.filter(toyVerify);
        this.#later(0, 3, () => {
          this.watch.verified(good);
          const { ticket, receipt } = output;
          const isReceiptGood = receipt !== null && toyVerifyReceipt(this.#options.room, receipt);
          this.feed({ type: 'verified', ticket, records: good.map(toyOpened), isReceiptGood });
        });
        return;
      }
      case 'send':
        this.#send(output.link, output.frame);
        return;
      case 'drop-server':
        world.dropSocket(this);
        return;
      case 'load-peers':
        return;
      case 'dial':
        world.dial(this, output.dial, output.isInitiator);
        return;
      case 'signal':
        world.signal(this, output.dial, output.data);
        return;
      case 'hang-up':
        world.hangUp(this, output.dial);
        return;
      case 'notify':
        if (output.event.type === 'message-added') this.#options.onAdded?.(output.event.id);
    }
  }

  #send(link: LinkId, frame: Frame): void {
    const { world, wire = throughTheWire } = this.#options;
    if (link === 'server') world.toServer(this, wire(frame));
    else world.toPeer(this, link, wire(frame));
  }

  #save(kept: KeptRecord): void {
    const id = idOf(kept.record);
    const isFirst = !this.disk.records.has(id);
    if (!isFirst || peerOf(id) !== this.peer) {
      this.disk.records.set(id, kept);
      return;
    }
    // An own record takes a transaction; a crash before its end loses it, and nobody was told otherwise. What is
    // forgotten meanwhile is deleted after it: a disk does what it is told in order.
    const told = (this.#told += 1);
    this.#later(1, 8, () => {
      if (!this.isAlive) return;
      if ((this.#forgotten.get(id) ?? 0) < told) this.disk.records.set(id, kept);
      this.#options.written.set(id, kept.record);
      this.feed({ type: 'saved', id });
    });
  }
}

/** Every frame that is sent is encoded, measured and decoded as on a real link. */
export function throughTheWire(frame: Frame): Frame {
  const decoded = decodeFrameText(encodeFrameText(frame));
  if (!decoded.ok) throw new Error(`an honest client sent ${frame.type}, which is ${decoded.problem}`);
  return decoded.frame;
}
