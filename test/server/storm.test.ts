// A crowd loses its server at once, and comes back. Real processes, real sockets.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { returnWithinMs } from '../../server/drain.js';
import { Crowd } from '../support/crowd.js';
import { RawClient } from '../support/device.js';
import { TestServer } from '../support/start-server.js';

const MEMBERS = 500;
/** Half of them stand before the main stage, the others in rooms of ten. */
const roomOf = (member: number): string => (member % 2 === 0 ? 'main-stage' : `tent-${member % 100}`);

test('[J8] a crowd that loses a killed server comes back whole, and is served', async () => {
  const server = await TestServer.start();
  const crowd = new Crowd(server.url, { members: MEMBERS, roomOf });
  try {
    await crowd.assemble();
    await crowd.heartbeat();
    await server.stop('SIGKILL');
    await crowd.allLost();
    await server.start();
    await crowd.allJoined();
    const analytics = (await server.admin('analytics')) as { members: number; ended: Record<string, number> };
    assert.equal(analytics.members, MEMBERS);
    assert.deepEqual(analytics.ended, {}, 'nobody had to be cut');
    const [ada, bob] = [await RawClient.join(server.url, 'main-stage'), await RawClient.join(server.url, 'main-stage')];
    ada.publish([ada.device.record(ada.room, 'we are all back')]);
    await bob.next('records');
    for (const client of [ada, bob]) client.close();
  } finally {
    crowd.close();
    await server.end();
  }
});

test('[J8] SIGTERM tells everybody when to return, each another moment, and ends with 0', async () => {
  const server = await TestServer.start();
  const crowd = new Crowd(server.url, { members: MEMBERS, roomOf });
  try {
    await crowd.assemble();
    assert.equal(await server.stop('SIGTERM'), 0);
    await crowd.allLost();
    assert.equal(crowd.hintsMs.length, MEMBERS, 'everybody was told');
    const withinMs = Math.max(...crowd.hintsMs);
    assert.ok(withinMs <= returnWithinMs(MEMBERS), `${withinMs} ms`);
    for (const share of [0.25, 0.5, 0.75]) {
      const early = crowd.hintsMs.filter((hintMs) => hintMs < share * returnWithinMs(MEMBERS)).length;
      assert.ok(Math.abs(early / MEMBERS - share) < 0.1, `${early} of ${MEMBERS} in the first ${share} of the time`);
    }
  } finally {
    crowd.close();
    await server.end();
  }
});
