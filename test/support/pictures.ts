// Pictures for tests, made byte by byte: as much of one as those need who look at its header.

import { createHash } from 'node:crypto';
import type { Photo } from '../../src/protocol/record.js';

/** A JPEG of this size by its header, and of this many bytes. What follows the header is noise. */
export function jpeg(width: number, height: number, bytes = 40_000, fill = 7): Uint8Array<ArrayBuffer> {
  const picture = new Uint8Array(bytes).fill(fill);
  picture.set([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8]);
  picture.set([height >> 8, height & 255, width >> 8, width & 255, 1], 13);
  return picture;
}

export function photoOf(picture: Uint8Array, width = 64, height = 48): Photo {
  const hash = createHash('sha256').update(picture).digest('base64url') as Photo['hash'];
  return { hash, bytes: picture.length, width, height, type: 'image/jpeg', thumb: 'aGVsbG8' };
}
