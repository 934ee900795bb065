// Photos on bad networks, in real pages under a strict policy: from phone to phone without the server, from the server,
// on after a reload at both ends, and what is said when one cannot be sent.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Route } from 'playwright-core';
import { Festival } from '../support/festival.js';
import { TRACES, attach, phonePhoto, photoBytes } from '../support/phone-photo.js';
import { until } from '../support/until.js';
import { startBrowser } from '../support/visitor.js';
import type { Visitor } from '../support/visitor.js';

let browser: Browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

const PHOTOS = '**/photos/**';
/** Of what a page fetches, the part that comes before it is cut off. */
const CUT_BYTES = 20_000;

/** The whole picture stands on the canvas, not its thumbnail. */
function seesPhoto(visitor: Visitor): Promise<void> {
  return visitor.page.locator('fc-photo[data-whole]').waitFor();
}

test('[F2] [F6] [F7] [F9] a photo goes from phone to phone without the server, on to the server after a reload, to a newcomer in two parts, and away', () =>
  Festival.hold(browser, async (festival) => {
    const [ada, bob] = await festival.linked(['Ada', 'Bob'], async (context) => {
      await context.route(PHOTOS, (route) => route.abort());
    });
    if (ada === undefined || bob === undefined) throw new Error('two were asked for');
    const original = await phonePhoto(ada.page);
    assert.ok(original.includes('Exif') && original.includes('ZZGPSHERE'));
    await attach(ada.page, original, 'The hill');
    await bob.sees('The hill');
    await seesPhoto(bob);
    const sent = await photoBytes(bob.page);
    assert.deepEqual(sent, await photoBytes(ada.page));
    for (const trace of TRACES) assert.ok(!sent.includes(trace), trace);

    // By keyboard: large, and back where it came from.
    const photo = bob.page.locator('fc-photo');
    assert.equal(await photo.locator('canvas').getAttribute('aria-label'), 'The hill');
    await photo.locator('.open').press('Enter');
    await bob.page.locator('fc-photo-view[data-whole]').waitFor();
    await bob.page.keyboard.press('Escape');
    await bob.page.locator('fc-sheet').waitFor({ state: 'detached' });
    await bob.page.waitForFunction(() => {
      const list = document.querySelector('festival-chat')?.shadowRoot?.querySelector('fc-message-list');
      return list?.shadowRoot?.activeElement?.classList.contains('row') === true;
    });

    // The network lets one piece through and no more, until the page is opened again.
    const pieces: string[] = [];
    let isOpen = false;
    const context = ada.page.context();
    await context.unroute(PHOTOS);
    await context.route(PHOTOS, async (route: Route) => {
      const range = route.request().headers()['content-range'] ?? '';
      const isPiece = route.request().method() === 'PUT' && !range.includes('*');
      if (isPiece && !isOpen && pieces.length > 0) return route.abort();
      if (isPiece) pieces.push(range);
      return route.continue();
    });
    await until(() => pieces.length === 1);
    await ada.page.reload();
    isOpen = true;
    const through = Number(/-(\d+)\//.exec(pieces[0] ?? '')?.[1]);
    await until(() => pieces.some((range) => range.endsWith(`-${sent.length - 1}/${sent.length}`)));
    assert.ok(pieces[1]?.startsWith(`bytes ${through + 1}-`), `${pieces.join(', ')}: it goes on where it stood`);

    // A newcomer who saves data, has no links, and is cut off in the middle.
    const ranges: string[] = [];
    const rangesAfter: string[] = [];
    let isReloaded = false;
    const cleo = await festival.visit('mesh="off" power="saving" display-name="Cleo"', async (device) => {
      await device.route(PHOTOS, async (route: Route) => {
        const asked = route.request();
        if (asked.method() !== 'GET') return route.continue();
        (isReloaded ? rangesAfter : ranges).push(asked.headers()['range'] ?? '');
        if (isReloaded) return route.continue();
        if (ranges.length > 1) return route.abort();
        const answer = await route.fetch();
        const { 'content-length': _, ...headers } = answer.headers();
        return route.fulfill({ status: 206, headers, body: (await answer.body()).subarray(0, CUT_BYTES) });
      });
    });
    await cleo.page.locator('fc-photo', { hasText: 'Tap to load' }).waitFor();
    assert.deepEqual(ranges, [], 'nobody has asked for it');
    await cleo.page.locator('fc-photo .open').click();
    await cleo.page.locator('fc-photo', { hasText: 'Nobody who can be reached' }).waitFor();
    isReloaded = true;
    await cleo.page.reload();
    await cleo.page.locator('fc-photo', { hasText: 'Tap to load' }).waitFor();
    await cleo.page.locator('fc-photo .open').click();
    await seesPhoto(cleo);
    assert.equal(ranges[0], 'bytes=0-');
    assert.equal(rangesAfter[0], `bytes=${CUT_BYTES}-`);
    assert.deepEqual(await photoBytes(cleo.page), sent);

    // Taken back: gone from the devices, and from the server's disk.
    const folder = join(festival.server.data, 'photos');
    assert.equal(readdirSync(folder).length, 1);
    await ada.page.evaluate(async () => {
      const chat = document.querySelector('festival-chat');
      const message = chat?.messages.find(({ photo }) => photo !== undefined);
      if (message !== undefined) await chat?.retractMessage(message.id);
    });
    for (const visitor of [ada, bob, cleo]) await visitor.page.locator('fc-photo').waitFor({ state: 'detached' });
    await until(() => readdirSync(folder).length === 0);
  }));

test('[F8] what cannot be sent is said in words, and the organiser’s bound is told', () =>
  Festival.hold(
    browser,
    async (festival) => {
      const ada = await festival.visit('display-name="Ada"');
      await ada.reaches('online');
      const draft = ada.page.locator('fc-photo-draft');
      await attach(ada.page, Buffer.from('this is no picture'), '');
      await draft.locator('[role=alert]', { hasText: 'no picture' }).waitFor();
      await ada.page.keyboard.press('Escape');
      await draft.waitFor({ state: 'detached' });
      const photo = await phonePhoto(ada.page);
      await attach(ada.page, photo, 'One');
      await ada.ownAre('stored');
      await attach(ada.page, photo, 'Two');
      await ada.page.locator('fc-message-list .failed', { hasText: 'Too many photos' }).waitFor();
      assert.equal((await ada.messages()).at(-1)?.delivery.code, 'photo-limit');
    },
    { FESTIVAL_CHAT_PHOTOS_PER_HOUR: '1' },
  ));

test('[F8] where photos are off nobody is offered to send one', () =>
  Festival.hold(
    browser,
    async (festival) => {
      const ada = await festival.visit('display-name="Ada"');
      await ada.reaches('online');
      await ada.page.locator('fc-composer .emoji').waitFor();
      assert.equal(await ada.page.locator('fc-composer .attach').count(), 0);
    },
    { FESTIVAL_CHAT_PHOTOS_PER_HOUR: '0' },
  ));
