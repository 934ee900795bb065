// One room's line to the other nodes, over Redis: claims to its members, news of its head, and frames for members at
// other nodes. Whatever fails here is made good when Redis is back: claims are repeated, members listed again.

import type { FrameOf, Member } from '../../src/protocol/frames.js';
import type { PeerId, RoomKey } from '../../src/protocol/ids.js';
import type { Commands } from '../store/redis-connection.js';
import { KEYS } from '../store/redis-scripts.js';
import type { Reached, RoomLine, RoomListener } from './nodes.js';
import type { Notice } from './notices.js';
import { RoomPresence } from './presence.js';
import type { PresenceChange } from './presence.js';

/** Members of a node that died are kept in Redis this long; a live node repeats its claims in a third of it. */
export const MEMBERS_KEPT_MS = 60_000;

export interface LineContext {
  readonly redis: Commands;
  /** Where what is said to this room is said. */
  readonly channel: string;
  /** This node's name. */
  readonly node: string;
  /** Nodes that are alive, this one left out. */
  readonly others: () => Promise<readonly string[]>;
  readonly say: (channel: string, notice: Notice) => void;
  readonly listen: (channel: string) => Promise<void>;
  readonly closed: (line: RedisLine) => void;
}

export class RedisLine implements RoomLine {
  readonly room: RoomKey;
  readonly ready: Promise<void>;
  readonly #context: LineContext;
  readonly #listener: RoomListener;
  readonly #presence = new RoomPresence();
  readonly #channel: string;
  readonly #membersKey: string;
  #listing: Promise<void> = Promise.resolve();

  constructor(room: RoomKey, listener: RoomListener, context: LineContext) {
    this.room = room;
    this.#listener = listener;
    this.#context = context;
    this.#channel = context.channel;
    this.#membersKey = KEYS.members(room, context.node);
    this.ready = context.listen(this.#channel).then(
      () => this.list(),
      // Redis is away: listening and listing begin when it is back.
      () => undefined,
    );
  }

  get members(): ReadonlyMap<PeerId, string> {
    return this.#presence.elsewhere;
  }

  joined({ peer, name }: Member): void {
    this.#presence.joinHere(peer, name);
    void this.#claim(peer, name, '');
  }

  left(peer: PeerId): void {
    this.#presence.leaveHere(peer);
    const { redis, node, say } = this.#context;
    redis.hdel(this.#membersKey, peer).catch(() => undefined);
    say(this.#channel, { type: 'left', node, peer });
  }

  reached({ head, count, covered }: Reached): void {
    const { node, say } = this.#context;
    say(this.#channel, { type: 'reached', node, head, count, covered: [...covered] });
  }

  signal(to: PeerId, frame: FrameOf<'signal'>): void {
    const node = this.#presence.nodeOf(to);
    if (node !== undefined) this.#context.say(KEYS.node(node), { type: 'signal', room: this.room, to, frame });
  }

  deliver(frame: FrameOf<'deliver'>): void {
    const nodes = new Set(frame.to.flatMap((peer) => this.#presence.nodeOf(peer) ?? []));
    for (const node of nodes) this.#context.say(KEYS.node(node), { type: 'deliver', room: this.room, frame });
  }

  report(peer: PeerId, frame: FrameOf<'report'>): void {
    const { node, say } = this.#context;
    if (this.#presence.elsewhere.size > 0) say(this.#channel, { type: 'report', node, peer, frame });
  }

  typing(peer: PeerId): void {
    const { node, say } = this.#context;
    if (this.#presence.elsewhere.size > 0) say(this.#channel, { type: 'typing', node, peer });
  }

  close(): void {
    this.#context.closed(this);
  }

  /** What another node said, to this room or to members of it here. */
  hear(notice: Notice): void {
    switch (notice.type) {
      case 'joined':
        this.#apply(notice.peer, notice.name, this.#presence.heard(notice.peer, notice));
        return;
      case 'left':
        if (this.#presence.left(notice.peer, notice.node)) this.#listener.leftElsewhere(notice.peer);
        return;
      case 'reached':
        this.#listener.reached(notice);
        return;
      case 'report':
        if (notice.frame.type === 'report') this.#listener.reportedElsewhere(notice.peer, notice.frame);
        return;
      case 'typing':
        this.#listener.typingElsewhere(notice.peer);
        return;
      case 'signal':
        if (notice.frame.type === 'signal') this.#listener.signalled(notice.to, notice.frame);
        return;
      case 'deliver':
        if (notice.frame.type === 'deliver') this.#listener.toDeliver(notice.frame);
        return;
      default:
    }
  }

  nodeGone(node: string): void {
    for (const peer of this.#presence.nodeGone(node)) this.#listener.leftElsewhere(peer);
  }

  /** Looks who is at the other nodes; one look at a time. */
  list(): Promise<void> {
    this.#listing = this.#listing.then(() => this.#list()).catch(() => undefined);
    return this.#listing;
  }

  /** Says again who is here: Redis was away, and may have lost it. */
  async repeatClaims(): Promise<void> {
    await Promise.all([...this.#presence.here].map(([peer, { name, claim }]) => this.#claim(peer, name, claim ?? '')));
  }

  /** Keeps what Redis knows of this node's members from running out. */
  keep(): void {
    if (this.#presence.here.size > 0)
      this.#context.redis.pexpire(this.#membersKey, MEMBERS_KEPT_MS).catch(() => undefined);
  }

  async #list(): Promise<void> {
    const { redis, others } = this.#context;
    this.#presence.beginListing();
    const nodes = await others();
    const tables = await Promise.all(nodes.map((node) => redis.hgetall(KEYS.members(this.room, node))));
    const listed = new Set<PeerId>();
    tables.forEach((table, index) => {
      for (const [peer, claimed] of Object.entries(table) as [PeerId, string][]) {
        listed.add(peer);
        if (this.#presence.isNewer(peer)) continue;
        const [, claim = '0', name = ''] = /^(\d+) (.*)$/s.exec(claimed) ?? [];
        const presence = { node: nodes[index] ?? '', name, claim: Number(claim) };
        this.#apply(peer, name, this.#presence.heard(peer, presence));
      }
    });
    for (const peer of this.#presence.endListing(listed)) this.#listener.leftElsewhere(peer);
  }

  async #claim(peer: PeerId, name: string, claim: number | ''): Promise<void> {
    const { redis, node } = this.#context;
    try {
      const given = await redis.fcClaim(
        KEYS.claims,
        this.#membersKey,
        ...[peer, name, claim, MEMBERS_KEPT_MS, this.#channel, node],
      );
      this.#apply(peer, name, this.#presence.claimed(peer, name, given));
    } catch {
      // Repeated when Redis is back.
    }
  }

  #apply(peer: PeerId, name: string, change: PresenceChange): void {
    if (change === 'joined') this.#listener.joinedElsewhere({ peer, name });
    if (change !== 'moved-away') return;
    this.#context.redis.hdel(this.#membersKey, peer).catch(() => undefined);
    this.#listener.movedAway(peer);
  }
}
