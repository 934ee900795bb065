// Pictures on a canvas: nothing a page's policy would have to allow, no address, no inline data.

import { fromBase64Url } from '../../engine/base64url.js';
import { PHOTO_LIMITS } from '../../protocol/photos/photo-limits.js';
import { readPictureHeader } from '../../protocol/photos/picture-header.js';
import type { Photo } from '../../protocol/record.js';

/** Pixels of the canvas of a photo whose longer side is at most this. */
export function sizeWithin(
  { width, height }: Photo,
  sideMax: number,
): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, sideMax / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** False when it cannot be drawn. */
export async function draw(canvas: HTMLCanvasElement, blob: Blob): Promise<boolean> {
  const { width: resizeWidth, height: resizeHeight } = canvas;
  const options = { resizeWidth, resizeHeight, resizeQuality: 'high' } as const;
  const picture = await createImageBitmap(blob, options).catch(() => null);
  if (picture === null) return false;
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return true;
}

/** A thumbnail that says it is larger than one is not decoded (rule F3). */
export async function drawThumb(canvas: HTMLCanvasElement, { thumb }: Photo): Promise<boolean> {
  const bytes = bytesOf(thumb);
  const header = bytes === null ? null : readPictureHeader(bytes);
  if (bytes === null || header === null || Math.max(header.width, header.height) > PHOTO_LIMITS.thumbSideMax)
    return false;
  return draw(canvas, new Blob([bytes], { type: header.type }));
}

/** Null when it is no base64: a writer may put any letters there. */
function bytesOf(thumb: string): Uint8Array<ArrayBuffer> | null {
  try {
    return fromBase64Url(thumb);
  } catch {
    return null;
  }
}
