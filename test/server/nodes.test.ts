// Two nodes on one Redis are one server to everybody outside (rule J9).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createServer } from '../../server/server.js';
import type { CompanionServer } from '../../server/server.js';
import { idOf, tagOf, toWire } from '../../src/protocol/record.js';
import { RawClient } from '../support/device.js';
import { RedisServer } from '../support/redis-server.js';
import { until } from '../support/until.js';

interface Node {
  readonly server: CompanionServer;
  join(): Promise<RawClient>;
  connect(options?: Record<string, unknown>): RawClient;
  close(): Promise<void>;
}

function nodes(run: (one: Node, two: Node) => Promise<void>): () => Promise<void> {
  return async () => {
    const redis = await RedisServer.start();
    const clients: RawClient[] = [];
    const start = async (): Promise<Node> => {
      const server = createServer({ port: 0, host: '127.0.0.1', redisUrl: redis.url });
      const { url } = await server.listen();
      return {
        server,
        async join() {
          const client = await RawClient.join(url);
          clients.push(client);
          return client;
        },
        connect(options) {
          const client = new RawClient(url, 'lobby', options);
          clients.push(client);
          return client;
        },
        close: () => server.close(),
      };
    };
    const both = [await start(), await start()] as const;
    try {
      await run(...both);
    } finally {
      for (const client of clients) client.close();
      await Promise.all(both.map((node) => node.close()));
      await redis.end();
    }
  };
}

test(
  '[J9] members of all nodes are one list and one number, and are told who joins and leaves',
  nodes(async (one, two) => {
    const ada = await one.join();
    const bob = two.connect();
    const answer = await bob.join();
    assert.equal(answer?.memberCount, 2);
    assert.deepEqual(new Set(answer.members.map((member) => member.peer)), new Set([ada.device.peer, bob.device.peer]));
    const joined = await ada.next('member-joined');
    assert.deepEqual([joined.member.peer, joined.memberCount], [bob.device.peer, 2]);
    bob.rejoin('Bob of the dunes');
    assert.equal((await ada.next('member-joined')).member.name, 'Bob of the dunes');
    bob.close();
    const left = await ada.next('member-left');
    assert.deepEqual([left.peer, left.memberCount], [bob.device.peer, 1]);
  }),
);

test(
  '[S1] records of both nodes reach the members of both, once each, in the order of their places',
  nodes(async (one, two) => {
    const [ada, bob] = [await one.join(), await two.join()];
    const [eve, dan] = [await one.join(), await two.join()];
    for (let count = 0; count < 15; count += 1) {
      ada.publish([ada.device.record(ada.room, `ada ${count}`)]);
      bob.publish([bob.device.record(bob.room, `bob ${count}`)]);
    }
    for (const hearer of [eve, dan]) {
      const offsets: number[] = [];
      while (offsets.length < 30) offsets.push(...((await hearer.next('records')).places?.offsets ?? []));
      assert.deepEqual(
        offsets,
        Array.from({ length: 30 }, (_, index) => index + 1),
      );
    }
  }),
);

test(
  '[S5] what was stored at one node is the history of the other, in one epoch',
  nodes(async (one, two) => {
    const ada = await one.join();
    const record = ada.device.record(ada.room, 'before you came');
    ada.publish([record]);
    const { epoch } = await ada.next('placed');
    const bob = await two.join();
    const { records, places } = await bob.next('records');
    assert.deepEqual(records, [toWire(record)]);
    assert.deepEqual(places, { epoch, head: 1, offsets: [1], range: { after: 0, through: 1 } });
  }),
);

test(
  '[S1] a member of the other node who is covered gets the place and not the record',
  nodes(async (one, two) => {
    const [ada, bob, cleo] = [await one.join(), await two.join(), await two.join()];
    const record = ada.device.record(ada.room, 'over peers');
    ada.publish([record], { covered: [bob.device.peer] });
    await cleo.next('records');
    assert.deepEqual((await bob.next('placed')).places, [[idOf(record), 1, tagOf(record), null]]);
    assert.ok(bob.received.every((frame) => frame.type !== 'records'));
  }),
);

test(
  '[W2] who writes is told at the other node, until what was written comes',
  nodes(async (one, two) => {
    const [ada, bob, cleo] = [await one.join(), await two.join(), await two.join()];
    ada.send({ type: 'typing', room: ada.room });
    assert.deepEqual((await bob.next('typing')).who, { peers: [ada.device.peer], count: 1 });
    ada.publish([ada.device.record(ada.room, 'what I wrote')]);
    await bob.next('records');
    cleo.send({ type: 'typing', room: cleo.room });
    assert.deepEqual((await bob.next('typing')).who, { peers: [cleo.device.peer], count: 1 });
  }),
);

