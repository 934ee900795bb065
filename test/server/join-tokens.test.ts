// Join tokens (rule J7): who gets in with which, what it allows, and that every wrong one is refused alike.

import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { SignJWT } from 'jose';
import type { FrameOf } from '../../src/protocol/frames.js';
import { roomKey } from '../../src/protocol/ids.js';
import { Device } from '../support/device.js';
import type { RawClient } from '../support/device.js';
import { running } from '../support/running-server.js';

const SECRET = 'a secret of at least thirty-two bytes';
const options = { joinSecret: SECRET };

interface Claims extends Record<string, unknown> {
  readonly exp?: number;
}

const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;
const GOOD: Claims = { aud: 'festival-chat', room: 'default/lobby', exp: inSeconds(600) };

function token(claims: Claims = GOOD, secret = SECRET): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret));
}

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

async function joinWith(client: RawClient, given: string | undefined, name = 'Device'): Promise<FrameOf<'joined'>> {
  await client.join({ name, ...(given === undefined ? {} : { token: given }) });
  return client.next('joined');
}

/** The same socket in another room from here on, or as another device. */
async function turnsTo(client: RawClient, change: { room?: string; device?: Device }, given: string): Promise<void> {
  const { room = 'lobby', device = client.device } = change;
  Object.assign(client, { room: roomKey('default', room), device });
  client.rejoin('Device', { token: given });
  await client.next('joined');
}

/** Codes of what the server has refused once it has heard everything said so far. */
async function refusals(client: RawClient): Promise<string[]> {
  await client.settled();
  return client.received.flatMap((frame) => (frame.type === 'refused' ? [frame.code] : []));
}

test(
  '[J7] a good token lets in, for its rooms and no other',
  running(async ({ connect }) => {
    const table: readonly (readonly [room: unknown, joins: string, isIn: boolean])[] = [
      ['default/lobby', 'lobby', true],
      ['default/lobby', 'lobby-2', false],
      [['default/main', 'default/lobby'], 'lobby', true],
      ['default/*', 'lobby', true],
      ['defaul/*', 'lobby', false],
      ['other/*', 'lobby', false],
      ['*', 'lobby', true],
      [[], 'lobby', false],
    ];
    for (const [room, joins, isIn] of table) {
      const client = connect({}, joins);
      await client.join({ token: await token({ ...GOOD, room }) });
      if (isIn) await client.next('joined');
      else assert.equal((await client.next('refused')).code, 'bad-token', JSON.stringify(room));
    }
  }, options),
);

test(
  '[J7] everything that can be wrong with a token is refused in the same words',
  running(async ({ connect }) => {
    const good = await token();
    const [head = '', payload = '', signature = ''] = good.split('.');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const inRsa = await new SignJWT(GOOD).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
    const unsigned = base64({ alg: 'none', typ: 'JWT' });
    const hs512 = base64({ alg: 'HS512' });
    const sign512 = createHmac('sha512', SECRET).update(`${hs512}.${payload}`).digest('base64url');
    const wrong: readonly (readonly [what: string, token: string | undefined])[] = [
      ['missing', undefined],
      ['empty', ''],
      ['no token', 'not a token'],
      ['longest allowed', 'x'.repeat(4_096)],
      ['of another secret', await token(GOOD, 'another secret of thirty-two bytes!!')],
      ['unsigned', `${unsigned}.${payload}.`],
      ['unsigned with a signature', `${unsigned}.${payload}.${signature}`],
      ['of another algorithm', `${hs512}.${payload}.${sign512}`],
      ['of a key pair', inRsa],
      ['changed', `${head}.${base64({ ...GOOD, room: '*' })}.${signature}`],
      ['for another audience', await token({ ...GOOD, aud: 'another-service' })],
      ['for another room', await token({ ...GOOD, room: 'default/backstage' })],
      ['for no room', await token({ aud: 'festival-chat', exp: inSeconds(600) })],
      ['expired', await token({ ...GOOD, exp: inSeconds(-60) })],
      ['endless', await token({ aud: 'festival-chat', room: '*' })],
      ['not yet valid', await token({ ...GOOD, nbf: inSeconds(60) })],
      ['of an unknown role', await token({ ...GOOD, role: 'emperor' })],
      ['for another device', await token({ ...GOOD, author: new Device().author })],
      ['for another name', await token({ ...GOOD, name: 'Ada' })],
    ];
    const answers = new Set<string>();
    for (const [what, given] of wrong) {
      const client = connect();
      await client.join({ name: 'Device', ...(given === undefined ? {} : { token: given }) });
      const refused = await client.next('refused');
      assert.equal(refused.code, 'bad-token', what);
      answers.add(refused.message);
      assert.ok(
        client.received.every((frame) => frame.type !== 'joined'),
        what,
      );
      client.close();
    }
    assert.equal(answers.size, 1);
  }, options),
);

