// Crew rooms with real keys: headless clients in Node against a real server with a real database.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createServer } from '../../server/server.js';
import type { ChatClientOptions } from '../../src/engine/chat-client-options.js';
import { ChatClient } from '../../src/engine/chat-client.js';
import { ChatError } from '../../src/engine/chat-error.js';
import type { CrewDesk } from '../../src/engine/crew/crew-desk.js';
import { crewKey, opened, sealed } from '../../src/engine/crew/sealing.js';
import { readInvite } from '../../src/protocol/crew/crew-invite.js';
import { damaged } from '../support/damaged.js';
import { RawClient } from '../support/device.js';
import { until, within } from '../support/until.js';
import { when } from '../support/when.js';

/** Only a hang takes this long. */
const PATIENCE_MS = 60_000;

interface Running {
  readonly url: string;
  /** Every byte of the server's database. */
  stored(): string;
  /** One device a host: what it keeps lasts as long as this process. */
  client(name: string, host: string, options?: Partial<ChatClientOptions>): ChatClient;
}

async function running(run: (running: Running) => Promise<void>): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'festival-chat-crew-'));
  const server = createServer({ port: 0, data });
  const { port } = await server.listen();
  const clients: ChatClient[] = [];
  try {
    await run({
      url: `http://127.0.0.1:${port}`,
      stored: () =>
        readdirSync(data)
          .map((file) => readFileSync(join(data, file), 'latin1'))
          .join(),
      client(displayName, host, options = {}) {
        const client = new ChatClient({ server: `http://${host}:${port}`, displayName, mesh: 'off', ...options });
        clients.push(client);
        client.start();
        return client;
      },
    });
  } finally {
    await Promise.all(clients.map((client) => client.stop()));
    await server.close();
    rmSync(data, { recursive: true, force: true });
  }
}

const [ADA, BOB, CLEO, DORA] = ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4'] as const;

/** Goes from the lobby into a crew room: makes one, or takes an invite. */
async function enter(running: Running, name: string, host: string, invite?: string): Promise<[ChatClient, CrewDesk]> {
  const lobby = running.client(name, host);
  const desk = await lobby.crews();
  const room = invite === undefined ? await desk.create() : await desk.join(invite);
  await lobby.stop();
  const client = running.client(name, host, { room });
  return [client, await client.crews()];
}

const texts = (client: ChatClient): string[] => client.messages.map(({ text }) => text);
const names = (desk: CrewDesk): string[] => desk.people.map(({ name }) => name).sort();
const isCode = (code: string) => (error: unknown) => error instanceof ChatError && error.code === code;

test('[K2] [K3] [K4] a crew chats as anybody does, and the server has none of it in any form', () =>
  running(async (running) => {
    const [ada, adaDesk] = await enter(running, 'Ada Lovelace', ADA);
    const invite = await adaDesk.invite();
    const [bob, bobDesk] = await enter(running, 'Bob Marley', BOB, `https://site.example/#fc-crew=${invite}`);
    const watcher = await RawClient.join(running.url, ada.room);
    const sent = await ada.sendMessage('the tent is behind the blue flag');
    await when(bob, () => texts(bob).length === 1);
    await bob.react(sent.id, '🎉');
    await bob.sendMessage('coming', { replyTo: sent.id });
    await when(ada, () => ada.messages[0]?.reactions[0]?.count === 1 && texts(ada).length === 2);
    await ada.editMessage(sent.id, 'the tent is behind the red flag');
    await when(bob, () => texts(bob)[0] === 'the tent is behind the red flag');
    assert.equal(bob.messages[0]?.author.name, 'Ada Lovelace');
    assert.equal(bob.messages[1]?.replyTo, sent.id);
    for (const desk of [adaDesk, bobDesk]) await until(() => names(desk).join() === 'Ada Lovelace,Bob Marley');
    await when(bob, () => bob.members.some(({ author }) => author.name === 'Ada Lovelace'));
    assert.deepEqual([adaDesk.isFounder, bobDesk.isFounder, bobDesk.state], [true, false, 'open']);
    await until(() => ada.status.queued + bob.status.queued === 0);
    await watcher.settled();
    const secret = readInvite(invite)?.secret ?? '';
    const [heard, stored] = [JSON.stringify(watcher.received), running.stored()];
    assert.ok(heard.includes('"sealed"') && heard.includes(ada.room), 'the watcher has what was said');
    assert.ok(stored.includes('"sealed"') && stored.includes(ada.room), 'the database has what was said');
    const seen = heard + stored;
    for (const said of [
      'tent is behind',
      'coming',
      'Lovelace',
      'Marley',
      '🎉',
      secret,
      Buffer.from(secret, 'base64url').toString('latin1'),
    ])
      assert.ok(!seen.includes(said), said);
    watcher.close();
  }));

