// The demo page as its visitors get it: phone and desk, light and dark, with a strict policy; and pictures of it
// in test-results for people to look at.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { TestServer } from '../support/start-server.js';
import { Visitor, startBrowser } from '../support/visitor.js';

const AXE = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');

let browser: Browser;
let server: TestServer;
before(async () => {
  mkdirSync('test-results', { recursive: true });
  [browser, server] = await Promise.all([startBrowser(), TestServer.start()]);
  const context = await browser.newContext();
  const ada = await Visitor.open(context, `${server.url}/?name=Ada&mesh=off`);
  await ada.write('Anybody at the second tap? The queue here is long.');
  await ada.write('Marisol Vane was ten minutes early. Run! 🏃‍♀️');
  await ada.ownAre('stored');
  await context.close();
});
after(async () => {
  await browser.close();
  await server.end();
});

const SCREENS = [
  { name: 'phone', viewport: { width: 390, height: 844 } },
  { name: 'desktop', viewport: { width: 1280, height: 900 } },
] as const;

for (const { name, viewport } of SCREENS) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`the demo page on a ${name}, ${colorScheme}: chat works, nothing overflows, axe finds nothing`, async () => {
      const context = await browser.newContext({ viewport, colorScheme });
      const visitor = await Visitor.open(context, `${server.url}/?name=Bob&delay=0`);
      await visitor.reaches('online');
      await visitor.sees('Anybody at the second tap?');
      await visitor.write(`On my way, ${name} ${colorScheme}`);
      await visitor.ownAre('stored');
      // The build minifies templates: a drawing keeps its paths side by side.
      await visitor.page.locator('festival-chat .members svg > path').waitFor();
      const overflow = await visitor.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `the page is ${overflow} px wider than the screen`);
      await visitor.page.screenshot({ path: `test-results/demo-${name}-${colorScheme}.png`, fullPage: true });
      await visitor.page.locator('festival-chat').screenshot({ path: `test-results/chat-${name}-${colorScheme}.png` });
      // Through the debugging protocol, which the page's policy does not concern.
      await visitor.page.evaluate(AXE);
      const violations = await visitor.page.evaluate(async () => {
        const { axe } = globalThis as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        };
        const found = await axe.run();
        return found.violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html ?? ''}`);
      });
      assert.deepEqual(violations, []);
      await visitor.hadNoProblems();
      await context.close();
    });
  }
}

test('a stage in the address is the chat’s room', async () => {
  const context = await browser.newContext();
  const visitor = await Visitor.open(context, `${server.url}/?mesh=off#lighthouse`);
  await visitor.reaches('online');
  assert.equal(await visitor.page.locator('festival-chat').getAttribute('room'), 'lighthouse');
  assert.deepEqual(await visitor.texts(), []);
  await visitor.page.locator('a.stage[href="#main-stage"]').click();
  await visitor.sees('Anybody at the second tap?');
  await visitor.hadNoProblems();
  await context.close();
});

test('the mesh panel shows measured figures and links on demand', async () => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const visitor = await Visitor.open(context, `${server.url}/?debug&name=Bob&mesh=manual#campsite`);
  const other = await Visitor.open(await browser.newContext(), `${server.url}/?name=Cleo&mesh=manual#campsite`);
  await other.reaches('online');
  const panel = visitor.page.locator('fc-mesh-panel');
  await panel.getByText('No peer is linked.').waitFor();
  await visitor.page.waitForFunction(() => document.querySelector('festival-chat')?.status?.members === 2);
  await panel.getByRole('button', { name: 'Link to peers now' }).click();
  await panel.getByText('Linked to 1; 1 tried.').waitFor();
  await panel.getByText('host → host').waitFor();
  await visitor.write('a direct word');
  await panel.getByText('p2p to 1, because peers are linked').waitFor();
  await panel.getByLabel('websocket').check();
  await visitor.write('by the server now');
  await panel.getByText('websocket, because the server is preferred').waitFor();
  await visitor.page.screenshot({ path: 'test-results/panel-phone.png' });
  await visitor.hadNoProblems();
  await context.close();
});
