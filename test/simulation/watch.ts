// What must never happen, however briefly: looked at in everything a page does, while it does it.

import type { FrameOf } from '../../src/protocol/frames.js';
import type { PeerId, RecordId } from '../../src/protocol/ids.js';
import { peerOf, recordId } from '../../src/protocol/ids.js';
import { CLOCK_LEAD_MAX_MS, LIMITS } from '../../src/protocol/limits.js';
import { idOf } from '../../src/protocol/record.js';
import type { SignedRecord, WireRecord } from '../../src/protocol/record.js';
import { unpackMs } from '../../src/core/hybrid-clock.js';
import type { KeptRecord, LinkId, RoomInput, RoomOutput } from '../../src/core/room-io.js';
import type { SimDisk } from './sim-client.js';

/** Offsets between clocks that are measured over a jittering network are wrong by no more than this. */
const OFFSET_ERROR_MS = 2_000;

export class Watch {
  readonly violations: string[] = [];
  readonly #peer: PeerId;
  readonly #disk: SimDisk;
  readonly #isWhole: (link: LinkId) => boolean;
  readonly #verified = new Set<string>();
  readonly #shown = new Set<RecordId>();
  #joinedAtMs: number | null = null;
  /** The page has been suspended, and what came meanwhile comes now. */
  isWaking = false;

  /** @param isWhole what is said over a link gets through, either way */
  constructor(peer: PeerId, disk: SimDisk, isWhole: (link: LinkId) => boolean) {
    this.#peer = peer;
    this.#disk = disk;
    this.#isWhole = isWhole;
    for (const kept of disk.records.values()) this.#verified.add(signedId(kept.record));
  }

  /** How long the server has been joined by `nowMs`; 0 while it is not. */
  joinedForMs(nowMs: number): number {
    return this.#joinedAtMs === null ? 0 : nowMs - this.#joinedAtMs;
  }

  input(input: RoomInput, nowMs: number): void {
    if (input.type === 'server-opening' || input.type === 'server-down') this.#joinedAtMs = null;
    if (input.type === 'frame' && input.link === 'server' && input.frame.type === 'joined') this.#joinedAtMs ??= nowMs;
  }

  verified(records: readonly SignedRecord[]): void {
    for (const record of records) this.#verified.add(signedId(record));
  }

  /** One bad clock must not drag the others: who writes may lead the truth by its own error and the bound of T2. */
  wrote(record: SignedRecord, nowMs: number, skewMs: number): void {
    const truthMs = nowMs - skewMs;
    const leadMs = unpackMs(record.time) - truthMs;
    if (leadMs > Math.max(0, skewMs) + CLOCK_LEAD_MAX_MS + OFFSET_ERROR_MS) {
      this.#report(`wrote ${String(Math.round(leadMs))} ms in the future, its clock is wrong by ${String(skewMs)}`);
    }
    this.#verified.add(signedId(record));
  }

  forgot(ids: readonly RecordId[]): void {
    for (const id of ids) {
      this.#disk.gone.add(id);
    }
  }

  outputs(outputs: readonly RoomOutput[]): void {
    for (const output of outputs) {
      if (this.isWaking) this.#checkBlame(output);
      if (output.type === 'send' && output.link === 'server' && this.#joinedAtMs === null) {
        this.#report(`said ${output.frame.type} before it had joined`);
      }
      // Dropped for room and brought back by somebody who carries it to the server, or erased and said anew.
      if (output.type === 'forget') for (const id of output.ids) this.#shown.delete(id);
      if (output.type === 'save') this.#checkKept(output.kept);
      else if (output.type === 'notify' && output.event.type === 'message-added') this.#added(output.event.id);
      else if (output.type === 'send' && output.frame.type === 'records') {
        for (const wire of output.frame.records) this.#checkSent(wire);
        this.#checkRelayed(output.frame, outputs);
      } else if (output.type === 'send' && output.frame.type === 'ack') {
        for (const id of output.frame.ids) this.#checkTaken(id, outputs);
      }
    }
  }

  /** Rules M4, C7, P4: hops are counted and bounded, and nothing is passed on unless something in it was new here. */
  #checkRelayed({ records, hops }: FrameOf<'records'>, outputs: readonly RoomOutput[]): void {
    if (hops === undefined) return;
    const ids = records.map(([author, session, seq]) => recordId(author, session, seq));
    for (const [index, made] of hops.entries()) {
      const id = ids[index];
      if (made > LIMITS.hopsMax) this.#report('relayed beyond the limit');
      if (made === 0 && id !== undefined && peerOf(id) !== this.#peer)
        this.#report(`passed ${short(id)} on as its own`);
    }
    const isRelay = hops.some((made) => made > 0);
    const isNews = outputs.some((output) => output.type === 'save' && ids.includes(idOf(output.kept.record)));
    if (isRelay && !isNews) this.#report(`passed ${ids.map(short).join()} on although it was known`);
  }

  #checkKept({ record, hops }: KeptRecord): void {
    this.#checkVerified(record, 'kept');
    if (hops > LIMITS.hopsMax) this.#report(`believed that ${short(idOf(record))} made ${String(hops)} hops`);
  }

  /** Whoever slept has heard nothing because of that, and has nobody to blame for it but those who were dead before. */
  #checkBlame(output: RoomOutput): void {
    if (output.type === 'drop-server' && this.#isWhole('server')) this.#report('blamed the server for its own sleep');
    const isHangUp = output.type === 'hang-up' && output.reason.includes('probes');
    if (isHangUp && this.#isWhole(output.dial)) this.#report('blamed a peer for its own sleep');
  }

  #added(id: RecordId): void {
    if (this.#shown.has(id)) this.#report(`showed ${short(id)} twice`);
    this.#shown.add(id);
  }

  #checkSent([author, session, seq, , , signature]: WireRecord): void {
    const id = recordId(author, session, seq);
    if (!this.#verified.has(`${id} ${signature}`)) this.#report(`sent ${short(id)} unverified`);
    // What is written here is durable before anybody gets it (the promise behind `queued`).
    if (peerOf(id) === this.#peer && !this.#disk.records.has(id) && !this.#disk.gone.has(id)) {
      this.#report(`sent ${short(id)} before it was durable`);
    }
  }

  #checkTaken(id: RecordId, outputs: readonly RoomOutput[]): void {
    const isBeingSaved = outputs.some((output) => output.type === 'save' && idOf(output.kept.record) === id);
    if (!isBeingSaved && !this.#disk.records.has(id) && !this.#disk.gone.has(id))
      this.#report(`acknowledged ${short(id)} too early`);
  }

  #checkVerified(record: SignedRecord, did: string): void {
    if (!this.#verified.has(signedId(record))) this.#report(`${did} ${short(idOf(record))} unverified`);
  }

  #report(what: string): void {
    if (this.violations.length < 20) this.violations.push(what);
  }
}

function signedId(record: SignedRecord): string {
  return `${idOf(record)} ${record.signature}`;
}

export function short(id: string): string {
  return `${id.slice(0, 4)}…${id.slice(44)}`;
}