test('[K3] what was sealed is opened again after a restart, and kept sealed until then', () =>
  running(async (running) => {
    const [ada] = await enter(running, 'Ada', ADA);
    await ada.sendMessage('kept');
    await when(ada, () => ada.messages[0]?.delivery.state === 'stored');
    await ada.stop();
    const again = running.client('Ada', ADA, { room: ada.room });
    await when(again, () => texts(again).join() === 'kept');
    assert.deepEqual(await (await again.crews()).kept(), [ada.room]);
  }));

test('[K2] an invite that is damaged, or for another festival, is refused', () =>
  running(async (running) => {
    const [ada, desk] = await enter(running, 'Ada', ADA);
    const invite = await desk.invite();
    const lobby = running.client('Bob', BOB);
    for (const bad of ['', 'hello', invite.slice(0, -1), damaged(invite, invite.length - 15)])
      await assert.rejects((await lobby.crews()).join(bad), isCode('bad-invite'), bad);
    const other = running.client('Bob', CLEO, { festival: 'another' });
    await assert.rejects((await other.crews()).join(invite), isCode('bad-invite'));
    await assert.rejects((await lobby.crews()).invite(), isCode('crew-closed'));
    const keyless = running.client('Bob', DORA, { room: ada.room });
    assert.equal((await keyless.crews()).state, 'no-key');
    await assert.rejects(keyless.sendMessage('without a key'), isCode('crew-closed'));
  }));

test('[K5] [K6] [K7] whoever is removed reads nothing new and is not heard; who was away gets the key; the old link is void', () =>
  running(async (running) => {
    const [ada, adaDesk] = await enter(running, 'Ada', ADA);
    const oldInvite = await adaDesk.invite();
    const [bob] = await enter(running, 'Bob', BOB, oldInvite);
    const [cleo, cleoDesk] = await enter(running, 'Cleo', CLEO, oldInvite);
    await ada.sendMessage('before');
    await Promise.all([bob, cleo].map((client) => when(client, () => texts(client).length === 1)));
    await until(() => names(adaDesk).length === 3);
    await assert.rejects(cleoDesk.remove(ada.selfId ?? ('' as never)), isCode('crew-closed'));
    await bob.stop();

    await adaDesk.remove(cleo.selfId ?? ('' as never));
    await until(() => cleoDesk.state === 'removed');
    await ada.sendMessage('after');
    await assert.rejects(cleo.sendMessage('still here?'), isCode('crew-closed'));

    const bobAgain = running.client('Bob', BOB, { room: ada.room });
    await when(bobAgain, () => texts(bobAgain).join() === 'before,after');
    await bobAgain.sendMessage('back');
    await when(ada, () => texts(ada).join() === 'before,after,back');

    const [dora, doraDesk] = await enter(running, 'Dora', DORA, oldInvite);
    await until(() => doraDesk.state === 'replaced');
    assert.deepEqual(texts(dora), ['before']);
    await doraDesk.join(await adaDesk.invite());
    await until(() => doraDesk.state === 'open');
    await until(() => texts(dora).join() === 'before,after,back');
    await dora.sendMessage('hello');
    await when(ada, () => texts(ada).includes('hello'));
    assert.deepEqual(texts(cleo), ['before']);

    // What an altered client of hers could do with the key she has.
    const stranger = await RawClient.join(running.url, ada.room);
    const { device, room } = stranger;
    const key = await crewKey(readInvite(oldInvite)?.secret ?? '');
    const body = await sealed(key, stranger.sealer, { kind: 'message', name: 'Ada', text: 'meet me outside' });
    const record = device.says(room, body);
    assert.notEqual(await opened(key, record, body), null);
    stranger.publish([record]);
    await stranger.next('placed');
    await ada.sendMessage('last');
    await when(bobAgain, () => texts(bobAgain).includes('last'));
    for (const client of [ada, bobAgain, dora]) assert.ok(!texts(client).includes('meet me outside'));
    stranger.close();
  }));

