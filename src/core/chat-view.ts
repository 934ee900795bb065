// What people and pages see of a room: plain data derived from the log, the links and the roster.
// These shapes are the public interface; the element and the stories program against them.

import type { AuthorId, DialId, PeerId, RecordId } from '../protocol/ids.js';
import type { RefusalCode } from '../protocol/errors.js';
import type { Photo } from '../protocol/record.js';
import type { Restriction } from './moderation.js';

export type { Restriction };

/** How a message travelled to this device. */
export type MessageRoute = 'websocket' | 'p2p' | 'history';
/** Which route is tried first. `auto` compares what was measured. */
export type RoutePreference = 'auto' | 'websocket' | 'p2p';

export interface ChatAuthor {
  /** The device's public key. */
  readonly id: AuthorId;
  readonly name: string;
  /** Four characters of the key: tells two people of one name apart. */
  readonly tag: string;
  /** This visitor has compared keys with the author in person. */
  readonly verified: boolean;
}

/**
 * How far a message really got. `queued`: in this device's outbox, transaction complete.
 * `sent`: at least one peer has acknowledged it. `stored`: on the server's disk.
 * `failed`: the server refused it for good; `reason` says why.
 */
export interface ChatDelivery {
  readonly state: 'queued' | 'sent' | 'stored' | 'failed';
  /** Peers that acknowledged it, counted once each. */
  readonly acknowledgedBy: number;
  /** Refused for now, and sent again by itself when it is due: `slow-mode`, as long as it waits for its turn. */
  readonly waitsFor?: 'slow-mode';
  /** Only with `failed`: the server's words. */
  readonly reason?: string;
  /** Only with `failed`: what the server called it; `muted` also without a server. */
  readonly code?: RefusalCode;
}

export interface ChatReaction {
  readonly emoji: string;
  readonly count: number;
  /** This visitor is among them. */
  readonly mine: boolean;
}

export interface ChatMessage {
  readonly id: RecordId;
  readonly room: string;
  /** An announcement is the organiser's: signed with the server's key, its author without a name. */
  readonly kind: 'message' | 'announcement';
  /** Empty when retracted or removed. */
  readonly text: string;
  readonly author: ChatAuthor;
  /** Milliseconds since 1970 by the author's corrected clock. */
  readonly sentAtMs: number;
  /** Milliseconds since 1970 when this device first had it. */
  readonly receivedAtMs: number;
  readonly mine: boolean;
  readonly replyTo?: RecordId;
  /** What is known of its photo without the picture itself; `text` is the caption then, and may be empty. */
  readonly photo?: Photo;
  readonly reactions: readonly ChatReaction[];
  readonly edited: boolean;
  readonly retracted: boolean;
  /** The organiser has removed it; all that is left is this trace. Null for all others. */
  readonly removed: { readonly reason: string | null } | null;
  readonly delivery: ChatDelivery;
  readonly path: {
    readonly route: MessageRoute;
    /** Devices between the author and this one; 0 when it came straight or from the server. */
    readonly hops: number;
  };
}

/** What the organiser has ordered, as far as it concerns this device. */
export interface ModerationView {
  /** Seconds between two messages; 0: no bound. */
  readonly slowSeconds: number;
  /**
   * Milliseconds until this visitor's next message may go, by the last one and by what the server refused; 0: now. While a
   * message waits for that (`delivery.waitsFor`), it is the one that goes.
   */
  readonly slowWaitMs: number;
  /** What is pinned and here, the latest first, at most three. */
  readonly pinned: readonly ChatMessage[];
  /**
   * Null when this visitor may write. `untilMs`: milliseconds since 1970 by the server's clock; `endsInMs`: from now.
   */
  readonly restriction: (Restriction & { readonly endsInMs: number }) | null;
}

export interface ChatMember {
  readonly id: PeerId;
  readonly author: ChatAuthor;
  readonly mine: boolean;
  /** A peer link to this member is up. */
  readonly isLinked: boolean;
}

/** Who writes just now, this visitor left out. */
export interface ChatTyping {
  /** The latest of them, at most three. */
  readonly members: readonly ChatMember[];
  readonly count: number;
}

/** Why the status is what it is. The element has a sentence for each. */
export type StatusReason =
  | 'starting'
  | 'joining'
  | 'connected'
  | 'server-unreachable'
  | 'no-network'
  | 'server-closing'
  | 'rate-limited'
  /** Online, but the server cannot write; own messages are passed on and wait to be stored. */
  | 'not-stored'
  /** Online; what is queued waits for its turn in a slow room. */
  | 'slow-mode'
  | 'room-full'
  | 'version-mismatch'
  | 'token-refused'
  | 'banned'
  | 'left';

