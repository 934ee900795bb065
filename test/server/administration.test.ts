// The administration's routes: who gets in, and that each figure follows from what happened.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnalyticsReport } from '../../server/analytics.js';
import { ADMIN_TOKEN, running } from '../support/running-server.js';

test(
  'mesh-status is closed to strangers, locked after repeated failures, and counts what two ends confirm',
  running(async ({ url, join }) => {
    const ask = (token: string): Promise<Response> =>
      fetch(`${url}/admin/mesh-status`, { headers: { Authorization: `Bearer ${token}` } });
    const [ada, bob] = [await join(), await join()];
    ada.send({ type: 'signal', room: ada.room, peer: bob.device.peer, dial: 'dial0001', data: '{"type":"offer"}' });
    ada.reportLinks([bob.device.peer], { p2pMessages: 3, fallbacks: 1 });
    await ada.settled();
    const oneSided = (await (await ask(ADMIN_TOKEN)).json()) as Record<string, unknown>;
    assert.equal(oneSided['activeP2PConnections'], 0);
    assert.equal(oneSided['totalP2PAttempts'], 1);
    bob.reportLinks([ada.device.peer], { p2pMessages: 3, fallbacks: 1 });
    await bob.settled();
    const both = (await (await ask(ADMIN_TOKEN)).json()) as Record<string, unknown>;
    assert.equal(both['activeP2PConnections'], 1);
    assert.equal(both['successfulP2PConnections'], 1);
    assert.equal(both['currentP2PUsers'], 2);
    assert.equal(both['p2pMessageCount'], 6);
    assert.equal(both['fallbackCount'], 2);
    assert.equal(both['averageConnectionTimeMs'], 80);
    assert.equal((await fetch(`${url}/admin/mesh-status`)).status, 401);
    for (let count = 0; count < 9; count += 1) assert.equal((await ask('wrong')).status, 401);
    assert.equal((await ask(ADMIN_TOKEN)).status, 429);
  }),
);

test(
  'without a token the administration is closed',
  running(
    async ({ url }) => {
      assert.equal((await fetch(`${url}/admin/mesh-status`)).status, 403);
    },
    { adminToken: null },
  ),
);

test(
  'analytics counts members, messages, refusals and sockets as they come and go',
  running(async ({ join, admin }) => {
    const [ada, bob] = [await join(), await join('elsewhere')];
    ada.publish([ada.device.record(ada.room, 'one'), ada.device.record(ada.room, 'two')]);
    await ada.next('placed');
    bob.send({ type: 'nonsense' });
    await bob.next('refused');
    const { body } = await admin('analytics');
    const report = body as unknown as AnalyticsReport;
    assert.deepEqual([report.members, report.rooms, report.joins, report.sockets.current], [2, 2, 2, 2]);
    assert.equal(report.messages.total, 2);
    assert.equal(report.messages.perMinute.length, 60);
    assert.equal(report.messages.perMinute.at(-1), 2);
    assert.deepEqual(report.refused, { 'bad-frame': 1 });
    assert.ok((report.latencyMs.store?.samples ?? 0) > 0);
    assert.equal(report.latencyMs.p2p, null, 'nobody has measured a link');
    bob.close();
    let after = report;
    while (after.sockets.current > 1) after = (await admin('analytics')).body as unknown as AnalyticsReport;
    assert.deepEqual([after.members, after.rooms, after.sockets.peak, after.ended], [1, 1, 2, { gone: 1 }]);
  }),
);

