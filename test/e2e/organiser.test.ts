// What an operator does by HTTP, as a visitor's page shows it and recovers from it; what a visitor reports, and blocks.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import { TestServer } from '../support/start-server.js';
import { PageServer } from '../support/page-server.js';
import { until } from '../support/until.js';
import { Visitor, startBrowser } from '../support/visitor.js';

const ROOM = encodeURIComponent('default/lobby');

let browser: Browser;
let server: TestServer;
let pages: PageServer;
before(async () => {
  browser = await startBrowser();
  server = await TestServer.start();
  pages = await PageServer.start(server.url);
});
after(async () => {
  await browser.close();
  await pages.stop();
  await server.end();
});

async function visit(name: string): Promise<Visitor> {
  const element = `mesh="off" display-name="${name}"`;
  const address = `${pages.url}/?element=${encodeURIComponent(element)}`;
  const visitor = await Visitor.open(await browser.newContext(), address);
  await visitor.reaches('online');
  return visitor;
}

function at(visitor: Visitor, selector: string, hasText?: string | RegExp): Locator {
  return visitor.page.locator(`festival-chat ${selector}`, hasText === undefined ? {} : { hasText });
}

/** Waits until the composer says this. */
async function isTold(visitor: Visitor, words: RegExp): Promise<void> {
  await at(visitor, 'fc-composer #notice', words).waitFor();
}

async function mayWrite(visitor: Visitor): Promise<void> {
  await at(visitor, 'fc-composer #notice').waitFor({ state: 'detached' });
  assert.equal(await at(visitor, 'fc-composer textarea').getAttribute('readonly'), null);
}

const authorOf = async (visitor: Visitor): Promise<string> => {
  const id = await visitor.page.evaluate(() => document.querySelector('festival-chat')?.client?.selfId);
  assert.ok(id);
  return encodeURIComponent(id);
};

/** Opens the menu of the message with this text by keyboard, and chooses an action. */
async function choose(visitor: Visitor, text: string, action: string): Promise<void> {
  await at(visitor, 'fc-message-list .row', text).press('Enter');
  await at(visitor, 'fc-message-menu button', action).click();
}

test('[O2] what is pinned stands above the messages, also for who comes later, until it is let go', async () => {
  const ada = await visit('Ada');
  await server.admin('broadcast', { text: 'Gates close at ten.', pin: true });
  await at(ada, 'fc-pinned .text', 'Gates close at ten.').waitFor();
  await at(ada, '[role=alert]', 'The organiser: Gates close at ten.').waitFor({ state: 'attached' });
  await server.admin('broadcast', { text: 'Free water.', pin: true });
  await at(ada, 'fc-pinned .next', '1 of 2').waitFor();
  const late = await visit('Late');
  await at(late, 'fc-pinned .text', 'Free water.').click();
  await late.page.waitForFunction(
    () =>
      document
        .querySelector('festival-chat')
        ?.shadowRoot?.querySelector('fc-message-list')
        ?.shadowRoot?.activeElement?.textContent.includes('Free water.') === true,
  );
  await at(late, 'fc-pinned').getByRole('button', { name: 'Close what is pinned' }).click();
  await at(late, 'fc-pinned').waitFor({ state: 'detached' });
  await late.page.reload();
  await late.reaches('online');
  await at(late, 'fc-composer .emoji').waitFor();
  assert.equal(await at(late, 'fc-pinned').count(), 0, 'what was closed stays closed');
  await server.admin(`rooms/${ROOM}/pin`, { messageId: null });
  await at(ada, 'fc-pinned').waitFor({ state: 'detached' });
  await ada.hadNoProblems();
  await late.hadNoProblems();
});

test('[O6] slow mode counts down, keeps what came too soon, and ends', async () => {
  const ada = await visit('Ada');
  const bob = await visit('Bob');
  // Longer than the steps up to the second message take on a slow machine.
  await server.admin(`rooms/${ROOM}/slow-mode`, { seconds: 8 });
  await isTold(ada, /one message every 8 seconds/);
  await ada.write('the first');
  await isTold(ada, /next message in [1-8] second/);
  // Past the composer, as a page of one's own may: the server sends it back, and it goes when it is due.
  await ada.page.evaluate(() => document.querySelector('festival-chat')?.sendMessage('the second'));
  await at(ada, 'fc-message-list .waits', 'Waits for its turn').waitFor();
  await isTold(ada, /your message goes out in/);
  await bob.sees('the second');
  await ada.ownAre('stored');
  await server.admin(`rooms/${ROOM}/slow-mode`, { seconds: 3_600 });
  await isTold(ada, /next message in .* minutes/);
  await ada.page.evaluate(() => document.querySelector('festival-chat')?.sendMessage('the third'));
  await at(ada, 'fc-message-list .waits').waitFor();
  await server.admin(`rooms/${ROOM}/slow-mode`, { seconds: 0 });
  await bob.sees('the third');
  await mayWrite(ada);
  await ada.hadNoProblems();
  await bob.hadNoProblems();
});

test('[O5] a mute and a ban are told with their reason and their end, and let go by themselves when lifted', async () => {
  const ada = await visit('Ada');
  const author = await authorOf(ada);
  await at(ada, 'fc-composer textarea').fill('half a thought');
  await server.admin(`users/${author}/mute`, { minutes: 10, reason: 'Cool down.' });
  await isTold(ada, /The organiser has muted you until .*Cool down\./);
  assert.equal(await at(ada, 'fc-composer textarea').inputValue(), 'half a thought');
  await at(ada, 'fc-composer textarea').press('Enter');
  await server.admin(`users/${author}/mute`, { minutes: 0 });
  await mayWrite(ada);
  assert.deepEqual(
    (await ada.texts()).filter((text) => text === 'half a thought'),
    [],
  );
  await server.admin(`users/${author}/ban`, { minutes: 10, reason: 'Threats.' });
  await isTold(ada, /The organiser has banned you from this room until .*Threats\./);
  await at(ada, 'fc-status', 'banned you from this room').waitFor();
  await server.admin(`users/${author}/ban`, { minutes: 0 });
  await ada.reaches('online');
  await mayWrite(ada);
  await at(ada, 'fc-composer textarea').press('Enter');
  await ada.sees('half a thought');
  await ada.ownAre('stored');
  await ada.page.close();
});

test('[O8] a report reaches the organiser; who is blocked stays so over a reload', async () => {
  const ada = await visit('Ada');
  const troll = await visit('Troll');
  await troll.write('something rude');
  await ada.sees('something rude');
  await choose(ada, 'something rude', 'Report to the organiser');
  const report = at(ada, 'fc-report');
  await report.getByLabel('Insults or threats').check();
  await report.getByRole('textbox').fill('third time today');
  await report.getByRole('button', { name: 'Send the report' }).click();
  await report.getByText('The organiser has your report.').waitFor();
  await until(async () => {
    const { reports } = (await server.admin('reports')) as { reports: { reason: string; count: number }[] };
    return reports.some(({ reason, count }) => reason === 'Insult or threat: third time today' && count === 1);
  });
  await report.getByRole('button', { name: 'Block Troll' }).click();
  const rude = at(ada, 'fc-message-list .row', 'something rude');
  await rude.waitFor({ state: 'detached' });
  await ada.page.reload();
  await ada.reaches('online');
  await at(ada, 'fc-composer .emoji').waitFor();
  await rude.waitFor({ state: 'detached' });
  await at(ada, '.members').click();
  await at(ada, 'fc-member-list').getByRole('button', { name: 'Unblock: Troll' }).click();
  await rude.waitFor();
  await ada.hadNoProblems();
  await troll.hadNoProblems();
});
