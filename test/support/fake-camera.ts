// A camera in front of which a test holds pictures: a file that Chromium plays as its video, rewritten in place.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';

const WIDTH = 640;
const HEIGHT = 480;
/** Of the picture that is held up; the rest is a light wall. */
const SIZE = 400;
const GREY = 128;

export class FakeCamera {
  readonly #folder = mkdtempSync(join(tmpdir(), 'festival-chat-camera-'));
  readonly #file = join(this.#folder, 'seen.y4m');

  constructor() {
    writeFileSync(this.#file, '');
    this.#write(Buffer.alloc(WIDTH * HEIGHT, GREY));
  }

  /** What a browser is started with to have this camera. */
  get browserArgs(): readonly string[] {
    return ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${this.#file}`];
  }

  /** Holds up what is on another screen. */
  async see(shown: Locator): Promise<void> {
    const png = (await shown.screenshot()).toString('base64');
    const luma = await shown.page().evaluate(drawLuma, { png, width: WIDTH, height: HEIGHT, size: SIZE });
    this.#write(Buffer.from(luma, 'base64'));
  }

  end(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** One frame, always of the same length: the browser reads it again and again. */
  #write(luma: Buffer): void {
    const header = `YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\nFRAME\n`;
    const chroma = Buffer.alloc((WIDTH * HEIGHT) / 2, GREY);
    // Without making it shorter first: a browser that reads at that moment would find no camera.
    writeFileSync(this.#file, Buffer.concat([Buffer.from(header), luma, chroma]), { flag: 'r+' });
  }
}

/** Runs in a page: decodes the picture, puts it in the middle of a light field, and returns its brightness. */
async function drawLuma(picture: { png: string; width: number; height: number; size: number }): Promise<string> {
  const { png, width, height, size } = picture;
  const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (context === null) throw new Error('no canvas');
  context.fillStyle = '#ddd';
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, (width - size) / 2, (height - size) / 2, size, size);
  const { data } = context.getImageData(0, 0, width, height);
  let luma = '';
  for (let at = 0; at < data.length; at += 4) luma += String.fromCharCode(data[at] ?? 0);
  return btoa(luma);
}
