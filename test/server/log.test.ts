// The log: one JSON line an event, by level, and nothing of what people say or who they are.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignJWT } from 'jose';
import { jsonLogger } from '../../server/log.js';
import { createServer } from '../../server/server.js';
import { RawClient } from '../support/device.js';

test('a line is JSON whatever is in it, and lower levels are left out', () => {
  const lines: string[] = [];
  const logger = jsonLogger((line) => lines.push(line), 'warn');
  logger.log('info', 'not this');
  logger.log('warn', 'this', { words: 'two\nlines\u0007 and "quotes"', count: 3, isSo: true });
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /^[^\n\u0007]+\n$/);
  const { at, ...rest } = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
  assert.ok(!Number.isNaN(Date.parse(String(at))));
  assert.deepEqual(rest, {
    level: 'warn',
    event: 'this',
    words: 'two\nlines\u0007 and "quotes"',
    count: 3,
    isSo: true,
  });
});

test('at the most talkative level there is no text, name, room, token or address', async () => {
  const lines: string[] = [];
  const joinSecret = 'a secret of at least thirty-two bytes';
  const token = await new SignJWT({ aud: 'festival-chat', room: '*' })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('5m')
    .sign(new TextEncoder().encode(joinSecret));
  const logger = jsonLogger((line) => lines.push(line), 'debug');
  const server = createServer({
    port: 0,
    host: '127.0.0.1',
    data: ':memory:',
    adminToken: 'the admin’s word',
    joinSecret,
    logger,
  });
  const { url } = await server.listen();
  const client = new RawClient(url, 'a-hidden-room');
  try {
    await client.join({ name: 'A Hidden Name', token });
    await client.next('joined');
    client.publish([client.device.record(client.room, 'a hidden text', { name: 'A Hidden Name' })]);
    await client.next('placed');
    client.send({ type: 'nonsense', text: 'a hidden text' });
    await client.next('refused');
    await fetch(`${url}/admin/rooms?after=hidden`, { headers: { Authorization: 'Bearer hidden' } });
  } finally {
    client.close();
    await server.close();
  }
  const log = lines.join('');
  const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
  for (const event of ['listening', 'refused', 'draining', 'closed']) assert.ok(events.includes(event), event);
  for (const secret of [
    /hidden/i,
    /127\.0\.0\.1/,
    new RegExp(client.device.author),
    new RegExp(token),
    /admin’s word/,
  ]) {
    assert.doesNotMatch(log, secret);
  }
});
