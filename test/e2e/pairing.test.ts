// No server at all: pages that open from the device, paired by a camera before the other's code and by copying, three and
// then six linked by introductions, a reload in between; then a server comes back and receives everything once.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import { FakeCamera } from '../support/fake-camera.js';
import { TestServer } from '../support/start-server.js';
import { until } from '../support/until.js';
import { Visitor, startBrowser } from '../support/visitor.js';

const cameras = [new FakeCamera(), new FakeCamera()] as const;
let browsers: readonly [Browser, Browser];
let server: TestServer;
before(async () => {
  [browsers, server] = await Promise.all([
    Promise.all([startBrowser(cameras[0].browserArgs), startBrowser(cameras[1].browserArgs)]),
    TestServer.start(),
  ]);
});
after(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  await server.end();
  for (const camera of cameras) camera.end();
});

const PERMISSIONS = ['camera', 'clipboard-read', 'clipboard-write', 'screen-wake-lock'];

/** Opens the page, and waits until it would open without a network. With a server, nobody is linked in this hour. */
async function visit(browser: Browser, name: string): Promise<Visitor> {
  const context = await browser.newContext({ permissions: PERMISSIONS });
  const visitor = await Visitor.open(context, `${server.url}/?name=${name}&delay=3600000`);
  await visitor.reaches('online');
  await until(() =>
    visitor.page.evaluate(async () => {
      const kept = await caches.match(location.href);
      return kept !== undefined && navigator.serviceWorker.controller !== null;
    }),
  );
  return visitor;
}

/** Opens the dialog and chooses how. Resolves with the dialog when it shows a code. */
async function beginPairing({ page }: Visitor, how: 'Use the camera' | 'Without a camera'): Promise<Locator> {
  await page.locator('festival-chat .members').click();
  await page.getByRole('button', { name: 'Link a device nearby' }).click();
  const dialog = page.locator('fc-pairing');
  await dialog.getByRole('button', { name: how }).click();
  await dialog.locator('.qr').waitFor();
  return dialog;
}

/** Both compare the digits and agree. */
async function agree(...dialogs: readonly [Locator, Locator]): Promise<void> {
  const [a, b] = await Promise.all(dialogs.map((dialog) => dialog.locator('.digits').innerText()));
  assert.match(a ?? '', /^\d{4}$/);
  assert.equal(a, b);
  for (const dialog of dialogs) await dialog.getByRole('button', { name: 'Yes, the same' }).click();
  for (const dialog of dialogs) {
    await dialog.getByText('Linked with').waitFor();
    await dialog.getByRole('button', { name: 'Done' }).click();
  }
}

/** Gives each the other's code by way of the clipboard. */
async function exchangeCodes(a: Locator, b: Locator): Promise<void> {
  const codes: string[] = [];
  for (const dialog of [a, b]) {
    await dialog.getByRole('button', { name: 'Copy your code' }).click();
    await dialog.getByText('Copied', { exact: true }).waitFor();
    codes.push(await dialog.page().evaluate(() => navigator.clipboard.readText()));
  }
  for (const [dialog, code] of [
    [a, codes[1]],
    [b, codes[0]],
  ] as const) {
    await dialog.getByLabel('The other device’s code').fill(code ?? '');
    await dialog.getByRole('button', { name: 'Link', exact: true }).click();
  }
}

const once = (texts: readonly string[]): string[] => [...texts].sort();

/** One pairing of two people without a camera. */
async function pairByText(a: Visitor, b: Visitor): Promise<void> {
  const dialogs = [await beginPairing(a, 'Without a camera'), await beginPairing(b, 'Without a camera')] as const;
  await exchangeCodes(...dialogs);
  await agree(...dialogs);
}

/** When this device had read the other's code, and when it showed the digits: then the channel is open. */
interface ScanTimes {
  readMs?: number;
  digitsMs?: number;
}

declare global {
  interface Window {
    scan: ScanTimes;
  }
}

/** Notes in the page when the dialog goes on. */
function timeScan(dialog: Locator): Promise<void> {
  return dialog.evaluate((element) => {
    window.scan = {};
    const root = element.shadowRoot as ShadowRoot;
    new MutationObserver(() => {
      if (root.textContent.includes('Now the other device has to read yours')) window.scan.readMs ??= performance.now();
      if (root.querySelector('.digits') !== null) window.scan.digitsMs ??= performance.now();
    }).observe(root, { subtree: true, childList: true, characterData: true });
  });
}

