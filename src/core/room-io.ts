// What goes into a room and what comes out of it. `room.handle(input, nowMs)` returns outputs;
// whoever called performs them, in order. No output is kept back for later collection.

import type { AuthorId, DialId, PeerId, RecordId } from '../protocol/ids.js';
import type { RefusalCode } from '../protocol/errors.js';
import type { Frame, IceServer, Place } from '../protocol/frames.js';
import type { OrganiserBody, RecordBody, RecordDraft, SealedBody, SignedRecord } from '../protocol/record.js';
import type { CreateBeside } from './beside.js';
import type { CrewChange } from './crew/crew-change.js';
import type { CreatePeers } from './peers.js';
import type { LinkTransport, MessageRoute, PeerChange, RouteDecision, RoutePreference } from './chat-view.js';
import type { PowerRules } from './device-governor.js';

/** The server's socket, or a peer link by the dial that made it. */
export type LinkId = 'server' | DialId;

/** Where this replica stands in the server's order. */
export interface ServerPosition {
  readonly epoch: string;
  /** Every offset up to here is accounted for. */
  readonly offset: number;
}

/** A record as a replica keeps it: what was signed, and what this device knows about it. */
export interface KeptRecord {
  readonly record: SignedRecord;
  readonly arrivedAtMs: number;
  readonly route: MessageRoute;
  readonly hops: number;
  /** Place in the server's order within `epoch`; null while the server is not known to hold it. */
  readonly offset: number | null;
  readonly epoch: string | null;
  /** The server's clock when it placed a record that came from the future (rule T3); null for all others. */
  readonly placedAtMs?: number | null;
  /** The server refused it for good, in these words. Only records written here. */
  readonly refusal?: string | undefined;
  readonly refusalCode?: RefusalCode | undefined;
}

export interface RoomSettings {
  readonly preferredRoute: RoutePreference;
  readonly mesh: 'auto' | 'manual' | 'off';
  /** Full-mesh size, this device included, 0–8. Undefined: the server's suggestion. */
  readonly maxPeers?: number | undefined;
  /** Milliseconds after joining. Undefined: the server's suggestion. */
  readonly autoUpgradeDelayMs?: number | undefined;
  /** Area of the venue, told to the server, so that members near serve each other first (rule C3). */
  readonly location?: string | undefined;
  /** The browser can open peer connections. */
  readonly canDial: boolean;
  /** What this device may spend on others (rule M11). Undefined: whatever the room needs. */
  readonly power?: PowerRules;
}

/** Places with the signature that makes them the server's, whoever brings them (rule C6). */
export interface Receipt {
  readonly serverKey: AuthorId;
  readonly epoch: string;
  readonly head: number;
  readonly places: readonly Place[];
  readonly proof: string;
}

export interface DeviceState {
  readonly isVisible: boolean;
  /** 0 to 1; null when the browser does not say. */
  readonly battery: number | null;
  readonly isCharging: boolean | null;
}

