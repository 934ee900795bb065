// Two real nodes, a real Redis and headless clients while something of it dies: nothing acknowledged is lost, nothing
// is there twice, and who can move, moves.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChatClient } from '../../src/engine/chat-client.js';
import { RedisServer } from '../support/redis-server.js';
import { ADMIN_TOKEN, TestServer } from '../support/start-server.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { when } from '../support/when.js';

/** Two nodes of one festival, and the Redis between them. */
class TwoNodes {
  readonly redis: RedisServer;
  /** The network between the first node and Redis. */
  readonly toRedis: TcpProxy;
  nodes: readonly TestServer[] = [];
  readonly #clients: ChatClient[] = [];
  readonly #proxies: TcpProxy[] = [];

  private constructor(redis: RedisServer, toRedis: TcpProxy) {
    this.redis = redis;
    this.toRedis = toRedis;
  }

  static async run(run: (both: TwoNodes) => Promise<void>, options: { isDurable?: boolean } = {}): Promise<void> {
    const redis = await RedisServer.start(options);
    const both = new TwoNodes(redis, await TcpProxy.start([redis.port]));
    try {
      await both.#open();
      await run(both);
    } finally {
      await both.#end();
    }
  }

  async #open(): Promise<void> {
    for (const port of [this.toRedis.port, this.redis.port]) {
      const node = await TestServer.start({ FESTIVAL_CHAT_REDIS_URL: `redis://127.0.0.1:${port}` });
      this.nodes = [...this.nodes, node];
    }
  }

  async #end(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.stop()));
    await Promise.all(this.nodes.map((node) => node.end()));
    await Promise.all([...this.#proxies, this.toRedis].map((proxy) => proxy.end()));
    await this.redis.end();
  }

  /** A visitor behind a load balancer that begins with this node. */
  async visitor(name: string, node: 0 | 1, room = 'lobby'): Promise<ChatClient> {
    const ports = this.nodes.map(({ url }) => Number(new URL(url).port));
    const proxy = await TcpProxy.start(ports, node);
    this.#proxies.push(proxy);
    const client = new ChatClient({ server: `http://127.0.0.1:${proxy.port}`, room, displayName: name, mesh: 'off' });
    this.#clients.push(client);
    client.start();
    await when(client, () => client.status.connection === 'online');
    return client;
  }

  /** What this node answers the operator. */
  ask(node: 0 | 1, path: string): Promise<Response> {
    const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
    return fetch(`${this.nodes[node]?.url ?? ''}/admin/${path}`, { headers });
  }

  async crowd(): Promise<readonly ChatClient[]> {
    const crowd = [
      await this.visitor('Ada', 0),
      await this.visitor('Bob', 0),
      await this.visitor('Cleo', 1),
      await this.visitor('Dan', 1),
    ];
    for (const client of crowd) await when(client, () => client.status.members === crowd.length);
    return crowd;
  }
}

/** Each says this many things. */
async function say(crowd: readonly ChatClient[], what: string, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1)
    await Promise.all(crowd.map((client) => client.sendMessage(`${client.displayName ?? ''} ${what} ${index}`)));
}

function ownAreStored(client: ChatClient): boolean {
  return client.messages.every((message) => !message.mine || message.delivery.state === 'stored');
}

/** Everybody has everything, once, and knows that the own is stored; somebody who comes now is given it all. */
async function allHaveAll(both: TwoNodes, crowd: readonly ChatClient[], count: number): Promise<void> {
  for (const client of crowd) await when(client, () => client.messages.length >= count && ownAreStored(client));
  const late = await both.visitor('Eve', 1);
  await when(late, () => late.messages.length >= count);
  for (const client of [...crowd, late]) {
    const texts = client.messages.map((message) => message.text);
    assert.equal(texts.length, count);
    assert.equal(new Set(texts).size, count, 'nothing twice');
  }
}

