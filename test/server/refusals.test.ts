// What a stranger learns from being refused: nothing (rule J5).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createServer } from '../../server/server.js';
import type { Frame } from '../../src/protocol/frames.js';
import { roomKey } from '../../src/protocol/ids.js';
import { RawClient } from '../support/device.js';

test('[J5] a room that nobody knows and one that was not joined are refused in the same words', async () => {
  const server = createServer({ port: 0, host: '127.0.0.1', data: ':memory:' });
  const { url } = await server.listen();
  const [member, stranger] = [await RawClient.join(url, 'backstage'), await RawClient.join(url)];
  try {
    const record = member.device.record(member.room, 'for the crew');
    member.publish([record]);
    const { epoch } = await member.next('placed');
    const said = async (name: string): Promise<unknown[]> => {
      const room = roomKey('default', name);
      const { peer } = stranger.device;
      const questions: Frame[] = [
        { type: 'want-range', room, epoch, after: 0 },
        { type: 'records', room, records: [] },
        { type: 'ping', room, nonce: 1 },
        { type: 'signal', room, peer, dial: 'dial00000001' as never, data: 'x' },
      ];
      const answers: unknown[] = [];
      for (const question of questions) {
        stranger.send(question);
        answers.push({ ...(await stranger.next('refused')), room: null });
      }
      return answers;
    };
    const [unjoined, unknown] = [await said('backstage'), await said('nowhere')];
    assert.deepEqual(unjoined, unknown);
    assert.ok(stranger.received.every((frame) => frame.type !== 'records'));
  } finally {
    member.close();
    stranger.close();
    await server.close();
  }
});