/** Everything that can happen to a room. */
export type RoomInput =
  /** At start, once: what the device kept of this room. */
  | { readonly type: 'restored'; readonly records: readonly KeptRecord[]; readonly position: ServerPosition | null }
  | { readonly type: 'configure'; readonly settings: RoomSettings }
  | { readonly type: 'rename'; readonly name: string }
  /** Somebody here wrote something; the returned `sign` output carries its id. In a crew room it is sealed already. */
  | { readonly type: 'write'; readonly body: RecordBody; readonly sealed?: SealedBody | undefined }
  | { readonly type: 'signed'; readonly record: SignedRecord }
  /** What is known of a crew room has changed; what to do about it is in the part that knows crews. */
  | { readonly type: 'crew'; readonly change: CrewChange }
  /** The `save` of an own record is complete: it is durable here and may be sent. */
  | { readonly type: 'saved'; readonly id: RecordId }
  /** Send again what the server refused. */
  | { readonly type: 'retry'; readonly id: RecordId }
  /** Forget what the server refused: it was written anew. */
  | { readonly type: 'discard'; readonly id: RecordId }
  /** The visitor changes a text that is not sent yet. */
  | { readonly type: 'typed' }
  /** Somebody reads back to before the oldest message here. */
  | { readonly type: 'read-back' }
  /** A socket opened and the server has welcomed it: the engine has sent `join`. */
  | { readonly type: 'server-opening' }
  /** The socket is gone, could not be opened, or was never there. */
  | { readonly type: 'server-down'; readonly reason?: 'server-unreachable' | 'no-network' | 'server-closing' }
  /** A peer link is open and its hello was verified. */
  | { readonly type: 'peer-up'; readonly dial: DialId; readonly peer: PeerId; readonly name: string }
  /** A dial failed or an open link ended. `isClean`: the other side said goodbye or closed. */
  | { readonly type: 'peer-down'; readonly dial: DialId; readonly isClean: boolean; readonly reason: string }
  /** Two devices have paired: a channel to this peer is open, and the dial that is asked for takes it over (rule Q6). */
  | { readonly type: 'paired'; readonly dial: DialId; readonly peer: PeerId }
  /** The visitor has compared keys with these authors, in this session or before. */
  | { readonly type: 'trust'; readonly authors: readonly AuthorId[] }
  /** The peer connection of `dial` has something for its other end. */
  | { readonly type: 'signal-made'; readonly dial: DialId; readonly data: string }
  | { readonly type: 'transport-measured'; readonly dial: DialId; readonly transport: LinkTransport }
  /** Bytes waiting in a peer link crossed the bound of rule C9, one way or the other. */
  | { readonly type: 'link-queued'; readonly dial: DialId; readonly bytes: number }
  /** What the device says of itself; at start it is taken for visible and unknown. */
  | { readonly type: 'device'; readonly device: DeviceState }
  /** What a room has beside its messages is loaded. */
  | { readonly type: 'beside-loaded'; readonly create: CreateBeside }
  /** The mesh is loaded (see `load-peers`). */
  | { readonly type: 'peers-loaded'; readonly create: CreatePeers }
  /** A decoded frame arrived. */
  | { readonly type: 'frame'; readonly link: LinkId; readonly frame: Frame }
  /** Something arrived that was no frame. */
  | { readonly type: 'bad-frame'; readonly link: LinkId }
  /** Answer to `verify`: those whose signature holds, in order. */
  | {
      readonly type: 'verified';
      readonly ticket: number;
      readonly records: readonly SignedRecord[];
      /** False when a receipt was to be checked and is not the server's. */
      readonly isReceiptGood: boolean;
    }
  /** The visitor asked for peer links now. */
  | { readonly type: 'upgrade' }
  /** The page leaves the room, or is about to go. */
  | { readonly type: 'leave'; readonly reason: string }
  /** Nothing but time has passed. */
  | { readonly type: 'wake' };

/** Everything a room can ask for. */
export type RoomOutput =
  | { readonly type: 'sign'; readonly draft: RecordDraft }
  /** Keep this record, replacing what is kept under its id. Own new records are answered by `saved`. */
  | { readonly type: 'save'; readonly kept: KeptRecord }
  | { readonly type: 'save-position'; readonly position: ServerPosition }
  | { readonly type: 'forget'; readonly ids: readonly RecordId[] }
  /** Check signatures; answer with `verified` and the same ticket. */
  | {
      readonly type: 'verify';
      readonly ticket: number;
      readonly records: readonly SignedRecord[];
      readonly receipt: Receipt | null;
    }
  /** Links are needed: load the part that has them, and answer with `peers-loaded`. Said once. */
  | { readonly type: 'load-peers' }
  /** The server's socket is dead, whatever its transport believes: close it and open another (rule S10). */
  | { readonly type: 'drop-server' }
  | { readonly type: 'send'; readonly link: LinkId; readonly frame: Frame }
  /** Open a peer connection. Signals of this dial go in by `signal`, come back by `signal-made`. */
  | {
      readonly type: 'dial';
      readonly dial: DialId;
      readonly peer: PeerId;
      readonly isInitiator: boolean;
      readonly iceServers: readonly IceServer[];
    }
  | { readonly type: 'signal'; readonly dial: DialId; readonly data: string }
  /** Close the peer connection of this dial. Nothing is reported back. */
  | { readonly type: 'hang-up'; readonly dial: DialId; readonly reason: string }
  | { readonly type: 'notify'; readonly event: RoomEvent };

/** What the page may want to know. */
export type RoomEvent =
  /** A message is new here, or its text, reactions, retraction or delivery changed. */
  | { readonly type: 'message-added'; readonly id: RecordId }
  | { readonly type: 'message-changed'; readonly id: RecordId }
  | { readonly type: 'delivery'; readonly id: RecordId }
  /** The organiser has said something that holds from now on (rules O2 to O6). */
  | { readonly type: 'moderation'; readonly action: OrganiserBody }
  | { readonly type: 'status' }
  | { readonly type: 'members' }
  | { readonly type: 'typing' }
  | { readonly type: 'route'; readonly decision: RouteDecision }
  | { readonly type: 'peer'; readonly change: PeerChange }
  /** An upgrade that was asked for has ended: every dial it began is up or has failed. */
  | { readonly type: 'upgrade-ended'; readonly connected: number; readonly attempted: number };
