// What happens on this server, as its parts tell it to whoever counts. Never what people write.

import type { RefusalCode } from '../src/protocol/errors.js';
import type { PeerId, RoomKey } from '../src/protocol/ids.js';
import type { Flags } from './flags.js';

/** Why a socket was turned away before anything was allocated for it. */
export const TURNED_AWAY = ['origin', 'address', 'busy', 'full', 'draining'] as const;
export type TurnedAway = (typeof TURNED_AWAY)[number];

/** Why a socket ended. `gone`: it closed, or fell silent. */
export const SOCKET_ENDS = ['gone', 'slow', 'flooding', 'hostile', 'draining'] as const;
export type SocketEnd = (typeof SOCKET_ENDS)[number];

export type ServerEvent =
  | { readonly type: 'socket-turned-away'; readonly why: TurnedAway }
  | { readonly type: 'socket-opened' }
  | { readonly type: 'socket-closed'; readonly why: SocketEnd }
  | { readonly type: 'member-joined'; readonly room: RoomKey; readonly peer: PeerId; readonly name: string }
  | { readonly type: 'member-left'; readonly room: RoomKey; readonly peer: PeerId }
  /** Records were acknowledged as stored, `tookMs` after the server had verified them. */
  | { readonly type: 'stored'; readonly records: number; readonly tookMs: number }
  /** Frames or records were refused. */
  | { readonly type: 'refused'; readonly code: RefusalCode; readonly count: number }
  | { readonly type: 'signal-relayed' }
  /** A client says how long a round trip over one of its peer links takes. */
  | { readonly type: 'link-measured'; readonly rttMs: number }
  /** A client says how long a round trip to this server takes. */
  | { readonly type: 'server-measured'; readonly rttMs: number }
  /** An address gave so many wrong administrators' tokens that it is not listened to for a while. */
  | { readonly type: 'administration-locked' }
  | { readonly type: 'flags-changed'; readonly flags: Flags }
  | { readonly type: 'listening' }
  | { readonly type: 'draining'; readonly sockets: number };

export type Tell = (event: ServerEvent) => void;
