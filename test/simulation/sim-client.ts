// One device in a simulated world: a real room of the core, with a storage that survives a crash, toy signatures,
// and links that the world carries. It does what the engine does and decides as little.

import { decodeFrameText, encodeFrameText } from '../../src/protocol/decode.js';
import type { Frame } from '../../src/protocol/frames.js';
import type { AuthorId, DialId, PeerId, RecordId, RoomKey } from '../../src/protocol/ids.js';
import { peerId } from '../../src/protocol/ids.js';
import { PROTOCOL_VERSION } from '../../src/protocol/limits.js';
import { idOf } from '../../src/protocol/record.js';
import { Room } from '../../src/core/room.js';
import type { KeptRecord, LinkId, RoomInput, RoomOutput, ServerPosition } from '../../src/core/room-io.js';
import type { Random } from './random.js';
import { between } from './random.js';
import { toySession, toySign, toyVerify } from './toy-signatures.js';
import type { VirtualClock } from './virtual-clock.js';

/** What the client asks of the world around it. */
export interface Surroundings {
  toServer(from: SimClient, frame: Frame): void;
  toPeer(from: SimClient, dial: DialId, frame: Frame): void;
  dial(from: SimClient, dial: DialId, peer: PeerId, isInitiator: boolean): void;
  signal(to: SimClient, dial: DialId, data: string): void;
  hangUp(from: SimClient, dial: DialId): void;
}

/** What a phone keeps when its page is gone. */
export interface SimDisk {
  readonly records: Map<RecordId, KeptRecord>;
  position: ServerPosition | null;
}

export class SimClient {
  readonly name: string;
  readonly peer: PeerId;
  readonly room: Room;
  readonly disk: SimDisk;
  /** Ids of messages that became durable here, and so may never be lost. */
  readonly written: Set<RecordId>;
  /** Ids in the order in which a page would have shown them, for finding what is shown twice. */
  readonly shown: RecordId[] = [];
  readonly outputs = new Map<string, number>();
  readonly skewMs: number;
  readonly author: AuthorId;
  readonly #key: RoomKey;
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #world: Surroundings;
  isAlive = true;
  #wakeAtMs = Infinity;

  constructor(options: {
    readonly name: string;
    readonly room: RoomKey;
    readonly author: AuthorId;
    readonly clock: VirtualClock;
    readonly random: Random;
    readonly world: Surroundings;
    readonly disk: SimDisk;
    readonly written: Set<RecordId>;
    readonly skewMs: number;
    readonly mesh: 'auto' | 'off';
  }) {
    this.name = options.name;
    this.author = options.author;
    this.#key = options.room;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#world = options.world;
    this.disk = options.disk;
    this.written = options.written;
    this.skewMs = options.skewMs;
    const session = toySession(options.random);
    this.peer = peerId(options.author, session);
    this.room = new Room({
      room: options.room,
      author: options.author,
      session,
      name: options.name,
      settings: { preferredRoute: 'auto', mesh: options.mesh, canDial: true },
      random: options.random,
    });
    this.feed({ type: 'restored', records: [...options.disk.records.values()], position: options.disk.position });
  }

  get #nowMs(): number {
    return this.#clock.nowMs + this.skewMs;
  }

  write(text: string): void {
    this.feed({ type: 'write', body: { kind: 'message', name: this.name, text } });
  }

  socketOpened(): void {
    if (!this.isAlive) return;
    this.feed({ type: 'server-opening' });
    const position = this.room.joinPosition();
    this.#world.toServer(this, {
      type: 'join',
      version: PROTOCOL_VERSION,
      room: this.#key,
      peer: this.peer,
      name: this.name,
      proof: `${'A'.repeat(85)}A`,
      ...(position === undefined ? {} : { position }),
    });
  }

  receive(link: LinkId, frame: Frame): void {
    if (this.isAlive) this.feed({ type: 'frame', link, frame });
  }

  crash(): void {
    this.isAlive = false;
  }

  feed(input: RoomInput): void {
    if (!this.isAlive) return;
    for (const output of this.room.handle(input, this.#nowMs)) this.#perform(output);
    this.#schedule();
  }

  #schedule(): void {
    const atMs = this.room.nextWakeMs() - this.skewMs;
    if (atMs === Infinity || atMs === this.#wakeAtMs) return;
    this.#wakeAtMs = atMs;
    this.#clock.at(atMs, () => {
      if (this.#wakeAtMs !== atMs) return;
      this.#wakeAtMs = Infinity;
      this.feed({ type: 'wake' });
    });
  }

  #later(lowMs: number, highMs: number, run: () => void): void {
    this.#clock.after(between(this.#random, lowMs, highMs), run);
  }

  #perform(output: RoomOutput): void {
    this.outputs.set(output.type, (this.outputs.get(output.type) ?? 0) + 1);
    switch (output.type) {
      case 'sign':
        this.#later(0, 2, () => this.feed({ type: 'signed', record: toySign(output.draft) }));
        return;
      case 'save':
        this.#save(output.kept);
        return;
      case 'save-position':
        this.disk.position = output.position;
        return;
      case 'forget':
        for (const id of output.ids) this.disk.records.delete(id);
        return;
      case 'verify':
        this.#later(0, 3, () =>
          this.feed({ type: 'verified', ticket: output.ticket, records: output.records.filter(toyVerify) }),
        );
        return;
      case 'send':
        if (output.link === 'server') this.#world.toServer(this, throughTheWire(output.frame));
        else this.#world.toPeer(this, output.link, throughTheWire(output.frame));
        return;
      case 'dial':
        this.#world.dial(this, output.dial, output.peer, output.isInitiator);
        return;
      case 'signal':
        this.#world.signal(this, output.dial, output.data);
        return;
      case 'hang-up':
        this.#world.hangUp(this, output.dial);
        return;
      case 'notify':
        if (output.event.type === 'message-added') this.shown.push(output.event.id);
    }
  }

  #save(kept: KeptRecord): void {
    const id = idOf(kept.record);
    const isFirst = !this.disk.records.has(id);
    if (!isFirst || kept.record.author !== this.author) {
      this.disk.records.set(id, kept);
      return;
    }
    // An own record takes a transaction; a crash before its end loses it, and nobody was told otherwise.
    this.#later(1, 8, () => {
      if (!this.isAlive) return;
      this.disk.records.set(id, kept);
      if (kept.record.body.kind === 'message') this.written.add(id);
      this.feed({ type: 'saved', id });
    });
  }
}

/** Every frame that is sent is encoded, measured and decoded as on a real link. */
function throughTheWire(frame: Frame): Frame {
  const decoded = decodeFrameText(encodeFrameText(frame));
  if (!decoded.ok) throw new Error(`an honest client sent ${frame.type}, which is ${decoded.problem}`);
  return decoded.frame;
}
