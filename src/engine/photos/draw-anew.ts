// From a file to what is sent: decoded, drawn and encoded anew, so that of the file nothing but pixels is left (rule F2).

import type { Photo } from '../../protocol/record.js';
import { LIMITS } from '../../protocol/limits.js';
import { hashText } from '../../protocol/photos/bulk-message.js';
import { PHOTO_LIMITS } from '../../protocol/photos/photo-limits.js';
import { toBase64Url } from '../base64url.js';
import { ChatError } from '../chat-error.js';
import { sha256 } from '../pairing/sha256.js';
import type { PreparedPhoto } from './photo-room.js';

/** Longest side in pixels and quality, from the best on: the first that is small enough is taken. */
const ATTEMPTS: readonly (readonly [side: number, quality: number])[] = [
  [1_600, 0.8],
  [1_600, 0.6],
  [1_200, 0.6],
  [800, 0.5],
  [480, 0.4],
  [320, 0.3],
];
const THUMB_ATTEMPTS: readonly (readonly [side: number, quality: number])[] = [
  [PHOTO_LIMITS.thumbSideMax, 0.4],
  [48, 0.3],
  [32, 0.2],
  [24, 0.1],
];
/** WebP is a third smaller; Safari writes none and answers with PNG instead. */
const TYPES: readonly Photo['type'][] = ['image/webp', 'image/jpeg'];
/** Letters of base64 carry 6 bits. */
const THUMB_BYTES_MAX = Math.floor((LIMITS.thumbLengthMax * 3) / 4);

/** @throws {ChatError} `not-a-picture`, `photo-too-large` */
export async function drawAnew(file: Blob, bytesMax: number): Promise<PreparedPhoto> {
  const picture = await createImageBitmap(file).catch((cause: unknown) => {
    throw new ChatError('not-a-picture', 'This file is no picture that this browser can read.', {
      isRetryable: false,
      cause,
    });
  });
  try {
    const whole = await smallEnough(picture, ATTEMPTS, bytesMax);
    const thumb = await smallEnough(picture, THUMB_ATTEMPTS, THUMB_BYTES_MAX);
    const bytes = new Uint8Array(await whole.blob.arrayBuffer());
    const photo: Photo = {
      hash: hashText(await sha256(bytes)),
      bytes: bytes.length,
      width: whole.width,
      height: whole.height,
      type: whole.type,
      thumb: toBase64Url(new Uint8Array(await thumb.blob.arrayBuffer())),
    };
    return { photo, bytes };
  } finally {
    picture.close();
  }
}

interface Drawn {
  readonly blob: Blob;
  readonly type: Photo['type'];
  readonly width: number;
  readonly height: number;
}

async function smallEnough(picture: ImageBitmap, attempts: typeof ATTEMPTS, bytesMax: number): Promise<Drawn> {
  for (const [side, quality] of attempts) {
    const drawn = await draw(picture, side, quality);
    if (drawn !== null && drawn.blob.size <= bytesMax) return drawn;
  }
  throw new ChatError('photo-too-large', 'This picture cannot be made small enough.', { isRetryable: false });
}

async function draw(picture: ImageBitmap, side: number, quality: number): Promise<Drawn | null> {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext('2d');
  if (context === null) return null;
  // JPEG knows no transparency, and would make it black.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  for (const type of TYPES) {
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality));
    if (blob?.type === type) return { blob, type, width: canvas.width, height: canvas.height };
  }
  return null;
}
