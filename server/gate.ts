// Who may do what in a room: by join tokens where the server wants them (rule J7), and by the mesh's flags.

import type { FrameOf, MeshSettings } from '../src/protocol/frames.js';
import { authorOf } from '../src/protocol/ids.js';
import type { PeerId, RoomKey } from '../src/protocol/ids.js';
import type { WireRecord } from '../src/protocol/record.js';
import { meshSettingsFor } from './flags.js';
import type { Flags } from './flags.js';
import type { Grant, JoinTokens } from './join-tokens.js';

/** Timers end at 2^31 ms, 24 days; a socket that lives longer is asked to join again then. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** What holds until the socket leaves the room, or its token expires. */
interface Admitted {
  readonly peer: PeerId;
  readonly grant: Grant;
  readonly timer: NodeJS.Timeout;
}

/** A socket, as far as tokens go. */
interface Bearer {
  expired(room: RoomKey): void;
}

/** What everybody may do where no tokens are wanted. */
const EVERYTHING: Grant = { role: 'visitor', name: null, expiresAtMs: Infinity };

export class Gate {
  readonly #tokens: JoinTokens | null;
  readonly #flags: () => Flags;
  readonly #now: () => number;
  /** By room and peer: one device may have a token for each of its rooms. */
  readonly #grants = new Map<string, Grant>();
  readonly #admitted = new WeakMap<Bearer, Map<RoomKey, Admitted>>();

  /** @param tokens null: everybody may join */
  constructor(tokens: JoinTokens | null, flags: () => Flags, now: () => number) {
    this.#tokens = tokens;
    this.#flags = flags;
    this.#now = now;
  }

  /** Null when the join is not allowed. It counts once the device is `admitted`. */
  async grantFor(frame: FrameOf<'join'>): Promise<Grant | null> {
    return this.#tokens === null ? EVERYTHING : this.#tokens.grant(frame);
  }

  /** The device is a member now; what it was granted holds until `left`. */
  admitted(bearer: Bearer, room: RoomKey, peer: PeerId, grant: Grant): void {
    if (this.#tokens === null) return;
    this.left(bearer, room);
    this.#grants.set(grantKey(room, peer), grant);
    const lasts = Math.min(TIMER_MAX_MS, Math.max(0, grant.expiresAtMs - this.#now()));
    const timer = setTimeout(() => bearer.expired(room), lasts).unref();
    const rooms = this.#admitted.get(bearer) ?? new Map<RoomKey, Admitted>();
    this.#admitted.set(bearer, rooms.set(room, { peer, grant, timer }));
  }

  left(bearer: Bearer, room: RoomKey): void {
    const admitted = this.#admitted.get(bearer)?.get(room);
    if (admitted === undefined) return;
    clearTimeout(admitted.timer);
    this.#admitted.get(bearer)?.delete(room);
    const key = grantKey(room, admitted.peer);
    // The same peer may have come back on another socket, with a grant of its own.
    if (this.#grants.get(key) === admitted.grant) this.#grants.delete(key);
  }

  /** Null when the member may publish these. */
  refusesRecords(peer: PeerId, { room, records }: FrameOf<'records'>) {
    return refusedBy(this.#grants.get(grantKey(room, peer)), ownOf(peer, records));
  }

  /** Null when whoever has this token may hand these over without having joined (rule S15). */
  async refusesHandover(peer: PeerId, frame: FrameOf<'records' | 'have'>, token: string | undefined) {
    if (this.#tokens === null) return null;
    const { room } = frame;
    const records = frame.type === 'records' ? frame.records : [];
    const bearer = { room, peer, name: null, ...(token === undefined ? {} : { token }) };
    const grant = await this.#tokens.grant(bearer);
    return grant === null ? BAD_TOKEN : refusedBy(grant, ownOf(peer, records));
  }

  /** What a member may do with the mesh now. A reader could talk to peers past the server, so it gets none. */
  meshFor(room: RoomKey, peer: PeerId): MeshSettings {
    const settings = meshSettingsFor(this.#flags(), peer);
    const role = this.#grants.get(grantKey(room, peer))?.role;
    return role === 'reader' ? { ...settings, isEnabled: false } : settings;
  }

  mayMesh(room: RoomKey, peer: PeerId): boolean {
    return this.meshFor(room, peer).isEnabled;
  }
}

function grantKey(room: RoomKey, peer: PeerId): string {
  return `${room} ${peer}`;
}

/** Of whatever session: the author is proven. */
function ownOf(peer: PeerId, records: readonly WireRecord[]): WireRecord[] {
  return records.filter(([author]) => author === authorOf(peer));
}

function refusedBy(grant: Grant | undefined, own: readonly WireRecord[]) {
  if (grant?.role === 'reader') return READ_ONLY;
  const isUnderOtherName = own.some(
    ([, , , , body]) => body.kind === 'message' && body.name !== (grant?.name ?? body.name),
  );
  return isUnderOtherName ? OTHER_NAME : null;
}

/** One sentence for everything that can be wrong, so that nobody learns which rooms there are. */
export const BAD_TOKEN = {
  code: 'bad-token',
  words: 'The join token is missing, expired or not for this room.',
} as const;
const READ_ONLY = { code: 'read-only', words: 'The join token lets this device read only.' } as const;
const OTHER_NAME = {
  code: 'bad-token',
  words: 'The join token is for another name than the message carries.',
} as const;
