// A room driven by hand: inputs in, outputs noted, the engine's part done at once, time moved by the test.

import assert from 'node:assert/strict';
import { placeOfWire, placesOf, recordsFrame } from '../../src/core/record-frames.js';
import type { PlacedRecord } from '../../src/core/record-frames.js';
import { createBeside } from '../../src/core/beside.js';
import { createPeers } from '../../src/core/peer-side.js';
import { Room } from '../../src/core/room.js';
import type { RoomInput, RoomOutput, RoomSettings } from '../../src/core/room-io.js';
import type { Frame, FrameOf, FrameType, Member } from '../../src/protocol/frames.js';
import { KNOCK } from '../../src/protocol/frames.js';
import type { AuthorId, DialId, PeerId, RecordId, SessionId } from '../../src/protocol/ids.js';
import { peerId, roomKey } from '../../src/protocol/ids.js';
import { idOf, toWire } from '../../src/protocol/record.js';
import type { RecordDraft, SignedRecord } from '../../src/protocol/record.js';
import { seededRandom } from '../simulation/random.js';
import {
  toyAuthor,
  toySession,
  toySign,
  toySignPlaces,
  toyVerify,
  toyVerifyReceipt,
} from '../simulation/toy-signatures.js';

export const ROOM = roomKey('default', 'lobby');
export const START_MS = Date.UTC(2026, 6, 4);
export const EPOCH = 'epoch000';

const random = seededRandom(41);
/** The key under which the server of these tests signs receipts. */
export const SERVER_KEY = toyAuthor(random);

/** Members in the order of their ids, so that a test can say who dials whom. */
export function membersInOrder(count: number, seed = 42): Member[] {
  const own = seededRandom(seed);
  return Array.from({ length: count }, () => peerId(toyAuthor(own), toySession(own)))
    .sort()
    .map((peer, index) => ({ peer, name: `Member ${index}` }));
}

/** A record as another device would have written it. */
export function recordOf(peer: PeerId, seq: number, change: Partial<RecordDraft> = {}): SignedRecord {
  const [author, session] = peer.split('.') as [AuthorId, SessionId];
  const body = { kind: 'message', name: 'Bob', text: `message ${seq}` } as const;
  return toySign({ room: ROOM, author, session, seq, time: START_MS * 1024 + seq, body, ...change });
}

/** Records as the server places them one after the other, with the frame that brings them. */
export function placedFrame(
  records: readonly SignedRecord[],
  at: { readonly first: number; readonly head?: number; readonly epoch?: string; readonly storedAtMs?: number },
  options: { readonly isRange?: boolean; readonly hasProof?: boolean } = {},
): FrameOf<'records'> {
  const { first, epoch = EPOCH, storedAtMs = START_MS } = at;
  const head = at.head ?? first + records.length - 1;
  const placed = records.map((record, index): PlacedRecord => ({ record, offset: first + index, storedAtMs }));
  const range = { after: first - 1, through: first + records.length - 1 };
  const places = placesOf(placed, { epoch, head }, options.isRange === true ? range : undefined);
  const said = placed.map(({ record, offset }, index) => placeOfWire(record, offset, places.arrivals?.[index] ?? null));
  const proof = toySignPlaces(SERVER_KEY, ROOM, { epoch, head, places: said });
  return { ...recordsFrame(ROOM, placed), places: options.hasProof === true ? { ...places, proof } : places };
}

/** The places of records without the records. */
export function placesFrame(
  records: readonly SignedRecord[],
  at: { readonly first: number; readonly head?: number },
  options: { readonly hasProof?: boolean } = {},
): FrameOf<'placed'> {
  const head = at.head ?? at.first + records.length - 1;
  const places = records.map((record, index) => placeOfWire(record, at.first + index, null));
  const proof = toySignPlaces(SERVER_KEY, ROOM, { epoch: EPOCH, head, places });
  return {
    type: 'placed',
    room: ROOM,
    epoch: EPOCH,
    head,
    places,
    ...(options.hasProof === true ? { proof } : {}),
  };
}

export class DrivenRoom {
  readonly self: PeerId;
  readonly room: Room;
  readonly outputs: RoomOutput[] = [];
  nowMs = START_MS;
  #dials = 0;

  /** @param options `isBesideLate`: what is beside the messages is not there yet */
  constructor(
    self: PeerId,
    settings: Partial<RoomSettings> = {},
    { seed = 12, isBesideLate = false }: { readonly seed?: number; readonly isBesideLate?: boolean } = {},
  ) {
    this.self = self;
    const [author, session] = self.split('.') as [AuthorId, SessionId];
    this.room = new Room({
      peers: createPeers,
      ...(isBesideLate ? {} : { beside: createBeside }),
      room: ROOM,
      author,
      session,
      name: 'Ada',
      settings: { preferredRoute: 'auto', mesh: 'manual', canDial: true, ...settings },
      random: seededRandom(seed),
    });
    this.feed({ type: 'restored', records: [], position: null });
  }

