// A way to one peer, whatever carries it. The engine knows links only by this.

import type { LinkTransport } from '../core/chat-view.js';
import type { IceServer } from '../protocol/frames.js';

export interface PeerLinkEvents {
  /** Something for the other end, to be carried by signaling. */
  signal(data: string): void;
  /** The channel is open: text may be sent. */
  open(): void;
  text(text: string): void;
  /** The link has ended, once. `isClean`: it was open and closed in an ordinary way. */
  closed(isClean: boolean, reason: string): void;
}

export interface PeerLinkOptions {
  readonly isInitiator: boolean;
  readonly iceServers: readonly IceServer[];
  readonly scope: 'any' | 'local' | 'relay';
  /** Both ends offer, and each is given an answer made from a code (rule Q3). All candidates come with the offer. */
  readonly isPaired?: boolean;
  readonly events: PeerLinkEvents;
}

/** The second channel of a link, for the bytes of photos (rule F4). */
export interface BulkPort {
  /** False when it is not open. */
  send(bytes: Uint8Array<ArrayBuffer>): boolean;
  /** Bytes taken and not yet on their way. */
  queuedBytes(): number;
  /** Told of each message. What comes before it is set is dropped. */
  heard: (data: unknown) => void;
  /** Told when few bytes are waiting again. */
  drained: () => void;
  close(): void;
}

export interface PeerLinkPort {
  /** What the other end signalled. Ignored after the end. */
  signal(data: string): void;
  /** False when it could not be taken: not open, or too much is waiting. */
  send(text: string): boolean;
  /** Bytes taken and not yet on their way. */
  queuedBytes(): number;
  close(): void;
  /** Null before the link is open. */
  bulk(): BulkPort | null;
  /** What names the two ends of the encrypted channel; null before it is open (rule M2). */
  binding(): { readonly local: string; readonly remote: string } | null;
  /** The selected candidate pair and its bytes; null when the browser does not tell. */
  measure(): Promise<LinkTransport | null>;
}

export type OpenPeerLink = (options: PeerLinkOptions) => PeerLinkPort;
