// A private room in real pages: by invite link, over the server and over the mesh, through a reload and a removal. What the
// server is told and keeps is listened to and read all along.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, Locator } from 'playwright-core';
import { inviteTo } from '../../src/engine/crew/invites.js';
import { newSecret } from '../../src/engine/crew/sealing.js';
import { readInvite } from '../../src/protocol/crew/crew-invite.js';
import { damaged } from '../support/damaged.js';
import { Festival } from '../support/festival.js';
import { until } from '../support/until.js';
import { startBrowser } from '../support/visitor.js';
import type { Visitor } from '../support/visitor.js';

let browser: Browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

/** Everything that leaves a device for the network, links between devices left out: addresses, bodies, frames. */
class Listener {
  #heard = '';

  readonly on = (context: BrowserContext): Promise<void> => {
    context.on('request', (request) => (this.#heard += `${request.url()} ${request.postData() ?? ''}\n`));
    context.on('page', (page) => {
      page.on('websocket', (socket) => {
        socket.on('framesent', ({ payload }) => (this.#heard += `${payload.toString()}\n`));
        socket.on('framereceived', ({ payload }) => (this.#heard += `${payload.toString()}\n`));
      });
    });
    return Promise.resolve();
  };

  get heard(): string {
    return this.#heard;
  }
}

const mark = ({ page }: Visitor): Locator => page.locator('festival-chat fc-crew-mark button');
const sheet = ({ page }: Visitor): Locator => page.locator('festival-chat fc-crew');
const close = ({ page }: Visitor): Promise<void> =>
  page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();

/** Opens the sheet and reads the link in it. */
async function linkOf(visitor: Visitor): Promise<string> {
  await mark(visitor).click();
  const link = await sheet(visitor).getByLabel('The invite link').inputValue();
  await close(visitor);
  return link;
}

/** Once in the room: in the open one before it a name would be everybody's. */
async function call({ page }: Visitor, name: string): Promise<void> {
  await page.locator('festival-chat').evaluate((chat, given) => chat.setAttribute('display-name', given), name);
}

test('[K2] [K3] two pages by an invite chat over the server and over the mesh, and the server never sees the text, the names or the key', () =>
  Festival.hold(browser, async (festival) => {
    const { server } = festival;
    const listener = new Listener();
    const ada = await festival.visit('auto-upgrade-delay="0"', listener.on);
    await ada.reaches('online');
    await ada.page.locator('festival-chat .members').click();
    await ada.page.getByRole('button', { name: 'Private rooms' }).click();
    await sheet(ada).getByRole('button', { name: 'Make a private room' }).click();
    await mark(ada).filter({ hasText: 'Only people with the invite can read this' }).waitFor();
    await call(ada, 'Lovelace');
    const link = await linkOf(ada);
    const [, invite = ''] = link.split('#fc-crew=');
    const secret = readInvite(invite)?.secret ?? 'no invite';

    const open = async (name: string, address: string): Promise<Visitor> => {
      const context = await browser.newContext();
      await listener.on(context);
      const visitor = await festival.open(context, address);
      await until(() => !visitor.page.url().includes(secret));
      await call(visitor, name);
      return visitor;
    };
    const bob = await open('Marley', link);
    await mark(bob).filter({ hasText: 'Only people' }).waitFor();
    await ada.write('behind the blue flag');
    await bob.sees('behind the blue flag');
    await Promise.all([ada.reaches('online', 1), bob.reaches('online', 1)]);
    await bob.write('over the mesh, I guess');
    await ada.sees('over the mesh, I guess');
    await until(async () => (await ada.messages()).at(-1)?.author.name === 'Marley');

    await server.stop('SIGKILL');
    await Promise.all([ada.reaches('mesh-only', 1), bob.reaches('mesh-only', 1)]);
    await ada.write('nobody needs a server');
    await bob.sees('nobody needs a server');
    assert.equal((await bob.messages()).at(-1)?.path.route, 'p2p');
    await server.start();
    await Promise.all([ada.reaches('online'), bob.reaches('online')]);
    await ada.ownAre('stored');

    await bob.page.reload();
    await bob.sees('nobody needs a server');
    await mark(bob).filter({ hasText: 'Only people' }).waitFor();

    // A link of the same room with another key, and one that was damaged on its way.
    const { salt = '', founder = '' as never } = readInvite(invite) ?? {};
    const room = new URL(ada.page.url()).hash.slice('#fc-crew='.length);
    const wrong = await inviteTo('default', { salt, founder, room, keys: [], agreement: null as never }, newSecret());
    const eve = await open('Eve', link.replace(invite, wrong));
    await mark(eve).filter({ hasText: 'does not fit' }).waitFor();
    assert.deepEqual(await eve.texts(), []);
    const mallory = await open('Mallory', link.replace(secret, damaged(secret, 20)));
    await mallory.page.getByText('This invite is not complete').waitFor();

    // The founder removes somebody.
    await mark(ada).click();
    await sheet(ada).getByRole('button', { name: 'Remove Marley' }).click();
    await sheet(ada).getByRole('button', { name: 'Remove Marley for good?' }).click();
    await mark(bob).filter({ hasText: 'You were removed' }).waitFor();
    await close(ada);
    await ada.write('without Marley now');
    await ada.ownAre('stored');
    await bob.page.reload();
    await mark(bob).filter({ hasText: 'You were removed' }).waitFor();
    await bob.sees('behind the blue flag');
    assert.ok(!(await bob.texts()).includes('without Marley now'));
    assert.notEqual(await linkOf(ada), link);

    const kept = readdirSync(server.data).map((file) => readFileSync(join(server.data, file), 'latin1'));
    const seen = listener.heard + kept.join() + server.log;
    assert.ok(listener.heard.includes(room) && listener.heard.includes('"sealed"') && kept.join().includes('"sealed"'));
    for (const said of ['blue flag', 'mesh, I guess', 'needs a server', 'without', 'Lovelace', 'Marley', secret])
      assert.ok(!seen.includes(said), said);
  }));

test('[K2] erasing everything in a private room leads every tab back to the page’s own, and none knows the visitor any more', () =>
  Festival.hold(browser, async (festival) => {
    const ada = await festival.visit('');
    await ada.reaches('online');
    await ada.page.locator('festival-chat .members').click();
    await ada.page.getByRole('button', { name: 'Private rooms' }).click();
    await sheet(ada).getByRole('button', { name: 'Make a private room' }).click();
    await mark(ada).filter({ hasText: 'Only people' }).waitFor();
    await ada.page.locator('festival-chat fc-name-prompt input').fill('Lovelace');
    await ada.page.locator('festival-chat fc-name-prompt input').press('Enter');
    await ada.write('behind the blue flag');
    const again = await festival.open(ada.page.context(), ada.page.url());
    await again.sees('behind the blue flag');

    await ada.page.bringToFront();
    await ada.page.locator('festival-chat .members').click();
    await ada.page.getByRole('button', { name: 'Erase everything on this device' }).click();
    await ada.page.getByRole('button', { name: 'Erase it for good?' }).click();
    for (const tab of [ada, again]) {
      await tab.page.locator('festival-chat fc-name-prompt').waitFor();
      assert.equal(await mark(tab).count(), 0);
      assert.equal(new URL(tab.page.url()).hash, '');
      assert.deepEqual(await tab.texts(), []);
    }
    await ada.page.locator('festival-chat .members').click();
    await ada.page.getByRole('button', { name: 'Private rooms' }).click();
    await sheet(ada).getByRole('button', { name: 'Make a private room' }).waitFor();
    assert.equal(
      await sheet(ada)
        .getByRole('button', { name: /^Open Private room/ })
        .count(),
      0,
    );
  }));

test('on a network that brings no part of them, private rooms say so, and are there at another try', () =>
  Festival.hold(browser, async (festival) => {
    const ada = await festival.visit('');
    await ada.reaches('online');
    const { page } = ada;
    const open = async (): Promise<void> => {
      await page.locator('festival-chat .members').click();
      await page.getByRole('button', { name: 'Private rooms' }).click();
    };
    const [shown, engine] = [/chunks\/crew-parts-/, /chunks\/crew-(?!parts|words|forms|invite)/];
    for (const chunk of [shown, engine]) await page.route(chunk, (route) => route.abort());
    await open();
    await page.getByRole('dialog').getByText('This could not be loaded').waitFor();
    await page.unroute(shown);
    await close(ada);
    await open();
    await page.getByRole('dialog').getByText('That did not work').waitFor();
    await page.unroute(engine);
    await sheet(ada).getByRole('button', { name: 'Try again' }).click();
    await sheet(ada).getByRole('button', { name: 'Make a private room' }).waitFor();
  }));
