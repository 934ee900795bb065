// A peer that lies on the wire: nobody shows it, it is counted, and the truth arrives another way.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PageServer } from '../support/page-server.js';
import { TestServer } from '../support/start-server.js';
import { Visitor, startBrowser } from '../support/visitor.js';

test('[R5] [P3] a record with a changed byte is refused by the peer, counted, and delivered by the server instead', async () => {
  const [browser, server] = await Promise.all([startBrowser(), TestServer.start()]);
  const pages = await PageServer.start(server.url);
  try {
    const address = (name: string): string =>
      `${pages.url}/?element=${encodeURIComponent(`mesh="manual" display-name="${name}"`)}`;
    const [ada, bob] = [
      await Visitor.open(await browser.newContext(), address('Ada')),
      await Visitor.open(await browser.newContext(), address('Bob')),
    ];
    await ada.reaches('online');
    await bob.reaches('online');
    await ada.page.waitForFunction(() => document.querySelector('festival-chat')?.status?.members === 2);
    await ada.upgrade();
    await bob.reaches('online', 1);
    await ada.page.evaluate(() => {
      const send = Reflect.get(RTCDataChannel.prototype, 'send') as (data: string) => void;
      RTCDataChannel.prototype.send = function (data: unknown) {
        const text = typeof data === 'string' ? data : new TextDecoder().decode(data as Uint8Array);
        send.call(this, text.replace('the truth', 'the trick'));
      };
    });
    await ada.write('the truth');
    await bob.sees('the truth');
    assert.deepEqual(await bob.texts(), ['the truth']);
    const { stats } = await bob.diagnostics();
    assert.ok(stats.rejected >= 1, 'the forgery was counted');
    assert.equal((await bob.messages())[0]?.path.route, 'websocket');
    assert.equal((await ada.diagnostics()).stats.fallbacks, 1);
    await ada.hadNoProblems();
    await bob.hadNoProblems();
  } finally {
    await browser.close();
    await pages.stop();
    await server.end();
  }
});
