// What a picture's own bytes say of it, before any browser is asked to draw it: 4 MB of file can be a gigabyte of pixels.

import type { Photo } from '../record.js';

export interface PictureHeader {
  readonly type: Photo['type'];
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** Null when it is neither WebP nor JPEG, or says no size. */
export function readPictureHeader(bytes: Uint8Array): PictureHeader | null {
  return bytes[0] === 0xff && bytes[1] === 0xd8 ? readJpeg(bytes) : readWebp(bytes);
}

/** The segments up to the first frame header, which names the size. */
function readJpeg(bytes: Uint8Array): PictureHeader | null {
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1] ?? 0;
    // SOF0 to SOF15, without the tables and the extension that lie between them.
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { type: 'image/jpeg', height: big16(bytes, at + 5), width: big16(bytes, at + 7) };
    at += 2 + big16(bytes, at + 2);
  }
  return null;
}

function readWebp(bytes: Uint8Array): PictureHeader | null {
  if (bytes.length < 30 || text(bytes, 0) !== 'RIFF' || text(bytes, 8) !== 'WEBP') return null;
  const type = 'image/webp';
  switch (text(bytes, 12)) {
    case 'VP8 ':
      return { type, width: little(bytes, 26, 2) & 0x3fff, height: little(bytes, 28, 2) & 0x3fff };
    case 'VP8L': {
      const bits = little(bytes, 21, 4);
      return { type, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { type, width: little(bytes, 24, 3) + 1, height: little(bytes, 27, 3) + 1 };
    default:
      return null;
  }
}

function text(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

function big16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function little(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let index = count - 1; index >= 0; index -= 1) value = (value << 8) | (bytes[at + index] ?? 0);
  return value;
}
