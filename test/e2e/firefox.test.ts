// The main flows between two engines: Chromium and Firefox, linked, each way, without the server, and over a reload; and
// photos between them.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import type { Browser as Firefox } from 'puppeteer-core';
import { Festival } from '../support/festival.js';
import { FirefoxVisitor, startFirefox } from '../support/firefox.js';
import { TRACES, attach, phonePhoto, photoBytes } from '../support/phone-photo.js';
import { startBrowser } from '../support/visitor.js';
import type { Visitor } from '../support/visitor.js';

let browsers: { readonly chromium: Browser; readonly firefox: Firefox };
before(async () => {
  browsers = { chromium: await startBrowser(), firefox: await startFirefox() };
});
after(() => Promise.all([browsers.chromium.close(), browsers.firefox.close()]));

/** Two people whose pages are linked, one in each browser. */
async function linked(festival: Festival): Promise<{ ada: Visitor; fox: FirefoxVisitor }> {
  const ada = await festival.visit('auto-upgrade-delay="0" display-name="Ada"');
  const fox = await FirefoxVisitor.open(
    browsers.firefox,
    festival.address('auto-upgrade-delay="0" display-name="Fox"'),
  );
  await ada.reaches('online', 1);
  await fox.reaches('online', 1);
  return { ada, fox };
}

test('Chromium and Firefox link, write to each other, go on without the server, and keep it all over a reload', () =>
  Festival.hold(browsers.chromium, async (festival) => {
    const { ada, fox } = await linked(festival);

    await ada.write('from Chromium');
    assert.deepEqual((await fox.has('from Chromium')).path, { route: 'p2p', hops: 0 });
    await fox.write('from Firefox');
    await ada.sees('from Firefox');
    const [, here] = await ada.messages();
    assert.deepEqual([here?.text, here?.path], ['from Firefox', { route: 'p2p', hops: 0 }]);
    await ada.ownAre('stored');
    await fox.ownAreStored();

    await festival.server.stop('SIGKILL');
    await ada.reaches('mesh-only', 1);
    await fox.reaches('mesh-only', 1);
    await ada.write('no server, from Chromium');
    await fox.has('no server, from Chromium');
    await fox.write('no server, from Firefox');
    await ada.sees('no server, from Firefox');

    await fox.page.reload();
    await fox.has('no server, from Firefox');
    await festival.server.start();
    await ada.ownAre('stored');
    await fox.ownAreStored();
    await fox.reaches('online', 1);
    const texts = ['from Chromium', 'from Firefox', 'no server, from Chromium', 'no server, from Firefox'];
    assert.deepEqual(await fox.texts(), texts);
    assert.deepEqual(await ada.texts(), texts);
  }));

test('[F2] [F6] photos between Chromium and Firefox without a server, each way, and without what the phone wrote into them', () =>
  Festival.hold(browsers.chromium, async (festival) => {
    const { ada, fox } = await linked(festival);
    await festival.server.stop('SIGKILL');
    await ada.reaches('mesh-only', 1);
    const photo = await phonePhoto(ada.page);
    await attach(ada.page, photo, 'from Chromium');
    await fox.seesPhoto();
    const folder = mkdtempSync(join(tmpdir(), 'festival-chat-phone-'));
    const file = join(folder, 'IMG_2041.jpg');
    writeFileSync(file, photo);
    try {
      await fox.attach(file, 'from Firefox');
      await ada.sees('from Firefox');
      await ada.page.locator('fc-photo[data-whole]').nth(1).waitFor();
    } finally {
      rmSync(folder, { recursive: true });
    }
    const drawn = await photoBytes(ada.page, 'from Firefox');
    assert.ok(photo.includes(TRACES[1]) && drawn.length > 0);
    for (const trace of TRACES) assert.ok(!drawn.includes(trace), trace);
  }));
