// One attempt of a pairing, from its channel to the two sides' agreement.

import type { DialId, PeerId } from '../../protocol/ids.js';
import type { PairingCode } from '../../protocol/pairing/pairing-code.js';
import type { PairedChannel } from './paired-channel.js';

/** Our end of one attempt: a channel and the code that leads to it. */
export interface Attempt {
  readonly channel: PairedChannel;
  readonly nonce: string;
  offer: string;
  ours: PairingCode | null;
  text: string;
  theirs: { readonly code: PairingCode; readonly text: string } | null;
  /** Who the other says it is, found to be true to its code. */
  met: { readonly peer: PeerId; readonly name: string; readonly digits: string; readonly dial: DialId } | null;
  isOpen: boolean;
  hasTheirAgreement: boolean;
}

/** Byte for byte. */
export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