/** A page whose wake lock a test can look at. */
interface Watched {
  lock?: WakeLockSentinel;
}

/** Agrees to keep the screen on while the others need this device. */
async function keepScreenOn({ page }: Visitor): Promise<void> {
  await page.evaluate(() => {
    const request = navigator.wakeLock.request.bind(navigator.wakeLock);
    navigator.wakeLock.request = async (kind) => ((globalThis as Watched).lock = await request(kind));
  });
  await page.locator('festival-chat .members').click();
  await page.getByLabel('Keep the screen on').check();
  await page.getByRole('button', { name: 'Close', exact: true }).click();
}

function isScreenKeptOn({ page }: Visitor): Promise<boolean> {
  return page.evaluate(() => (globalThis as Watched).lock?.released === false);
}

test('[Q3] [Q7] [M9] with no server: pages open, two pair by camera, six are linked by five pairings, and later the server gets all of it once', async (t) => {
  const visits = ['Ada', 'Bob', 'Cleo', 'Dora', 'Emil', 'Fay'].map((name, index) =>
    visit(browsers[index % 2 ? 1 : 0], name),
  );
  const all = await Promise.all(visits);
  const [ada, bob, cleo, dora, emil, fay] = all as [Visitor, Visitor, Visitor, Visitor, Visitor, Visitor];
  const said = ['while there is a server', 'alone in the field', 'hello from Cleo'];
  await ada.write('while there is a server');
  await ada.ownAre('stored');
  for (const visitor of all) await visitor.sees('while there is a server');

  await server.stop('SIGKILL');
  for (const visitor of all) await visitor.page.reload();
  for (const visitor of all) {
    await visitor.sees('while there is a server');
    await visitor.reaches('offline');
  }
  await ada.write('alone in the field');

  const [ofAda, ofBob] = [await beginPairing(ada, 'Use the camera'), await beginPairing(bob, 'Use the camera')];
  await cameras[0].see(ofBob.locator('.qr'));
  await ofAda.getByText('Now the other device has to read yours').waitFor();
  await timeScan(ofBob);
  await cameras[1].see(ofAda.locator('.qr'));
  await agree(ofAda, ofBob);
  const { readMs = NaN, digitsMs = NaN } = await bob.page.evaluate(() => window.scan);
  t.diagnostic(`connected ${String(Math.round(digitsMs - readMs))} ms after the second scan`);
  await bob.sees('alone in the field');
  // Who has been met is marked, also on what was written before.
  await bob.page
    .locator('fc-message-list .row', { hasText: 'while there is a server' })
    .getByLabel('You have compared keys')
    .waitFor();
  await bob.reaches('mesh-only', 1);

  await pairByText(cleo, bob);
  await cleo.sees('alone in the field');
  // Bob introduces Ada, whom Cleo has not met: linked, and not marked.
  for (const visitor of [ada, cleo]) await visitor.reaches('mesh-only', 2);
  await cleo.write('hello from Cleo');
  for (const visitor of [ada, bob]) await visitor.sees('hello from Cleo');

  // Each of the others pairs with one, whoever that is, and is introduced to all.
  for (const [newcomer, member] of [
    [dora, cleo],
    [emil, ada],
    [fay, dora],
  ] as const) {
    await pairByText(newcomer, member);
  }
  for (const visitor of all) await visitor.reaches('mesh-only', 5);
  for (const [index, visitor] of all.entries()) {
    await visitor.write(`one of six, number ${index}`);
    said.push(`one of six, number ${index}`);
  }
  for (const visitor of all) for (const text of said) await visitor.sees(text);

  await keepScreenOn(fay);
  await until(() => isScreenKeptOn(fay));

  await ada.page.reload();
  await ada.sees('one of six, number 5');
  await ada.write('after a reload');
  said.push('after a reload');
  await pairByText(ada, cleo);
  for (const visitor of all) await visitor.sees('after a reload');

  await server.start();
  // Sooner than chance would have it.
  for (const { page } of all) await page.evaluate(() => document.querySelector('festival-chat')?.forceReconnect());
  for (const visitor of all) await visitor.reaches('online');
  await until(async () => !(await isScreenKeptOn(fay)));
  for (const visitor of all) {
    await visitor.ownAre('stored');
    assert.deepEqual(once(await visitor.texts()), once(said));
  }
  const late = await visit(browsers[1], 'Gus');
  await until(async () => (await late.texts()).length >= said.length);
  assert.deepEqual(once(await late.texts()), once(said));
  for (const visitor of [...all, late]) await visitor.hadNoProblems();
});
