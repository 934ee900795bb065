// A photo as a phone makes it, how it is sent, and what a page has of it.

import type { Page } from 'playwright-core';

/** What the phone has written into its file, besides the picture. */
export const TRACES = ['Exif', 'ZZGPSHERE', 'http://ns.adobe.com/xap'] as const;

/** A photo as a phone makes it: larger than is sent, and with the place in its EXIF. */
export async function phonePhoto(page: Page): Promise<Buffer> {
  const plain = await page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    canvas.width = 2400;
    canvas.height = 1800;
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('this browser does not paint');
    for (let x = 0; x < 2400; x += 24) {
      for (let y = 0; y < 1800; y += 24) {
        context.fillStyle = `hsl(${(x * 7 + y * 13) % 360} 70% ${30 + ((x * 31 + y * 17) % 40)}%)`;
        context.fillRect(x, y, 24, 24);
      }
    }
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.9));
    return [...new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0))];
  });
  // TIFF, little endian: one entry that leads to the GPS directory, which says 52° north.
  const exif = Buffer.from(
    '45786966000049492a000800000001002588040001000000' +
      '1a00000000000000' +
      '0200010002000200' +
      '00004e000000020005000300000038000000000000003400000001000000000000000100000000000000010000005a5a47505348455245',
    'hex',
  );
  const segment = Buffer.concat([Buffer.from([0xff, 0xe1, 0, exif.length + 2]), exif]);
  const photo = Buffer.from(plain);
  return Buffer.concat([photo.subarray(0, 2), segment, photo.subarray(2)]);
}

/** As a person does: chooses a file, writes a caption, sends. */
export async function attach(page: Page, buffer: Buffer, caption: string, mimeType = 'image/jpeg'): Promise<void> {
  const file = { name: 'IMG_2041.jpg', mimeType, buffer };
  await page.locator('fc-composer input[type=file]').setInputFiles(file);
  if (caption === '') return;
  const draft = page.locator('fc-photo-draft');
  await draft.locator('input').fill(caption);
  await draft.locator('button[type=submit]').click();
  await draft.waitFor({ state: 'detached' });
}

/** The bytes a page has of the photo with this caption; without one, of its only photo. */
export async function photoBytes(page: Page, caption?: string): Promise<Buffer> {
  const bytes = await page.evaluate(async (wanted) => {
    const chat = document.querySelector('festival-chat')?.client;
    const photo = chat?.messages.find(
      ({ photo, text }) => photo !== undefined && (wanted === undefined || text === wanted),
    )?.photo;
    if (!chat || photo === undefined) throw new Error('no photo');
    return [...new Uint8Array(await (await (await chat.photos()).blob(photo)).arrayBuffer())];
  }, caption);
  return Buffer.from(bytes);
}
