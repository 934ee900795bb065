// Who is in a room, here and at other nodes, and who is told of it (rules J3, J4, J6).

import type { Frame, Member } from '../src/protocol/frames.js';
import type { PeerId, RoomKey } from '../src/protocol/ids.js';
import type { Refusal } from './moderation/room-moderation.js';
import type { RoomLine } from './nodes/nodes.js';
import { Presence } from './presence.js';

/** Whoever is told something. */
export interface Listener {
  send(frame: Frame): void;
}

/** A socket as a room sees it. */
export interface Connection extends Listener {
  /** Names the public address, the same for all behind it (see address.ts). */
  readonly network: string;
  /** The same peer has come back on another socket. */
  replaced(room: RoomKey): void;
  /** The organiser has banned the member: it is told why and leaves. */
  shownOut(room: RoomKey, refusal: Refusal): void;
}

interface RoomMember {
  readonly name: string;
  readonly connection: Connection;
}

export class RoomMembers {
  readonly #room: RoomKey;
  readonly #line: RoomLine;
  readonly #here = new Map<PeerId, RoomMember>();
  readonly #presence: Presence;

  /** @param thinnedOut called when the members of a crowd that is none any more are to be told all names */
  constructor(room: RoomKey, line: RoomLine, thinnedOut: () => void) {
    this.#room = room;
    this.#line = line;
    this.#presence = new Presence(this.#here, thinnedOut);
  }

  /** Members on sockets of this node. */
  get hereCount(): number {
    return this.#here.size;
  }

  get count(): number {
    return this.#here.size + this.#line.members.size;
  }

  /** The socket of a member of this node. */
  connection(peer: PeerId): Connection | undefined {
    return this.#here.get(peer)?.connection;
  }

  /** A member of this node by its name. */
  member(peer: PeerId): Member | undefined {
    const name = this.#here.get(peer)?.name;
    return name === undefined ? undefined : { peer, name };
  }

  isElsewhere(peer: PeerId): boolean {
    return this.#line.members.has(peer);
  }

  *here(): Iterable<readonly [PeerId, Connection]> {
    for (const [peer, { connection }] of this.#here) yield [peer, connection];
  }

  /** At most so many of them; `count` is the whole number. */
  list(most = Infinity): Member[] {
    const members: Member[] = [];
    for (const [peer, { name }] of this.#here) {
      if (members.length >= most) return members;
      members.push({ peer, name });
    }
    for (const [peer, name] of this.#line.members) {
      if (members.length >= most) return members;
      members.push({ peer, name });
    }
    return members;
  }

  /** The others are told unless they know it: a member who comes back on another socket has not been away. */
  join({ peer, name }: Member, connection: Connection): void {
    const before = this.#here.get(peer);
    const nameBefore = before?.name ?? this.#line.members.get(peer);
    if (before !== undefined && before.connection !== connection) before.connection.replaced(this.#room);
    this.#here.set(peer, { name, connection });
    this.#line.joined({ peer, name });
    if (nameBefore !== name) this.tellJoined({ peer, name });
  }

  leave(peer: PeerId, connection: Connection): boolean {
    if (this.#here.get(peer)?.connection !== connection) return false;
    this.#here.delete(peer);
    this.#line.left(peer);
    this.tellLeft(peer);
    return true;
  }

  movedAway(peer: PeerId): void {
    this.#here.get(peer)?.connection.replaced(this.#room);
    this.#here.delete(peer);
  }

  tellJoined(member: Member): void {
    this.#presence.changed({ type: 'member-joined', room: this.#room, member, memberCount: this.count });
  }

  tellLeft(peer: PeerId): void {
    this.#presence.changed({ type: 'member-left', room: this.#room, peer, memberCount: this.count });
  }

  close(): void {
    this.#presence.close();
  }
}
