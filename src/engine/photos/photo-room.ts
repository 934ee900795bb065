// What a room's photos can be asked and what they tell. The element, the stories' script and the real part meet here.

import type { ChatMessage } from '../../core/chat-view.js';
import type { Photo } from '../../protocol/record.js';
import type { SendOptions } from '../chat.js';

/** How much of a photo is on this device. */
export type PhotoView =
  /** Nobody has asked for it. */
  | { readonly state: 'absent' }
  /** It is being fetched; `share` of its bytes are here, 0 to 1. */
  | { readonly state: 'loading'; readonly share: number }
  /** Nobody who can be reached has it now; it is asked for again by itself. */
  | { readonly state: 'waiting'; readonly share: number }
  /** All of it. `sending`: the share that the server has, while it is being handed in; null when it is not. */
  | { readonly state: 'here'; readonly sending: number | null };

/** A picture as it will be sent: drawn anew on this device, so nothing but pixels is left of the file. */
export interface PreparedPhoto {
  readonly photo: Photo;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A photo got further, or less far. */
export class PhotoChangeEvent extends Event {
  static readonly type = 'photo-change';
  constructor(readonly hash: Photo['hash']) {
    super(PhotoChangeEvent.type);
  }
}

export interface PhotoRoom extends EventTarget {
  /** The device spares its battery or its data: photos are fetched when somebody asks for them. */
  readonly savesData: boolean;
  view(photo: Photo): PhotoView;
  /** Fetches it, from peers first, and goes on after interruptions until it is here or `stop` is said. */
  load(message: ChatMessage): void;
  /** Fetches it no further for now; what is here stays. */
  stop(photo: Photo): void;
  /** @throws {ChatError} `no-such-message` when it is not here, or not any more */
  blob(photo: Photo): Promise<Blob>;
  /**
   * Draws a picture anew, at most 1600 pixels a side, and small enough for the organiser.
   * @throws {ChatError} `not-a-picture`, `photo-too-large`, `photos-off`
   */
  prepare(file: Blob): Promise<PreparedPhoto>;
  /**
   * Resolves when message and picture are durable on this device; delivery goes on in the background.
   * @param text the caption. Default: none
   * @throws {ChatError} `no-name`, `outbox-full`, `no-space`, `closed`
   * @throws {RangeError} when the caption is over 4,000 bytes
   */
  send(prepared: PreparedPhoto, text?: string, options?: SendOptions): Promise<ChatMessage>;
}
