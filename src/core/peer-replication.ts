// Keeping this replica and its linked peers' equal: pushing, acknowledging, carrying, comparing
// (rules P1 to P4, Y1 to Y5).

import type { FrameOf, SyncBound } from '../protocol/frames.js';
import type { DialId, PeerId, RecordId, RoomKey, SyncItem } from '../protocol/ids.js';
import { authorOf, idOfItem, peerOf, syncItem } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import { idOf, tagOf } from '../protocol/record.js';
import type { Counters } from './counters.js';
import { RelayQuota } from './crowd/relay-quota.js';
import { Hedges, isLate } from './hedges.js';
import type { PendingPush } from './hedges.js';
import type { Batch } from './intake.js';
import type { Mesh } from './mesh.js';
import type { PeerLinkState } from './peer-link-state.js';
import { answerSync, beginSync, higherFloor } from './reconcile.js';
import { groupIds, recordsFrame } from './record-frames.js';
import type { Replica } from './replica.js';
import type { KeptRecord, LinkId, RoomOutput } from './room-io.js';

const SYNC_EVERY_MS = 10_000;
/** Between parent and leaf, whom the server's places keep equal. */
const SYNC_FAMILY_EVERY_MS = 60_000;

export class PeerReplication {
  readonly hedges = new Hedges();
  /** Replicas are not compared more often than this, to spare the device. */
  leastSyncMs = 0;
  readonly #quota = new RelayQuota();
  readonly #room: RoomKey;
  readonly #self: PeerId;
  readonly #replica: Replica;
  readonly #mesh: Mesh;
  readonly #counters: Counters;
  readonly #random: () => number;
  /** When to compare with each peer whose turn is ours (rule Y1). */
  readonly #syncAtMs = new Map<DialId, number>();

  constructor(options: {
    readonly room: RoomKey;
    readonly self: PeerId;
    readonly replica: Replica;
    readonly mesh: Mesh;
    readonly counters: Counters;
    readonly random: () => number;
  }) {
    this.#room = options.room;
    this.#self = options.self;
    this.#replica = options.replica;
    this.#mesh = options.mesh;
    this.#counters = options.counters;
    this.#random = options.random;
  }