test('a node killed under load: its visitors move to the other, nothing is lost and nothing is there twice', () =>
  TwoNodes.run(async (both) => {
    const crowd = await both.crowd();
    await say(crowd, 'before', 3);
    const saying = say(crowd, 'meanwhile', 4);
    await both.nodes[0]?.stop('SIGKILL');
    await saying;
    for (const client of crowd) await when(client, () => client.status.connection === 'online');
    await say(crowd, 'after', 2);
    await allHaveAll(both, crowd, 4 * 9);
    for (const client of crowd) await when(client, () => client.status.members === crowd.length + 1);
  }));

test('Redis killed and started again under load: what was stored is there, what was not is stored then', () =>
  TwoNodes.run(async (both) => {
    const crowd = await both.crowd();
    await say(crowd, 'before', 3);
    const saying = say(crowd, 'meanwhile', 2);
    await both.redis.kill();
    await saying;
    await say(crowd, 'without', 2);
    const [ada, bob] = crowd;
    assert.ok(ada !== undefined && bob !== undefined);
    await when(bob, () => bob.messages.some((message) => message.text === 'Ada without 1'));
    assert.ok(crowd.every((client) => client.status.connection === 'online'));
    await both.redis.start();
    await say(crowd, 'after', 2);
    await allHaveAll(both, crowd, 4 * 9);
  }));

test('Redis comes back empty: a new epoch, and the visitors fill it again', () =>
  TwoNodes.run(
    async (both) => {
      const crowd = await both.crowd();
      await say(crowd, 'before', 3);
      for (const client of crowd) await when(client, () => client.messages.length === 12 && ownAreStored(client));
      await both.redis.kill();
      await both.redis.start();
      await say(crowd, 'after', 2);
      await allHaveAll(both, crowd, 4 * 5);
    },
    { isDurable: false },
  ));

for (const how of ['cut', 'stall'] as const) {
  test(`the network between a node and Redis is lost (${how}): its visitors go on among themselves, and catch up after`, () =>
    TwoNodes.run(async (both) => {
      const crowd = await both.crowd();
      const [ada, bob, cleo, dan] = crowd;
      assert.ok(ada !== undefined && bob !== undefined && cleo !== undefined && dan !== undefined);
      both.toRedis[how]();
      for (const client of crowd) await when(client, () => client.status.members === 2);
      await ada.sendMessage('among us');
      await cleo.sendMessage('among the others');
      await when(bob, () => bob.messages.length === 1);
      await when(dan, () => dan.messages.length === 1);
      assert.equal(ada.messages[0]?.delivery.state, 'queued');
      await when(ada, () => ada.status.reason === 'not-stored');
      const fay = await both.visitor('Fay', 0);
      await when(fay, () => fay.messages.length === 1);
      await fay.sendMessage('who came meanwhile');
      await when(ada, () => ada.messages.length === 2);
      const told = both.nodes[0]?.log.match(/messages are passed on but not stored/g);
      assert.equal(told?.length, 1, 'one outage is one line');
      both.toRedis.heal();
      for (const client of [...crowd, fay]) await when(client, () => client.status.members === 5);
      await allHaveAll(both, [...crowd, fay], 3);
    }));
}

test('a room that closes while its node does not reach Redis is open nowhere afterwards', () =>
  TwoNodes.run(async (both) => {
    const ada = await both.visitor('Ada', 0);
    both.toRedis.cut();
    await ada.stop();
    await until(async () => (await both.ask(0, `rooms/${encodeURIComponent('default/lobby')}`)).status === 404);
    both.toRedis.heal();
    const crowd = [await both.visitor('Bob', 0, 'camping'), await both.visitor('Cleo', 1, 'camping')];
    for (const client of crowd) await when(client, () => client.status.members === crowd.length);
    const { items } = (await (await both.ask(1, 'rooms')).json()) as { items: { room: string }[] };
    assert.deepEqual(
      items.map(({ room }) => room),
      ['default/camping'],
    );
  }));