test('[K3] nobody says again as their own what another has sealed', () =>
  running(async (running) => {
    const [ada, desk] = await enter(running, 'Ada', ADA);
    const thief = await RawClient.join(running.url, ada.room);
    await ada.sendMessage('mine alone');
    const pushed = await thief.next('records', ({ records }) => records.some((wire) => wire[4].kind === 'sealed'));
    await until(() => ada.messages[0]?.delivery.state === 'stored');
    for (const [, , , , body] of pushed.records) thief.publish([thief.device.says(thief.room, body)]);
    await thief.next('placed');
    const [bob] = await enter(running, 'Bob', BOB, await desk.invite());
    await when(bob, () => texts(bob).length > 0);
    await bob.sendMessage('seen all');
    await when(ada, () => texts(ada).includes('seen all'));
    for (const client of [ada, bob]) assert.deepEqual(texts(client), ['mine alone', 'seen all']);
  }));

test('[K4] a new name is told to the crew and to nobody else', () =>
  running(async (running) => {
    const [ada, adaDesk] = await enter(running, 'Ada', ADA);
    const [bob] = await enter(running, 'Bob', BOB, await adaDesk.invite());
    // At once, while the card with the first name may still be on its way.
    for (const name of ['Roberta', 'Rob', 'Robert the Second']) bob.setDisplayName(name);
    await until(() => names(adaDesk).join() === 'Ada,Robert the Second');
    await when(ada, () => ada.members.some(({ author }) => author.name === 'Robert the Second'));
    assert.ok(!running.stored().includes('Robert'));
    const watcher = await RawClient.join(running.url, ada.room);
    await watcher.settled();
    assert.ok(!JSON.stringify(watcher.received).includes('Robert'));
    watcher.close();
  }));

test('[K4] a name that is given while the room is being opened is the one that is told and kept', () =>
  running(async (running) => {
    const [ada, adaDesk] = await enter(running, 'Ada', ADA);
    const invite = await adaDesk.invite();
    const server = running.url.replace(ADA, BOB);
    for (let turns = 0; turns < 12; turns += 1) {
      const given = `Bob ${turns}`;
      const lobby = new ChatClient({ server, mesh: 'off' });
      lobby.start();
      await (await lobby.crews()).join(invite);
      await lobby.stop();
      const bob = new ChatClient({ server, mesh: 'off', room: ada.room });
      bob.start();
      for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      bob.setDisplayName(given);
      await until(() => names(adaDesk).includes(given));
      await bob.stop();
      const again = new ChatClient({ server, mesh: 'off' });
      again.start();
      await again.crews();
      assert.equal(again.displayName, given);
      await again.stop();
    }
  }));

test('what is being sealed when the room is left is refused, and kept nowhere', () =>
  running(async (all) => {
    const [ada] = await enter(all, 'Ada', ADA);
    const sending = ada.sendMessage('too late');
    await ada.stop();
    await assert.rejects(within(PATIENCE_MS, 'an answer', sending), isCode('closed'));
    ada.start();
    await when(ada, () => ada.status.connection === 'online');
    assert.deepEqual(texts(ada), []);
  }));
