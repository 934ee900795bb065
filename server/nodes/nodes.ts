// What the nodes of one server tell each other about a room. A node is one process; alone, it has nobody to tell.

import type { FrameOf, Member } from '../../src/protocol/frames.js';
import type { PeerId, RoomKey } from '../../src/protocol/ids.js';

/** Records up to `head` are in the store; the last `count` of them were given by their publisher to `covered`. */
export interface Reached {
  readonly head: number;
  readonly count: number;
  readonly covered: readonly PeerId[];
}

/** A room's ears: what other nodes have to say. */
export interface RoomListener {
  /** Somebody is a member at another node, who was none before or had another name. */
  joinedElsewhere(member: Member): void;
  leftElsewhere(peer: PeerId): void;
  /** A member of this node has joined at another node since (rule J3). */
  movedAway(peer: PeerId): void;
  reached(news: Reached): void;
  /** A signal whose `peer` is the sender, for a member of this node. */
  signalled(to: PeerId, frame: FrameOf<'signal'>): void;
  toDeliver(frame: FrameOf<'deliver'>): void;
  /** What a member at another node says of its links. */
  reportedElsewhere(peer: PeerId, frame: FrameOf<'report'>): void;
  /** A member at another node is writing (rule W2). */
  typingElsewhere(peer: PeerId): void;
}

/** A room's line to its other nodes. Nothing said on it fails: what is lost is found by looking again. */
export interface RoomLine {
  /** Resolves when the members at other nodes are known, or cannot be known now. */
  readonly ready: Promise<void>;
  /** Members at other nodes. */
  readonly members: ReadonlyMap<PeerId, string>;
  /** A member of this node, from now on a member of no other. */
  joined(member: Member): void;
  left(peer: PeerId): void;
  reached(news: Reached): void;
  /** `frame.peer` is the sender; `to` is a member at another node. */
  signal(to: PeerId, frame: FrameOf<'signal'>): void;
  deliver(frame: FrameOf<'deliver'>): void;
  /** What a member here says of its links. */
  report(peer: PeerId, frame: FrameOf<'report'>): void;
  /** A member here is writing. */
  typing(peer: PeerId): void;
  close(): void;
}

export interface Nodes {
  open(): Promise<void>;
  line(room: RoomKey, listener: RoomListener): RoomLine;
  /** Rooms that are open at any node. @throws {Error} when that cannot be known now */
  rooms(): Promise<readonly RoomKey[]>;
  /** How many members at other nodes each of these rooms has; none where that cannot be known now. */
  count(rooms: readonly RoomKey[]): Promise<readonly number[]>;
  close(): Promise<void>;
}
