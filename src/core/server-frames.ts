// What the server says to this device in its room, each to the part that it concerns.

import type { Frame } from '../protocol/frames.js';
import type { RoomKey } from '../protocol/ids.js';
import type { Arrivals } from './arrivals.js';
import type { Beside } from './beside.js';
import type { ClockOffset } from './clock-offset.js';
import type { Counters } from './counters.js';
import type { Peers } from './peers.js';
import type { Replica } from './replica.js';
import type { RoomOutput } from './room-io.js';
import type { Roster } from './roster.js';
import type { ServerDoor } from './server-door.js';
import type { ServerReplication } from './server-replication.js';

export interface ServerFrameParts {
  readonly room: RoomKey;
  readonly door: ServerDoor;
  readonly roster: Roster;
  readonly replica: Replica;
  readonly server: ServerReplication;
  readonly arrivals: Arrivals;
  readonly offset: ClockOffset;
  readonly counters: Counters;
  readonly peers: () => Peers;
  /** Null until it is loaded. */
  readonly beside: () => Beside | null;
}

export function serverFrame(parts: ServerFrameParts, frame: Frame, nowMs: number): RoomOutput[] {
  const { room, door, roster, replica, server, arrivals, offset, counters, peers, beside } = parts;
  switch (frame.type) {
    case 'joined': {
      door.joined(frame.floor);
      roster.joined(frame.members, frame.memberCount);
      const { serverKey } = frame;
      const organised = serverKey === undefined ? [] : replica.organisedBy(serverKey);
      const outputs = [...organised, ...server.joined(frame, nowMs)];
      beside()?.earlier.joined(frame.floor);
      return [...outputs, ...peers().fromServer(frame, nowMs)];
    }
    case 'member-joined':
      roster.memberJoined(frame.member, frame.memberCount);
      return [];
    case 'member-left':
      roster.memberLeft(frame.peer, frame.memberCount);
      return [];
    case 'mesh-changed':
    case 'role':
    case 'signal':
      return peers().fromServer(frame, nowMs);
    case 'typing':
      beside()?.typing.served(frame, nowMs);
      return [];
    case 'records':
      return arrivals.records({ link: 'server', from: null }, frame, { places: frame.places, receipt: null }, nowMs);
    case 'placed':
      return [
        ...server.placed(
          frame.epoch,
          frame.places.map(([id, place, tag, placedAtMs]) => [id, { offset: place, tag, placedAtMs }]),
          frame.head,
          true,
          nowMs,
        ),
        ...peers().passReceipt(frame),
      ];
    case 'want':
      return replica.give(room, 'server', frame.ids);
    case 'pong':
      if (frame.memberCount !== undefined) roster.counted(frame.memberCount);
      server.pong(frame, nowMs);
      return [];
    case 'refused':
      door.refused(frame, offset.correct(nowMs), nowMs);
      return server.refused(frame, nowMs);
    case 'complained':
      return [];
    default:
      counters.rejected += 1;
      return [];
  }
}
