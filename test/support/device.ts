// A device without a page: a real key, real signatures, and a raw socket that says whatever it is told.

import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { ED25519KeyPairOptions, KeyObject } from 'node:crypto';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { joinBytes, recordBytes } from '../../src/protocol/canonical.js';
import { decodeFrame } from '../../src/protocol/decode.js';
import type { Frame, FrameOf, FrameType } from '../../src/protocol/frames.js';
import type { AuthorId, DialId, PeerId, RoomKey, SessionId } from '../../src/protocol/ids.js';
import { peerId, roomKey } from '../../src/protocol/ids.js';
import { PROTOCOL_VERSION } from '../../src/protocol/limits.js';
import { toWire } from '../../src/protocol/record.js';
import type { RecordBody, SignedRecord, WireRecord } from '../../src/protocol/record.js';
import { within } from './until.js';

/** What stands behind the head of an Ed25519 key's SubjectPublicKeyInfo (RFC 8410). */
const PUBLIC_KEY_BYTES = 32;

/**
 * Encoded as it is made: Node 20 can stop for ever when it exports a key it has just generated, since the export holds
 * the key's lock while it allocates, and the garbage collected then may be the job that generated it, which takes that
 * lock.
 */
const ENCODED: ED25519KeyPairOptions<'der', 'der'> = {
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'der' },
};

/** Frames are waited for; only a hang takes this long. */
const PATIENCE_MS = 60_000;

export class Device {
  readonly author: AuthorId;
  readonly session = randomBytes(9).toString('base64url') as SessionId;
  readonly #key: KeyObject;
  #seq = 0;

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519', ENCODED);
    this.#key = createPrivateKey({ key: privateKey, type: 'pkcs8', format: 'der' });
    this.author = publicKey.subarray(-PUBLIC_KEY_BYTES).toString('base64url') as AuthorId;
  }

  get peer(): PeerId {
    return peerId(this.author, this.session);
  }

  sign(bytes: Uint8Array): string {
    return sign(null, bytes, this.#key).toString('base64url');
  }

  record(room: RoomKey, text: string, change: Partial<RecordBody> = {}): SignedRecord {
    return this.says(room, { kind: 'message', name: 'Device', text, ...change } as RecordBody);
  }

  /** A record with this body and no other. */
  says(room: RoomKey, body: RecordBody): SignedRecord {
    this.#seq += 1;
    const draft = { room, author: this.author, session: this.session, seq: this.#seq, time: Date.now() * 1024, body };
    return { ...draft, signature: this.sign(recordBytes(draft)) };
  }
}

/** What a device says of itself that may serve others (rule C2). */
export const FIT_DEVICE: FrameOf<'report'>['device'] = {
  isVisible: true,
  canDial: true,
  battery: null,
  isCharging: null,
  rttMs: 20,
  dialsTried: 0,
  dialsFailed: 0,
};

/** A device on a socket. Everything received is kept, and must be a frame. */
export class RawClient {
  readonly device = new Device();
  readonly room: RoomKey;
  readonly received: Frame[] = [];
  readonly socket: Socket;
  #nonce = '';
  #waiting: (() => void)[] = [];

  constructor(url: string, room = 'lobby', options: Record<string, unknown> = {}) {
    this.room = roomKey('default', room);
    this.socket = io(url, { forceNew: true, reconnection: false, transports: ['websocket'], ...options });
    this.socket.on('frame', (input: unknown) => {
      const decoded = decodeFrame(input);
      if (!decoded.ok) throw new Error(`the server sent what is ${decoded.problem}: ${JSON.stringify(input)}`);
      this.received.push(decoded.frame);
      for (const look of this.#waiting.splice(0)) look();
    });
  }

  static async join(url: string, room = 'lobby'): Promise<RawClient> {
    const client = new RawClient(url, room);
    await client.join();
    return client;
  }

  /** Who would seal something here. */
  get sealer(): Pick<SignedRecord, 'room' | 'author' | 'session'> {
    const { author, session } = this.device;
    return { room: this.room, author, session };
  }

  /** Resolves with the server's answer; with a change, as soon as the join is sent. */
  async join(change: Partial<FrameOf<'join'>> = {}): Promise<FrameOf<'joined'> | null> {
    this.#nonce = (await this.next('welcome')).nonce;
    this.rejoin('Device', change);
    return Object.keys(change).length === 0 ? this.next('joined') : null;
  }

  rejoin(name: string, change: Partial<FrameOf<'join'>> = {}): void {
    const { peer } = this.device;
    const proof = this.device.sign(joinBytes(this.room, peer, this.#nonce));
    this.send({ type: 'join', version: PROTOCOL_VERSION, room: this.room, peer, name, proof, ...change });
  }

  send(frame: unknown): void {
    this.socket.emit('frame', frame);
  }

  /** Tells the server of its links to these, all by the dial `dial0001` unless there are more. */
  reportLinks(peers: readonly PeerId[], change: Partial<FrameOf<'report'>> = {}): void {
    const measured = { connectMs: 80, rttMs: 4, isRelayed: false };
    const links = peers.map((peer, index) => ({ ...measured, peer, dial: `dial000${index + 1}` as DialId }));
    const counts = { failedDials: [], p2pMessages: 0, fallbacks: 0 };
    this.send({ type: 'report', device: FIT_DEVICE, room: this.room, links, ...counts, ...change });
  }

  publish(records: readonly SignedRecord[], extra: Record<string, unknown> = {}): void {
    this.publishWire(records.map(toWire), extra);
  }

  publishWire(records: readonly WireRecord[], extra: Record<string, unknown> = {}): void {
    this.send({ type: 'records', room: this.room, records, ...extra });
  }

  /** The first frame of this type that fits, now or later. It is taken out of what was received. */
  async next<Type extends FrameType>(
    type: Type,
    fits: (frame: FrameOf<Type>) => boolean = () => true,
  ): Promise<FrameOf<Type>> {
    for (;;) {
      const index = this.received.findIndex((frame) => frame.type === type && fits(frame as FrameOf<Type>));
      if (index >= 0) return this.received.splice(index, 1)[0] as FrameOf<Type>;
      const comes = new Promise<void>((resolve) => this.#waiting.push(resolve));
      const latest = this.received.slice(-10).map((frame) => frame.type);
      await within(PATIENCE_MS, `a ${type} that fits; the latest are: ${latest.join(', ')}`, comes);
    }
  }

  /** Everything the server had to say before this answer has arrived. */
  async settled(): Promise<void> {
    const nonce = Math.floor(Math.random() * 2 ** 31);
    this.send({ type: 'ping', room: this.room, nonce });
    await this.next('pong', (frame) => frame.nonce === nonce);
  }

  close(): void {
    this.socket.disconnect();
  }
}
