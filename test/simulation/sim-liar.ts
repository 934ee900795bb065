// A member that lies: forges, replays, floods, equivocates, claims what is not so. It holds a real key and joins as
// anybody does, so everything it may say at all, it says. What it writes validly is a record like any other.

import type { Frame } from '../../src/protocol/frames.js';
import type { AuthorId, DialId, PeerId, RecordId, RoomKey, SessionId } from '../../src/protocol/ids.js';
import { peerId, recordId } from '../../src/protocol/ids.js';
import { PROTOCOL_VERSION } from '../../src/protocol/limits.js';
import { toWire } from '../../src/protocol/record.js';
import type { RecordBody, SignedRecord, WireRecord } from '../../src/protocol/record.js';
import { packTime } from '../../src/core/hybrid-clock.js';
import type { Random } from './random.js';
import { between, pick } from './random.js';
import { toyAuthor, toyId, toySession, toySign } from './toy-signatures.js';
import type { VirtualClock } from './virtual-clock.js';

const YEAR_MS = 365 * 24 * 3_600_000;
/** Records of others it has seen and may abuse. */
const MEMORY_MAX = 200;

export interface LiarOptions {
  readonly name: string;
  readonly room: RoomKey;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly world: {
    readonly isFaulty: boolean;
    toServer(from: SimLiar, frame: Frame): void;
  };
}

export class SimLiar {
  readonly name: string;
  readonly author: AuthorId;
  readonly session: SessionId;
  readonly peer: PeerId;
  readonly #options: LiarOptions;
  readonly #seen: WireRecord[] = [];
  readonly #members = new Set<PeerId>();
  /** Its other words under ids that the server knows; a server that forgot them will take these. */
  readonly twins: WireRecord[] = [];
  #seq = 0;

  constructor(options: LiarOptions) {
    this.#options = options;
    this.name = options.name;
    this.author = toyAuthor(options.random);
    this.session = toySession(options.random);
    this.peer = peerId(this.author, this.session);
    this.#live();
  }

  socketOpened(): void {
    this.#say({
      type: 'join',
      version: PROTOCOL_VERSION,
      room: this.#options.room,
      peer: this.peer,
      name: this.name,
      proof: `${'A'.repeat(85)}A`,
    });
    if (this.twins.length > 0) this.#say(this.#records(this.twins.slice(-MEMORY_MAX / 4)));
  }

  receive(_link: 'server', frame: Frame): void {
    if (frame.type === 'joined') for (const { peer } of frame.members) this.#members.add(peer);
    if (frame.type === 'member-joined') this.#members.add(frame.member.peer);
    if (frame.type !== 'records') return;
    this.#seen.push(...frame.records);
    if (this.#seen.length > MEMORY_MAX) this.#seen.splice(0, this.#seen.length - MEMORY_MAX);
  }

  #live(): void {
    const { clock, random, world } = this.#options;
    clock.after(between(random, 50, 1_500), () => {
      if (!world.isFaulty) return;
      for (const frame of this.#lie()) this.#say(frame);
      this.#live();
    });
  }

  #say(frame: Frame): void {
    this.#options.world.toServer(this, frame);
  }

  #lie(): Frame[] {
    const { random } = this.#options;
    const lies: (() => Frame[])[] = [
      () => this.#equivocate(),
      () => this.#forge(),
      () => [this.#records([...this.#seen.slice(-20)].reverse())],
      () => [this.#records([this.#write(packTime(this.#nowMs() + 10 * YEAR_MS))])],
      () => [this.#records([this.#write(packTime(1))])],
      () => [this.#records([this.#write(packTime(this.#nowMs()), Number.MAX_SAFE_INTEGER - Math.floor(random() * 3))])],
      () => [this.#records(Array.from({ length: 30 }, () => this.#write(packTime(this.#nowMs()))))],
      () => this.#meddle(),
      () => this.#claim(),
      () => this.#knock(),
    ];
    return pick(random, lies)?.() ?? [];
  }

  #nowMs(): number {
    return this.#options.clock.nowMs;
  }

  #write(time: number, seq?: number, text = 'a lie'): WireRecord {
    return toWire(this.#sign(time, seq, { kind: 'message', name: this.name, text }));
  }

  #sign(time: number, seq: number | undefined, body: RecordBody): SignedRecord {
    if (seq === undefined) this.#seq += 1;
    const { author, session } = this;
    const { room } = this.#options;
    return toySign({ room, author, session, seq: seq ?? this.#seq, time: Math.floor(time), body });
  }

  /** Two contents under one id, half the room each: hedged to some before the server has either. */
  #equivocate(): Frame[] {
    this.#seq += 1;
    const time = packTime(this.#nowMs());
    const twin = this.#write(time + 7, this.#seq, 'no');
    const said = this.#write(time, this.#seq, 'yes');
    this.twins.push(twin);
    // Whoever passes the other on has it before the server has either.
    this.#options.clock.after(between(this.#options.random, 0, 3_000), () => {
      if (this.#options.world.isFaulty) for (const each of [said, twin]) this.#say(this.#records([each]));
    });
    return [];
  }

  /** Somebody else's record with another text, time or session, under its old signature. */
  #forge(): Frame[] {
    const { random } = this.#options;
    const seen = pick(random, this.#seen);
    if (seen === undefined) return [];
    const [author, session, seq, time, body, signature] = seen;
    const forged: WireRecord[] = [
      [author, session, seq, time + 1, body, signature],
      [author, session, seq + 1, time, body, signature],
      [author, toyId(random, 12) as SessionId, seq, time, body, signature],
      [this.author, session, seq, time, body, signature],
    ];
    return [this.#records(forged)];
  }

  /** Takes back, and rewrites, what others have written. */
  #meddle(): Frame[] {
    const seen = pick(this.#options.random, this.#seen);
    if (seen === undefined) return [];
    const target = recordId(seen[0], seen[1], seen[2]);
    const bodies = [{ kind: 'retract', target } as const, { kind: 'edit', target, text: 'never said' } as const];
    return [this.#records(bodies.map((body) => toWire(this.#sign(packTime(this.#nowMs()), undefined, body))))];
  }

  /** It has everything, it wants everything, and others should get everything again. */
  #claim(): Frame[] {
    const { room } = this.#options;
    const { random } = this.#options;
    const ids = this.#seen.slice(0, 100).map((wire) => recordId(wire[0], wire[1], wire[2]));
    const target = pick(random, [...this.#members]);
    if (ids.length === 0 || target === undefined) return [];
    return [
      { type: 'have', room, ids },
      { type: 'want', room, ids },
      { type: 'deliver', room, ids, to: [target] },
      { type: 'ack', room, ids },
    ];
  }

  #knock(): Frame[] {
    const { room, random } = this.#options;
    const dial = toyId(random, 12) as DialId;
    return [...this.#members].slice(0, 5).map((peer): Frame => ({
      type: 'signal',
      room,
      peer,
      dial,
      data: random() < 0.5 ? 'knock' : '{"type":"offer"}',
    }));
  }

  #records(records: readonly WireRecord[]): Frame {
    const { random, room } = this.#options;
    const covered = [...this.#members].filter(() => random() < 0.3);
    const frame = { type: 'records', room, records, ...(covered.length === 0 ? {} : { covered }) };
    return frame as Frame;
  }
}

export function isLie(id: RecordId, liars: readonly SimLiar[]): boolean {
  return liars.some((liar) => id.startsWith(liar.author));
}
