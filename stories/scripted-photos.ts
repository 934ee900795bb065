// Photos that follow a script: for stories and for tests of the elements. The picture is painted here.

import type { ChatMessage } from '../src/core/chat-view.js';
import { ChatError } from '../src/engine/chat-error.js';
import type { ChatErrorCode } from '../src/engine/chat-error.js';
import { drawAnew } from '../src/engine/photos/draw-anew.js';
import { PhotoChangeEvent } from '../src/engine/photos/photo-room.js';
import type { PhotoRoom, PhotoView, PreparedPhoto } from '../src/engine/photos/photo-room.js';
import type { Photo } from '../src/protocol/record.js';
import { own } from './scripted-chat.js';

export interface PhotoScript {
  /** How much of each is here. Default: all. */
  readonly view?: PhotoView;
  readonly savesData?: boolean;
  /** What a picture to be sent fails with. */
  readonly problem?: ChatErrorCode;
}

/** A sunset over a stage, 48 × 32 WebP: what a thumbnail of `painted` says. */
const THUMB =
  'UklGRqYCAABXRUJQVlA4WAoAAAAgAAAALwAAHwAASUNDUMgBAAAAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADZWUDgguAAAAFAGAJ0BKjAAIAA_EW6zUKwmJKKquA35gCIJaACpJ2v0sEtBZ756puLXy96XbtRTdBetuenR-N-u1wygAP7i1A4bPWv_WpzwmuIRvxXw_qcATqqsJeQVSMiQnFafs0rOFYONhY58UxTg4q6fT7sH99E5W7pkEwwPuA1isiO_vPPqMD7rWwb4T7d7CJSrPAS45qpC9rQ-7mEqbp_zeX52kIVkrNtID7G2uTAAV8AM10DfleTAQTASQAA';

export class ScriptedPhotos extends EventTarget implements PhotoRoom {
  readonly savesData: boolean;
  /** Every call a test may want to see. */
  readonly calls: string[] = [];
  readonly #script: PhotoScript;
  #view: PhotoView;

  constructor(script: PhotoScript) {
    super();
    this.#script = script;
    this.savesData = script.savesData ?? false;
    this.#view = script.view ?? { state: 'here', sending: null };
  }

  view(): PhotoView {
    return this.#view;
  }

  /** It got further, or less far. */
  change(view: PhotoView, { hash }: Photo): void {
    this.#view = view;
    this.dispatchEvent(new PhotoChangeEvent(hash));
  }

  load({ photo }: ChatMessage): void {
    this.calls.push('load');
    if (photo !== undefined && this.#view.state === 'absent') this.change({ state: 'here', sending: null }, photo);
  }

  stop(photo: Photo): void {
    this.calls.push('stop');
    this.change({ state: 'absent' }, photo);
  }

  blob({ width, height }: Photo): Promise<Blob> {
    return painted(width, height);
  }

  async prepare(file: Blob): Promise<PreparedPhoto> {
    const { problem } = this.#script;
    if (problem !== undefined) throw new ChatError(problem, 'as the script says', { isRetryable: false });
    return drawAnew(file, 512 * 1024);
  }

  send({ photo }: PreparedPhoto, text = ''): Promise<ChatMessage> {
    this.calls.push(`send ${text}`);
    return Promise.resolve({ ...own(text), photo });
  }
}

/** What the script's photos are. */
export const PHOTO: Photo = {
  hash: `${'p'.repeat(42)}A` as Photo['hash'],
  bytes: 184_320,
  width: 960,
  height: 640,
  type: 'image/webp',
  thumb: THUMB,
};

/** A sunset over a stage. */
export function painted(width = 960, height = 640): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser does not paint');
  const sky = context.createLinearGradient(0, 0, 0, height);
  for (const [at, colour] of [
    [0, '#27325f'],
    [0.55, '#c8516a'],
    [0.8, '#f4a261'],
  ] as const)
    sky.addColorStop(at, colour);
  context.fillStyle = sky;
  context.fillRect(0, 0, width, height);
  context.fillStyle = '#ffe3a3';
  context.beginPath();
  context.arc(width * 0.62, height * 0.62, height * 0.14, 0, 7);
  context.fill();
  context.fillStyle = '#14172b';
  context.fillRect(width * 0.1, height * 0.45, width * 0.35, height * 0.4);
  context.fillRect(0, height * 0.82, width, height * 0.18);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error('nothing was painted')) : resolve(blob)), 'image/webp');
  });
}