test(
  '[J7] a name in the token is the name of the member and of its messages',
  running(async ({ connect }) => {
    const ada = connect();
    await joinWith(ada, await token({ ...GOOD, name: 'Ada' }), 'Ada');
    const posing = ada.device.record(ada.room, 'it is me, Bob', { name: 'Bob' });
    ada.publish([posing]);
    assert.equal((await ada.next('refused')).code, 'bad-token');
    ada.publish([ada.device.record(ada.room, 'it is me', { name: 'Ada' })]);
    await ada.next('placed');
    const { session } = new Device();
    const later = Object.assign(ada.device, { session }).record(ada.room, 'said in another session', { name: 'Bob' });
    ada.publish([later]);
    assert.equal((await ada.next('refused')).code, 'bad-token', 'whichever session it says it is of');
  }, options),
);

test(
  '[J7] a reader hears everything, may not publish, and gets no mesh',
  running(async ({ connect }) => {
    const [ada, reader] = [connect(), connect()];
    await joinWith(ada, await token());
    const joined = await joinWith(reader, await token({ ...GOOD, role: 'reader' }));
    assert.equal(joined.mesh.isEnabled, false);
    ada.publish([ada.device.record(ada.room, 'hello')]);
    await reader.next('records');
    reader.publish([reader.device.record(reader.room, 'may I?')]);
    assert.equal((await reader.next('refused')).code, 'read-only');
    const signal = { type: 'signal', room: ada.room, dial: 'dial0000', data: 'knock' };
    reader.send({ ...signal, peer: ada.device.peer });
    assert.equal((await reader.next('refused')).code, 'no-such-peer');
    ada.send({ ...signal, peer: reader.device.peer });
    assert.equal((await ada.next('refused')).code, 'no-such-peer');
  }, options),
);

test(
  '[J7] a socket ends with its token, unless a newer one has come',
  running(async ({ connect }) => {
    const [short, prolonged] = [connect(), connect()];
    const soon = await token({ ...GOOD, exp: inSeconds(2) });
    await joinWith(short, soon);
    await joinWith(prolonged, soon);
    prolonged.rejoin('Device', { token: await token() });
    await prolonged.next('joined');
    const ended = new Promise((resolve) => short.socket.once('disconnect', resolve));
    assert.equal((await short.next('refused')).code, 'bad-token');
    await ended;
    await prolonged.settled();
    assert.equal(prolonged.socket.connected, true);
  }, options),
);

test(
  '[J3] [J7] whoever comes back on a new socket keeps what its token grants',
  running(async ({ connect }) => {
    const [first, second] = [connect(), connect()];
    Object.assign(second, { device: first.device });
    const reading = await token({ ...GOOD, role: 'reader' });
    await joinWith(first, reading);
    await joinWith(second, reading);
    first.close();
    second.publish([second.device.record(second.room, 'may I now?')]);
    assert.equal((await second.next('refused')).code, 'read-only');
  }, options),
);

test(
  '[J7] what a token grants holds in its room, whatever other rooms the device joins and leaves',
  running(async ({ connect }) => {
    const reading = await token({ ...GOOD, room: 'default/*', role: 'reader' });
    const [leaving, writing] = [connect(), connect()];
    await joinWith(leaving, reading);
    await turnsTo(leaving, { room: 'camp' }, reading);
    leaving.send({ type: 'leave', room: leaving.room });
    Object.assign(leaving, { room: roomKey('default', 'lobby') });
    leaving.publish([leaving.device.record(leaving.room, 'the other room is left')]);
    assert.deepEqual(await refusals(leaving), ['read-only']);

    await joinWith(writing, reading);
    await turnsTo(writing, { room: 'camp' }, await token({ ...GOOD, room: 'default/camp' }));
    writing.publish([writing.device.record(writing.room, 'here I may')]);
    await writing.next('placed');
    Object.assign(writing, { room: roomKey('default', 'lobby') });
    writing.publish([writing.device.record(writing.room, 'and here?')]);
    assert.deepEqual(await refusals(writing), ['read-only']);
  }, options),
);

test(
  '[J7] a socket that joins as another device has what that one’s token grants, until it expires',
  running(async ({ connect }) => {
    const [reader, short] = [connect(), connect()];
    for (const client of [reader, short]) await joinWith(client, await token());
    await turnsTo(reader, { device: new Device() }, await token({ ...GOOD, role: 'reader' }));
    reader.publish([reader.device.record(reader.room, 'may I?')]);
    assert.deepEqual(await refusals(reader), ['read-only']);
    const ended = new Promise((resolve) => short.socket.once('disconnect', resolve));
    await turnsTo(short, { device: new Device() }, await token({ ...GOOD, exp: inSeconds(2) }));
    assert.equal((await short.next('refused')).code, 'bad-token');
    await ended;
  }, options),
);