/**
 * Whether the server keeps messages from before the oldest one here: `unknown` until the server was joined, `loading`
 * while they are on the way, `complete` when nothing earlier is kept, or this device has no room for more.
 */
export type HistoryState = 'unknown' | 'more' | 'loading' | 'complete';

export interface ChatStatus {
  readonly connection: 'connecting' | 'online' | 'mesh-only' | 'offline';
  /** Something written now reaches somebody: `online` or `mesh-only`. */
  readonly isConnected: boolean;
  readonly websocket: 'connecting' | 'connected' | 'disconnected';
  readonly mesh: 'off' | 'idle' | 'connecting' | 'connected';
  /** Peer links that are up. */
  readonly peers: number;
  /** People and tabs in the room as far as this device can tell, itself included. */
  readonly members: number;
  /** Own messages the server has not stored yet. */
  readonly queued: number;
  /** What is left to be read back, by `loadEarlier`. */
  readonly history: HistoryState;
  readonly reason: StatusReason;
}

/** Measured over a sliding window; null until something was measured. */
export interface RouteQuality {
  /** Median round trip, milliseconds. */
  readonly latencyMs: number | null;
  /** 95th percentile of the round trip, milliseconds. */
  readonly p95Ms: number | null;
  /** Acknowledged ÷ asked for, 0 to 1. */
  readonly reliability: number | null;
  readonly samples: number;
}

export interface ConnectionQuality {
  readonly webSocket: RouteQuality;
  readonly p2p: RouteQuality;
}

/** Counted since the client started. */
export interface ChatStats {
  readonly sent: number;
  readonly received: number;
  readonly viaWebSocket: number;
  readonly viaP2P: number;
  readonly duplicatesFiltered: number;
  /** Messages the server was asked to deliver because a peer did not acknowledge in time. */
  readonly fallbacks: number;
  readonly relayed: number;
  /** Records and frames refused: forged, malformed, oversize, of another room. */
  readonly rejected: number;
  /** Members who served this one in a crowd, passed nothing on, and were named to the server for it. */
  readonly silentParents: number;
}

export type BreakerState = 'closed' | 'open' | 'half-open';

export interface BreakerView {
  readonly state: BreakerState;
  /** Outcomes in the rolling window. */
  readonly outcomes: number;
  readonly failures: number;
  /** Until the next trial; 0 unless open. */
  readonly retryInMs: number;
}

/** One link to a peer, as measured. */
export interface LinkView {
  readonly dial: DialId;
  readonly peer: PeerId;
  readonly name: string;
  readonly state: 'dialing' | 'up' | 'suspect';
  readonly quality: RouteQuality;
  readonly breaker: BreakerView;
  /** Acknowledgements that did not come in time ÷ all, over the window; null until measured. */
  readonly loss: number | null;
  readonly upSinceMs: number | null;
  readonly connectMs: number | null;
  /** From the browser's statistics; null until they were read. */
  readonly transport: LinkTransport | null;
}

export interface LinkTransport {
  /** Type of the local candidate of the selected pair. */
  readonly localCandidate: 'host' | 'srflx' | 'prflx' | 'relay' | 'unknown';
  readonly remoteCandidate: 'host' | 'srflx' | 'prflx' | 'relay' | 'unknown';
  readonly protocol: 'udp' | 'tcp' | 'unknown';
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/** Why one message took the way it took. */
export interface RouteDecision {
  readonly id: RecordId;
  readonly atMs: number;
  readonly route: 'websocket' | 'p2p' | 'none';
  /** Peers it was pushed to. */
  readonly peers: number;
  readonly reason: RouteReason;
}

export type RouteReason =
  | 'peers-linked'
  | 'prefers-websocket'
  | 'prefers-p2p'
  | 'no-peer-link'
  | 'server-faster'
  | 'breaker-open'
  | 'server-down'
  | 'nobody-reachable';

/** A peer was linked, lost, or could not be reached. */
/** Causes of a `failed` peer by which a pairing says what went wrong. */
export type RefusedLink = 'no link is free' | 'the greeting is not the peer’s';

export interface PeerChange {
  readonly peer: PeerId;
  readonly name: string;
  readonly state: 'dialing' | 'linked' | 'lost' | 'failed';
  /** Plain cause, for the panel. */
  readonly reason: string;
}
