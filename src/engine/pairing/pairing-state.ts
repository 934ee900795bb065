// What a pairing is doing, and what it can be told. The dialog shows it; stories and tests script it.

import type { AuthorId } from '../../protocol/ids.js';

/** Why what was read is not used. */
export type CodeProblem =
  'not-a-code' | 'other-version' | 'damaged' | 'other-room' | 'old-code' | 'own-code' | 'used-code';

/**
 * Why a code is shown anew, or is shown still. `no-answer`: nobody was there for a code that was read: it is old, or the
 * network keeps devices apart. `isolated`: that happened again.
 */
export type PairingNote = CodeProblem | 'renewed' | 'no-answer' | 'isolated';

/**
 * Why the pairing has ended without a link. `no-network`: the device has no address. `not-theirs`: the other end is not
 * the device whose code was read. `no-link-free`: this device has as many links as it keeps. `lost`: the other side closed,
 * or went out of reach.
 */
export type PairingFailure =
  'no-webrtc' | 'mesh-off' | 'no-network' | 'not-theirs' | 'no-link-free' | 'digits-differ' | 'lost';

export type PairingState =
  | { readonly step: 'preparing' }
  /** Our code is to be read by the other device, and the other's by us. */
  | { readonly step: 'showing'; readonly code: string; readonly note: PairingNote | null }
  /** The other's code was read; ours is still to be. */
  | { readonly step: 'linking'; readonly code: string }
  /** Do both devices show these digits? `hasAgreed`: our person has said so, and the other's is waited for. */
  | { readonly step: 'comparing'; readonly digits: string; readonly name: string; readonly hasAgreed: boolean }
  | { readonly step: 'paired'; readonly name: string; readonly author: AuthorId }
  | { readonly step: 'failed'; readonly reason: PairingFailure };

/** Dispatches `change` when its state has changed. */
export interface Pairing extends EventTarget {
  readonly state: PairingState;
  /** What a camera saw or somebody pasted. Without effect unless a code is awaited. */
  read(text: string): void;
  /** Both devices show the same digits. */
  agree(): void;
  /** They do not: ends it, here and there. */
  refuse(): void;
  /** After a failure: from the start. */
  again(): void;
  /** Closes what is open, but for a link that has been made. Nothing changes any more. */
  end(): void;
}
