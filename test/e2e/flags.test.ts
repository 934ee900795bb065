// What the operator changes at run time, as visitors at real pages see it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PageServer } from '../support/page-server.js';
import { TestServer } from '../support/start-server.js';
import { Visitor, startBrowser } from '../support/visitor.js';

test('[M10] the mesh goes off and on under linked pages, and a restart keeps it off', async () => {
  const browser = await startBrowser();
  const server = await TestServer.start();
  const pages = await PageServer.start(server.url);
  try {
    const visit = async (name: string): Promise<Visitor> => {
      const element = `auto-upgrade-delay="0" display-name="${name}"`;
      return Visitor.open(await browser.newContext(), `${pages.url}/?element=${encodeURIComponent(element)}`);
    };
    const [ada, bob] = [await visit('Ada'), await visit('Bob')];
    const are = async (isEnabled: boolean, peers: number): Promise<void> => {
      for (const { page } of [ada, bob]) {
        await page.waitForFunction(
          ([enabled, links]) => {
            const chat = document.querySelector('festival-chat');
            return chat?.meshEnabled === enabled && chat.status?.peers === links;
          },
          [isEnabled, peers] as const,
        );
      }
    };
    await are(true, 1);
    await server.admin('mesh', { enabled: false });
    await are(false, 0);
    await ada.write('over the server now');
    await bob.sees('over the server now');
    assert.equal((await bob.messages())[0]?.path.route, 'websocket');
    await server.stop('SIGTERM');
    await server.start();
    for (const visitor of [ada, bob]) await visitor.reaches('online');
    await are(false, 0);
    await server.admin('mesh', { enabled: true });
    await are(true, 1);
    await Promise.all([ada, bob].map((visitor) => visitor.hadNoProblems()));
  } finally {
    await browser.close();
    await pages.stop();
    await server.end();
  }
});