test(
  'rooms and users are listed in pages, with who is where and which links they have',
  running(async ({ join, admin }) => {
    const [ada, bob, cleo] = [await join('a'), await join('a'), await join('b')];
    const { body: rooms } = await admin('rooms');
    assert.deepEqual(rooms, {
      total: 2,
      next: null,
      items: [
        { room: 'default/a', members: 2, p2pUsers: 0, links: 0, head: 0 },
        { room: 'default/b', members: 1, p2pUsers: 0, links: 0, head: 0 },
      ],
    });
    const seen: unknown[] = [];
    for (let after: string | null = ''; after !== null;) {
      const { body } = await admin(`users?limit=1&after=${after}`);
      assert.equal(body['total'], 3);
      seen.push(...(body['items'] as { id: string }[]).map(({ id }) => id));
      after = body['next'] as string | null;
    }
    assert.deepEqual(seen, [ada, bob, cleo].map(({ device }) => device.author).sort());
    ada.reportLinks([bob.device.peer]);
    bob.reportLinks([ada.device.peer]);
    await Promise.all([ada.settled(), bob.settled()]);
    const { body: room } = await admin('rooms/default%2Fa');
    assert.deepEqual((room['users'] as { name: string }[]).length, 2);
    const [only] = room['links'] as { ends: string[]; rttMs: number }[];
    assert.deepEqual([only?.ends.sort(), only?.rttMs], [[ada.device.peer, bob.device.peer].sort(), 4]);
    assert.equal((await admin('rooms/default%2Fnowhere')).status, 404);
    assert.equal((await admin('users?limit=0')).status, 400);
    const found = async (query: string): Promise<unknown> => (await admin(query)).body['total'];
    assert.deepEqual(
      [await found('users?find=DEVICE'), await found('users?find=default/b'), await found('users?find=nobody')],
      [3, 1, 0],
    );
    assert.deepEqual([await found('rooms?find=T/B'), await found('rooms?find=x')], [1, 0]);
    const { body: largest } = await admin('rooms?order=members&limit=1');
    assert.deepEqual((largest['items'] as { room: string }[])[0]?.room, 'default/a');
  }),
);

test(
  'the activity feed names who came and went, newest first, and never what was said',
  running(async ({ join, admin, url }) => {
    const [ada, bob] = [await join(), await join()];
    ada.publish([ada.device.record(ada.room, 'a secret of the dunes')]);
    await bob.next('records');
    bob.close();
    await ada.next('member-left');
    const { body } = await admin('activity?limit=3');
    const feed = body['activity'] as { type: string; user?: string; name?: string }[];
    assert.deepEqual(
      feed.map(({ type, user }) => [type, user]),
      [
        ['member-left', bob.device.author],
        ['member-joined', bob.device.author],
        ['member-joined', ada.device.author],
      ],
    );
    assert.equal(feed[0]?.name, 'Device', 'who left is named as on coming in');
    const all = JSON.stringify((await admin('activity')).body) + (await (await fetch(`${url}/metrics`)).text());
    assert.ok(!all.includes('dunes'));
  }),
);

test(
  '/metrics follows what happened, and names neither rooms nor people',
  running(async ({ join, url }) => {
    const ada = await join('a-room-nobody-should-read-of');
    ada.publish([ada.device.record(ada.room, 'one')]);
    await ada.next('placed');
    const answer = await fetch(`${url}/metrics`);
    const text = await answer.text();
    assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    for (const line of [
      'festival_chat_sockets 1',
      'festival_chat_members 1',
      'festival_chat_rooms 1',
      'festival_chat_ready 1',
      'festival_chat_records_stored_total 1',
      'festival_chat_joins_total 1',
      'festival_chat_store_seconds_count 1',
      'festival_chat_p2p_links 0',
    ]) {
      assert.ok(text.split('\n').includes(line), line);
    }
    assert.match(text, /^nodejs_eventloop_lag_p99_seconds /m);
    assert.ok(!/nobody-should-read|127\.0\.0\.1|Device/.test(text));
  }),
);

test(
  '/metrics with a token of its own is closed without it',
  running(
    async ({ url }) => {
      assert.equal((await fetch(`${url}/metrics`)).status, 401);
      const headers = { Authorization: 'Bearer for prometheus' };
      assert.equal((await fetch(`${url}/metrics`, { headers })).status, 200);
    },
    { metricsToken: 'for prometheus' },
  ),
);

test(
  'a route that is not there, a body that is too large and one that is no flags are told apart',
  running(async ({ admin, url }) => {
    assert.deepEqual((await admin('nothing')).status, 404);
    assert.equal((await admin('mesh', { enabled: 'yes' })).status, 400);
    assert.equal((await admin('mesh', { enabled: true, typo: 1 })).status, 400);
    assert.equal((await admin('mesh', { rollout: 101 })).status, 400);
    assert.equal((await admin('mesh', {})).status, 400);
    assert.equal((await admin('mesh', { padding: 'x'.repeat(20_000) })).status, 413);
    const broken = await fetch(`${url}/admin/mesh`, {
      method: 'POST',
      body: '{',
      headers: { Authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    assert.equal(broken.status, 400);
    assert.equal(((await broken.json()) as { code: string }).code, 'bad-flags');
  }),
);