test(
  '[P3] a delivery is made at the other node, also when it was asked for before the record came',
  nodes(async (one, two) => {
    const [ada, bob] = [await one.join(), await two.join()];
    await ada.next('member-joined');
    const [early, late] = [ada.device.record(ada.room, 'early'), ada.device.record(ada.room, 'late')];
    const covered = [bob.device.peer];
    ada.publish([early], { covered });
    await bob.next('placed');
    ada.send({ type: 'deliver', room: ada.room, ids: [idOf(early), idOf(late)], to: covered });
    assert.deepEqual((await bob.next('records')).records, [toWire(early)]);
    ada.publish([late], { covered });
    assert.deepEqual((await bob.next('records')).records, [toWire(late)]);
  }),
);

test(
  '[M8] signals reach members of the other node under the sender’s own id, and nobody else',
  nodes(async (one, two) => {
    const [ada, bob] = [await one.join(), await two.join()];
    await ada.next('member-joined');
    const signal = { type: 'signal', room: ada.room, dial: 'dial0000', data: '{"type":"offer"}' };
    ada.send({ ...signal, peer: bob.device.peer });
    assert.equal((await bob.next('signal')).peer, ada.device.peer);
    bob.send({ ...signal, peer: ada.device.peer });
    assert.equal((await ada.next('signal')).peer, bob.device.peer);
    const left = bob.device.peer;
    bob.close();
    await ada.next('member-left');
    ada.send({ ...signal, peer: left });
    assert.equal((await ada.next('refused')).code, 'no-such-peer');
  }),
);

test(
  '[J3] [J9] a member who moves to another node leaves the first silently',
  nodes(async (one, two) => {
    const [ada, bob] = [await one.join(), await one.join()];
    const moved = two.connect();
    Object.assign(moved, { device: ada.device });
    await moved.join();
    const record = moved.device.record(moved.room, 'from over here');
    moved.publish([record]);
    assert.deepEqual((await bob.next('records')).records, [toWire(record)]);
    ada.send({ type: 'ping', room: ada.room, nonce: 1 });
    assert.equal((await ada.next('refused')).code, 'not-joined');
    ada.close();
    await bob.settled();
    assert.ok(bob.received.every((frame) => frame.type !== 'member-left'));
    assert.equal((await two.connect().join())?.memberCount, 3);
  }),
);

test(
  'a link between members of two nodes is one link at both, and one dial where it began',
  nodes(async (one, two) => {
    const [ada, bob] = [await one.join(), await two.join()];
    await ada.next('member-joined');
    const [dial, signal] = ['dial0001', { type: 'signal', room: ada.room, data: '{"type":"offer"}' }];
    ada.send({ ...signal, dial, peer: bob.device.peer });
    await bob.next('signal');
    ada.reportLinks([bob.device.peer], { p2pMessages: 3, fallbacks: 1 });
    bob.reportLinks([ada.device.peer], { p2pMessages: 3, fallbacks: 1 });
    // What comes after the reports on the same ways has passed them.
    await Promise.all([ada.settled(), bob.settled()]);
    ada.send({ ...signal, dial: 'knock001', data: 'knock', peer: bob.device.peer });
    bob.send({ ...signal, dial: 'knock002', data: 'knock', peer: ada.device.peer });
    await Promise.all([ada.next('signal'), bob.next('signal')]);
    const [first, second] = [one, two].map(({ server }) => server.administration.meshStatus());
    assert.deepEqual([first?.activeP2PConnections, second?.activeP2PConnections], [1, 1]);
    assert.deepEqual([first?.successfulP2PConnections, second?.successfulP2PConnections], [1, 0]);
    assert.deepEqual([first?.p2pMessageCount, second?.p2pMessageCount], [3, 3]);
  }),
);

test(
  'a link between members elsewhere is counted here only while somebody of the room is here',
  nodes(async (one, two) => {
    const [ada, bob] = [await one.join(), await one.join()];
    const cleo = await two.join();
    for (const member of [ada, bob])
      await member.next('member-joined', ({ member: { peer } }) => peer === cleo.device.peer);
    ada.reportLinks([bob.device.peer]);
    bob.reportLinks([ada.device.peer]);
    const links = (): number => two.server.administration.meshStatus().activeP2PConnections;
    await until(() => links() === 1);
    cleo.close();
    await until(() => two.server.administration.rooms().length === 0);
    const dan = await two.join();
    await dan.settled();
    assert.equal(links(), 0, 'nobody has told this node of it since');
  }),
);

test(
  'a node that closes takes its members out at once, and the others go on',
  nodes(async (one, two) => {
    const [ada, bob] = [await one.join(), await two.join()];
    await ada.next('member-joined');
    await two.close();
    assert.equal((await ada.next('member-left')).peer, bob.device.peer);
    const record = ada.device.record(ada.room, 'alone');
    ada.publish([record]);
    assert.deepEqual((await ada.next('placed')).places, [[idOf(record), 1, tagOf(record), null]]);
  }),
);

test(
  'visitors whose network allows polling only are members like the others, each at its own node',
  nodes(async (one, two) => {
    const [ada, bob] = [one.connect({ transports: ['polling'] }), two.connect({ transports: ['polling'] })];
    await ada.join();
    await bob.join();
    const record = ada.device.record(ada.room, 'by polling');
    ada.publish([record]);
    assert.deepEqual((await bob.next('records')).records, [toWire(record)]);
  }),
);
