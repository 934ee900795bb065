// Supernodes at a real server, by rule: who is given a role, who is pushed to, and what may be passed on.

import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { test } from 'node:test';
import { createServer } from '../../server/server.js';
import { placesBytes } from '../../src/protocol/canonical.js';
import type { FrameOf } from '../../src/protocol/frames.js';
import type { AuthorId, PeerId } from '../../src/protocol/ids.js';
import { fromWire } from '../../src/protocol/record.js';
import { placeOfWire } from '../../src/core/record-frames.js';
import { CROWD } from '../../src/core/crowd/crowd-limits.js';
import { FIT_DEVICE, RawClient } from '../support/device.js';
import { until } from '../support/until.js';

const MEMBERS = 8;

/** A room of fit members whose minute of presence has passed by the server's clock. */
class CrowdedRoom {
  readonly clients: RawClient[] = [];
  serverKey: AuthorId | undefined;
  #aheadMs = 0;
  readonly server = createServer({ port: 0, data: ':memory:', now: () => Date.now() + this.#aheadMs });

  async open(): Promise<void> {
    const { url } = await this.server.listen();
    while (this.clients.length < MEMBERS) {
      const client = new RawClient(url);
      await client.join();
      this.clients.push(client);
    }
    this.#aheadMs = CROWD.presentMs + 1_000;
    for (const client of this.clients) this.report(client, []);
  }

  /** The server's clock goes forward. */
  pass(ms: number): void {
    this.#aheadMs += ms;
  }

  report(client: RawClient, parents: readonly PeerId[], location?: string): void {
    const link = { connectMs: 100, rttMs: 5, isRelayed: false };
    const links = parents.map((peer, index) => ({ ...link, peer, dial: `dial0000${String(index)}` }));
    client.send({
      type: 'report',
      room: client.room,
      links,
      failedDials: [],
      device: { ...FIT_DEVICE, ...(location === undefined ? {} : { location }) },
      p2pMessages: 0,
      fallbacks: 0,
    });
  }

  /** Two supernodes and their leaves, each leaf linked to its parents as far as it has said. */
  async settle(): Promise<{ supernodes: RawClient[]; leaves: RawClient[] }> {
    const [supernodes, leaves]: [RawClient[], RawClient[]] = [[], []];
    for (const client of this.clients) {
      const { role, parents } = await client.next('role', (frame) => frame.role !== 'fan-out');
      if (role === 'supernode') supernodes.push(client);
      else {
        leaves.push(client);
        this.report(
          client,
          parents.map((parent) => parent.peer),
        );
        await client.settled();
      }
    }
    return { supernodes, leaves };
  }

  async close(): Promise<void> {
    for (const client of this.clients) client.close();
    await this.server.close();
  }
}

async function withCrowd(run: (crowd: CrowdedRoom) => Promise<void>): Promise<void> {
  const crowd = new CrowdedRoom();
  try {
    await crowd.open();
    await run(crowd);
  } finally {
    await crowd.close();
  }
}

test('[C1] [C2] [C3] a room of eight gets two supernodes, and every other member both as parents', () =>
  withCrowd(async (crowd) => {
    const roles = await Promise.all(crowd.clients.map((client) => client.next('role')));
    const supernodes = crowd.clients.filter((_, index) => roles[index]?.role === 'supernode');
    assert.equal(supernodes.length, 2);
    const ids = new Set(supernodes.map((client) => client.device.peer));
    for (const { role, parents } of roles.filter((frame) => frame.role !== 'supernode')) {
      assert.equal(role, 'leaf');
      assert.deepEqual(new Set(parents.map((parent) => parent.peer)), ids);
    }
  }));

test('[C2] [C3] members of each area are served within it first, and from another second', () =>
  withCrowd(async (crowd) => {
    const areaOf = new Map(crowd.clients.map(({ device }, index) => [device.peer, index < 4 ? 'stage' : 'camp']));
    for (const client of crowd.clients) crowd.report(client, [], areaOf.get(client.device.peer));
    const isServedNear = ({ device, received }: RawClient): boolean => {
      const latest = received.filter((frame): frame is FrameOf<'role'> => frame.type === 'role').at(-1);
      const [first, second, ...more] = latest?.parents.map(({ peer }) => areaOf.get(peer)) ?? [];
      return first === areaOf.get(device.peer) && second !== undefined && second !== first && more.length === 0;
    };
    // Two serve, and all others have one of them near and the other second.
    await until(() => crowd.clients.filter(isServedNear).length === MEMBERS - 2);
  }));

test('[C5] [C6] supernodes are pushed to with a receipt that verifies; covered leaves are not pushed to', () =>
  withCrowd(async (crowd) => {
    const { supernodes, leaves } = await crowd.settle();
    const [author, ...others] = leaves;
    assert.ok(author);
    const key = await crowdKey(crowd);
    const record = author.device.record(author.room, 'to all of you');
    author.publish([record]);
    await author.next('placed');
    for (const supernode of supernodes) {
      const { records, places, room } = await supernode.next('records');
      assert.ok(places?.proof !== undefined);
      const [wire] = records;
      assert.ok(wire);
      const { epoch, head } = places;
      const said = { epoch, head, places: [placeOfWire(fromWire(room, wire), places.offsets[0] ?? 0, null)] };
      assert.ok(isSigned(key, placesBytes(room, said), places.proof));
      assert.ok(!isSigned(key, placesBytes(room, { ...said, head: head + 1 }), places.proof));
      supernode.send({ type: 'reached', room, epoch, offset: places.offsets[0] });
      await supernode.settled();
    }
    for (const leaf of others) {
      await leaf.settled();
      assert.ok(!leaf.received.some((frame) => frame.type === 'records'), 'a covered leaf was pushed to');
    }
  }));

test('[C8] leaves of supernodes that do not say they have it are sent it by the server', () =>
  withCrowd(async (crowd) => {
    const { leaves } = await crowd.settle();
    const [author, ...others] = leaves;
    assert.ok(author);
    author.publish([author.device.record(author.room, 'will it come?')]);
    for (const leaf of others) {
      const { records, places } = await leaf.next('records');
      assert.equal(records.length, 1);
      assert.ok(places?.range !== undefined, 'as a page of what the leaf may lack');
    }
  }));

test('[C2] [C8] who reports the best figures and does not deliver is found out, let go, and not chosen again', () =>
  withCrowd(async (crowd) => {
    const { supernodes, leaves } = await crowd.settle();
    const [[boaster, honest], [author]] = [supernodes, leaves];
    assert.ok(boaster && honest && author);
    author.publish([author.device.record(author.room, 'will it come?')]);
    const { places, room } = await honest.next('records');
    honest.send({ type: 'reached', room, epoch: places?.epoch, offset: places?.offsets[0] });
    await honest.settled();
    const boast = async (): Promise<void> => {
      crowd.report(boaster, []);
      await boaster.settled();
    };
    // The server's clock jumps; whatever it is told next, it looks at it.
    crowd.pass(CROWD.reachPatienceMs);
    await boast();
    crowd.pass(CROWD.suspectMaxMs);
    await boast();
    await boaster.next('role', ({ role }) => role !== 'supernode');
    const roles = (client: RawClient) => client.received.filter((frame) => frame.type === 'role');
    crowd.pass(CROWD.demotedForMs - 10_000);
    await boast();
    assert.ok(!roles(boaster).some(({ role }) => role === 'supernode'));
    assert.ok(!roles(honest).some(({ role }) => role !== 'supernode'), 'the other one stays');
    assert.ok(
      leaves.some((leaf) => roles(leaf).some(({ role }) => role === 'supernode')),
      'and another is chosen',
    );
  }));

test('[C2] a server that goes leaves everybody the role they have', () =>
  withCrowd(async (crowd) => {
    await crowd.settle();
    await crowd.server.close();
    for (const { socket } of crowd.clients) await until(() => !socket.connected);
    assert.deepEqual(
      crowd.clients.flatMap(({ received }) => received.filter(({ type }) => type === 'role')),
      [],
    );
  }));

test('[J4] the number of members comes with every pong', () =>
  withCrowd(async (crowd) => {
    const [client] = crowd.clients;
    assert.ok(client);
    client.send({ type: 'ping', room: client.room, nonce: 7 });
    assert.equal((await client.next('pong', (frame) => frame.nonce === 7)).memberCount, MEMBERS);
  }));

/** What a newcomer is told. */
async function crowdKey(crowd: CrowdedRoom): Promise<AuthorId> {
  if (crowd.serverKey === undefined) {
    const [client] = crowd.clients;
    assert.ok(client);
    client.rejoin('Device again');
    crowd.serverKey = (await client.next('joined')).serverKey;
  }
  assert.ok(crowd.serverKey !== undefined);
  return crowd.serverKey;
}

function isSigned(author: AuthorId, bytes: Uint8Array, signature: string): boolean {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: author }, format: 'jwk' });
  return verify(null, bytes, key, Buffer.from(signature, 'base64url'));
}