  /** Pushes an own record over these links. */
  push(kept: KeptRecord, links: readonly PeerLinkState[], isCarried: boolean, nowMs: number): RoomOutput[] {
    const covered = links.map((link) => link.peer);
    const frame = recordsFrame(this.#room, [kept], { hops: [0], covered, ...(isCarried ? { isCarried } : {}) });
    const id = idOf(kept.record);
    return links.map((link) => {
      this.hedges.pushed({ dial: link.dial, peer: link.peer, id, sentAtMs: nowMs }, link.quality.read(nowMs));
      return { type: 'send', link: link.dial, frame };
    });
  }

  /** Passes on what was taken in for an author without a server, to whoever is not served yet (rule P4). */
  carry(taken: readonly KeptRecord[], batch: Batch, nowMs: number): RoomOutput[] {
    if (!batch.isCarried || batch.from === null) return [];
    const outputs: RoomOutput[] = [];
    for (const kept of taken) {
      const id = idOf(kept.record);
      const hops = (batch.hops.get(id) ?? 0) + 1;
      const served = new Set([...batch.covered, batch.from, peerOf(id)]);
      const links = this.#mesh.up().filter((link) => !served.has(link.peer));
      if (hops > LIMITS.hopsMax || links.length === 0 || !this.#quota.spend(kept.record.author, nowMs)) continue;
      const covered = [...new Set([...batch.covered, ...links.map((link) => link.peer)])];
      const frame = recordsFrame(this.#room, [kept], {
        hops: [hops],
        isCarried: true,
        covered: covered.slice(-LIMITS.peersPerFrameMax),
      });
      this.#counters.relayed += 1;
      for (const link of links) outputs.push({ type: 'send', link: link.dial, frame });
    }
    return outputs;
  }

  acknowledge(link: LinkId, ids: readonly RecordId[]): RoomOutput[] {
    return groupIds(ids).map((group) => ({ type: 'send', link, frame: { type: 'ack', room: this.#room, ids: group } }));
  }

  acknowledged(link: PeerLinkState, frame: FrameOf<'ack'>, nowMs: number): RoomOutput[] {
    const outputs: RoomOutput[] = [];
    for (const id of frame.ids) {
      const push = this.hedges.acknowledged(link.dial, id);
      if (push === undefined) link.alive(nowMs);
      else link.answered(nowMs - push.sentAtMs, nowMs, isLate(push));
      if (authorOf(id) !== authorOf(this.#self)) continue;
      const changes = this.#replica.acknowledged(id, link.peer);
      if (changes.length > 0 && this.#replica.log.get(id)?.record.body.kind === 'message') this.#countFirst(id);
      outputs.push(...changes);
    }
    return outputs;
  }

  opened(link: PeerLinkState, nowMs: number): void {
    if (this.#self < link.peer) this.#syncAtMs.set(link.dial, nowMs);
  }

  /** A link is gone. What it had not acknowledged is somebody else's to deliver, now. */
  closed(dial: DialId): PendingPush[] {
    this.#syncAtMs.delete(dial);
    return this.hedges.takeLink(dial);
  }

  sync(link: PeerLinkState, frame: FrameOf<'sync'>): RoomOutput[] {
    const floor = higherFloor(this.#floor(), frame.floor);
    const answer = answerSync(this.#replica.log.keySet, frame.ranges, frame.salt, floor);
    const lacked = answer.lackedHere.filter((item) => this.#isLacking(item)).map(idOfItem);
    const outputs = this.#replica.give(this.#room, link.dial, answer.lackedByOther);
    for (const ids of groupIds(lacked)) {
      outputs.push({ type: 'send', link: link.dial, frame: { type: 'want', room: this.#room, ids } });
    }
    const { salt } = frame;
    for (const ranges of answer.frames) {
      outputs.push({ type: 'send', link: link.dial, frame: { type: 'sync', room: this.#room, salt, floor, ranges } });
    }
    return outputs;
  }

  /** What was dropped for room is not asked for again; another content under a known id is (rule R7). */
  #isLacking(item: SyncItem): boolean {
    const id = idOfItem(item);
    const kept = this.#replica.log.get(id);
    return kept === undefined ? this.#replica.lacks(id) : syncItem(id, tagOf(kept.record)) !== item;
  }

  /** `isServed`: this link is between parent and leaf, and both hear of the server. */
  wake(nowMs: number, isServed: (dial: DialId) => boolean): RoomOutput[] {
    const outputs: RoomOutput[] = [];
    for (const [dial, atMs] of this.#syncAtMs) {
      if (nowMs < atMs) continue;
      const everyMs = Math.max(this.leastSyncMs, isServed(dial) ? SYNC_FAMILY_EVERY_MS : SYNC_EVERY_MS);
      this.#syncAtMs.set(dial, nowMs + everyMs * (0.9 + 0.2 * this.#random()));
      const salt = Math.floor(this.#random() * 2 ** 32);
      const floor = this.#floor();
      const ranges = beginSync(this.#replica.log.keySet, salt, floor);
      outputs.push({ type: 'send', link: dial, frame: { type: 'sync', room: this.#room, salt, floor, ranges } });
    }
    return outputs;
  }

  nextWakeMs(): number {
    return Math.min(this.hedges.nextWakeMs, ...this.#syncAtMs.values());
  }

  #floor(): SyncBound | null {
    const { floor } = this.#replica.log;
    return floor === null ? null : [floor.time, floor.id];
  }

  #countFirst(id: RecordId): void {
    if (this.#replica.outbox.acknowledgements(id) === 1) this.#counters.p2pMessages += 1;
  }
}