  /** Feeds an input and does the engine's part of what comes of it at once. */
  feed(input: RoomInput): void {
    for (const output of this.room.handle(input, this.nowMs)) {
      this.outputs.push(output);
      if (output.type === 'sign') this.feed({ type: 'signed', record: toySign(output.draft) });
      if (output.type === 'save') this.feed({ type: 'saved', id: idOf(output.kept.record) });
      if (output.type === 'verify') {
        const { ticket, receipt } = output;
        const isReceiptGood = receipt !== null && toyVerifyReceipt(ROOM, receipt);
        this.feed({ type: 'verified', ticket, isReceiptGood, records: output.records.filter(toyVerify) });
      }
    }
  }

  /** Lets time pass, waking the room whenever it wants to be woken. */
  pass(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (let wakes = 0; this.room.nextWakeMs() <= untilMs; wakes += 1) {
      assert.ok(wakes < 10_000, 'a room sleeps between its wakes');
      this.nowMs = Math.max(this.nowMs, this.room.nextWakeMs());
      this.feed({ type: 'wake' });
    }
    this.nowMs = untilMs;
    this.feed({ type: 'wake' });
  }

  /** Lets time pass with a server that answers every ping, so that it is not taken for dead. */
  passServed(ms: number, head = 0): void {
    for (let passed = 0; passed < ms; passed += 100) {
      for (const { nonce } of this.take('server', 'ping')) this.server({ type: 'pong', room: ROOM, nonce, head });
      this.pass(Math.min(100, ms - passed));
    }
  }

  /** A frame of the server's. */
  server(frame: Frame): void {
    this.feed({ type: 'frame', link: 'server', frame });
  }

  joined(members: readonly Member[] = [], change: Partial<FrameOf<'joined'>> = {}): void {
    const mesh = { isEnabled: true, maxPeers: 5, autoUpgradeDelayMs: 0 };
    const at = { epoch: EPOCH, head: 0, floor: 0, memberCount: members.length, serverKey: SERVER_KEY };
    this.feed({ type: 'server-opening' });
    this.server({ type: 'joined', room: ROOM, ...at, members: [...members], mesh, iceServers: [], ...change });
  }

  /** Opens a link to a peer, whoever of the two has to dial. */
  link(peer: PeerId): DialId {
    if (peer < this.self) {
      const dial = `dial${String(this.#dials).padStart(8, '0')}` as DialId;
      this.#dials += 1;
      this.server({ type: 'signal', room: ROOM, peer, dial, data: '{"type":"offer"}' });
      this.feed({ type: 'peer-up', dial, peer, name: 'Bob' });
      return dial;
    }
    this.server({ type: 'signal', room: ROOM, peer, dial: 'knocking0000' as DialId, data: KNOCK });
    const dial = this.room.links(this.nowMs).find((link) => link.peer === peer && link.state === 'dialing')?.dial;
    assert.ok(dial, 'a knock is answered by a dial');
    this.feed({ type: 'peer-up', dial, peer, name: 'Bob' });
    return dial;
  }

  /** A peer pushes records it wrote, or passes them on. */
  push(dial: DialId, records: readonly SignedRecord[], change: Partial<FrameOf<'records'>> = {}): void {
    const hops = records.map(() => 0);
    const frame: Frame = { type: 'records', room: ROOM, records: records.map(toWire) as never, hops, ...change };
    this.feed({ type: 'frame', link: dial, frame });
  }

  /** Somebody here writes; returns the record's id. */
  write(text: string): RecordId {
    this.feed({ type: 'write', body: { kind: 'message', name: 'Ada', text } });
    const draft = this.noted('sign').at(-1)?.draft;
    assert.ok(draft);
    return idOf(draft);
  }

  /** Frames of one type sent on a link so far. */
  sent<Type extends FrameType>(link: 'server' | DialId, type: Type): FrameOf<Type>[] {
    return this.outputs.flatMap((output) =>
      output.type === 'send' && output.link === link && output.frame.type === type
        ? [output.frame as FrameOf<Type>]
        : [],
    );
  }

  /** The same, and forgets them. */
  take<Type extends FrameType>(link: 'server' | DialId, type: Type): FrameOf<Type>[] {
    const frames = this.sent(link, type);
    for (let index = this.outputs.length - 1; index >= 0; index -= 1) {
      const output = this.outputs[index];
      if (output?.type === 'send' && output.link === link && output.frame.type === type) this.outputs.splice(index, 1);
    }
    return frames;
  }

  /** Outputs of one type so far. */
  noted<Type extends RoomOutput['type']>(type: Type): Extract<RoomOutput, { type: Type }>[] {
    return this.outputs.filter((output): output is Extract<RoomOutput, { type: Type }> => output.type === type);
  }

  texts(): string[] {
    return this.room.messages().map((message) => message.text);
  }
}
