// The headless client in Node, against a real server: no DOM, no database, no WebRTC, and the chat works.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { SignJWT } from 'jose';
import { createServer } from '../../server/server.js';
import type { CompanionServer, ServerOptions } from '../../server/server.js';
import type { ChatClientOptions } from '../../src/engine/chat-client-options.js';
import { ChatClient } from '../../src/engine/chat-client.js';
import { ChatError } from '../../src/engine/chat-error.js';
import { fetchAfterStart } from '../../src/engine/fetched-parts.js';
import { storageName } from '../../src/engine/kept-schema.js';
import { pageRegistry } from '../../src/engine/page-registry.js';
import { freePort } from '../support/free-port.js';
import { when } from '../support/when.js';

interface Running {
  readonly server: CompanionServer;
  readonly port: number;
  /** Two clients of one process are two pages only under two addresses of the server. */
  client(host: '127.0.0.1' | 'localhost', options?: Partial<ChatClientOptions>): ChatClient;
}

async function running(run: (running: Running) => Promise<void>, options: ServerOptions = {}): Promise<void> {
  const server = createServer({ port: 0, data: ':memory:', ...options });
  const { port } = await server.listen();
  const clients: ChatClient[] = [];
  try {
    await run({
      server,
      port,
      client(host, options = {}) {
        const client = new ChatClient({ server: `http://${host}:${port}`, displayName: 'Ada', ...options });
        clients.push(client);
        client.start();
        return client;
      },
    });
  } finally {
    await Promise.all(clients.map((client) => client.stop()));
    await server.close();
  }
}

const isCode = (code: string) => (error: unknown) => error instanceof ChatError && error.code === code;

test('two clients chat, edit, react and retract', () =>
  running(async ({ client }) => {
    const ada = client('127.0.0.1');
    const bob = client('localhost', { displayName: 'Bob' });
    await when(ada, () => ada.status.members === 2);
    const sent = await ada.sendMessage('  hello\r\nthere ');
    assert.equal(sent.text, 'hello\nthere');
    await when(bob, () => bob.messages.length === 1);
    assert.equal(bob.messages.at(0)?.author.name, 'Ada');
    await bob.react(sent.id, '🎉');
    await when(ada, () => ada.messages[0]?.reactions[0]?.count === 1);
    await bob.react(sent.id, '🎉');
    await when(ada, () => ada.messages[0]?.reactions.length === 0);
    await ada.editMessage(sent.id, 'hello again');
    await when(bob, () => bob.messages.at(0)?.edited === true);
    assert.equal(bob.messages.at(0)?.text, 'hello again');
    await ada.retractMessage(sent.id);
    await when(bob, () => bob.messages.at(0)?.retracted === true);
    assert.equal(bob.messages.at(0)?.text, '');
  }));

test('what cannot be sent is refused at the call, and says why', () =>
  running(async ({ client }) => {
    const ada = client('127.0.0.1');
    const bob = client('localhost', { displayName: 'Bob' });
    const sent = await ada.sendMessage('mine');
    await when(bob, () => bob.messages.length === 1);
    await assert.rejects(ada.sendMessage('   '), RangeError);
    await assert.rejects(ada.sendMessage('x'.repeat(4_001)), RangeError);
    await assert.rejects(bob.editMessage(sent.id, 'stolen'), isCode('not-yours'));
    const stopped = new ChatClient({ server: 'http://127.0.0.1:1', displayName: 'Ada' });
    await assert.rejects(stopped.sendMessage('nobody runs'), isCode('closed'));
    assert.throws(() => ada.setDisplayName('\u200b'), RangeError);
    assert.throws(() => new ChatClient({ server: 'http://127.0.0.1:1', room: 'a b' }), RangeError);
  }));

test('without a name one reads, and writing asks for it', () =>
  running(async ({ client, port }) => {
    const guest = new ChatClient({ server: `http://127.0.0.1:${port}` });
    guest.start();
    const ada = client('localhost');
    await ada.sendMessage('welcome');
    await when(guest, () => guest.messages.length === 1);
    await assert.rejects(
      guest.sendMessage('hm'),
      (error: unknown) => error instanceof ChatError && error.code === 'no-name',
    );
    guest.setDisplayName('Guest of honour');
    await when(ada, () => ada.members.some((member) => member.author.name === 'Guest of honour'));
    await guest.sendMessage('thank you');
    await when(ada, () => ada.messages.length === 2);
    await guest.stop();
  }));

test('a forced reconnect loses nothing and doubles nothing', () =>
  running(async ({ client }) => {
    const ada = client('127.0.0.1');
    const bob = client('localhost', { displayName: 'Bob' });
    await when(bob, () => bob.status.connection === 'online');
    bob.forceReconnect();
    await ada.sendMessage('while you were away');
    ada.forceReconnect();
    await ada.sendMessage('and I too');
    await when(bob, () => bob.messages.length === 2);
    await when(ada, () => ada.messages.every((message) => message.delivery.state === 'stored'));
    assert.deepEqual(
      bob.messages.map((message) => message.text),
      ['while you were away', 'and I too'],
    );
  }));

test('a message written before any server is there waits, and is stored when one is', async (t: TestContext) => {
  const port = await freePort();
  const ada = new ChatClient({ server: `http://127.0.0.1:${port}`, displayName: 'Ada' });
  t.after(() => ada.stop());
  ada.start();
  const sent = await ada.sendMessage('is anybody there?');
  assert.equal(sent.delivery.state, 'queued');
  const server = createServer({ port, data: ':memory:' });
  t.after(() => server.close());
  await server.listen();
  await when(ada, () => ada.messages[0]?.delivery.state === 'stored');
});

test('[J7] the name in a join token is the visitor’s, and one for another room is told as refused', async () => {
  const joinSecret = 'a secret of at least thirty-two bytes';
  const token = (claims: Record<string, unknown>): Promise<string> =>
    new SignJWT({ aud: 'festival-chat', room: 'default/lobby', ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode(joinSecret));
  const [named, elsewhere] = [await token({ name: 'Zoë of the box office' }), await token({ room: 'default/crew' })];
  await running(
    async ({ client, server }) => {
      const zoe = client('127.0.0.1', { displayName: 'Somebody else', token: named });
      await when(zoe, () => zoe.status.connection === 'online');
      assert.equal(zoe.displayName, 'Zoë of the box office');
      zoe.setDisplayName('Somebody else again');
      await zoe.sendMessage('it is me');
      await when(zoe, () => zoe.messages[0]?.delivery.state === 'stored');
      const lost = client('localhost', { token: elsewhere });
      await when(lost, () => lost.status.reason === 'token-refused');
      assert.deepEqual(server.administration.analytics().refused, { 'bad-token': 1 });
    },
    { joinSecret },
  );
});

test('something that throws while it is sent stops nothing that comes after it', () =>
  running(async ({ client, port }) => {
    const ada = client('127.0.0.1');
    client('localhost', { displayName: 'Bob' });
    await when(ada, () => ada.status.members === 2);
    await fetchAfterStart();
    const socket = pageRegistry().sockets.get(`http://127.0.0.1:${port}`)?.value;
    assert.ok(socket);
    socket.send = () => {
      Reflect.deleteProperty(socket, 'send');
      throw new Error('this frame cannot be sent');
    };
    assert.throws(() => ada.tellTyping(), /cannot be sent/);
    void ada.sendMessage('still here');
    await when(ada, () => ada.messages[0]?.delivery.state === 'stored');
  }));

test('a start that fails says so, disturbs nobody, and may be tried again', () =>
  running(async ({ client, port }) => {
    const ada = client('127.0.0.1');
    await when(ada, () => ada.status.connection === 'online');
    const twin = new ChatClient({ server: `http://127.0.0.1:${port}`, displayName: 'Ada' });
    const told: string[] = [];
    twin.addEventListener('fc-error', ({ error }) => told.push(error.code));
    twin.start();
    await assert.rejects(twin.sendMessage('a page has one client a room'), isCode('storage'));
    assert.deepEqual(told, ['storage']);
    await ada.sendMessage('as before');
    await when(ada, () => ada.messages[0]?.delivery.state === 'stored');
    await ada.stop();
    assert.equal(pageRegistry().sockets.size, 0);
    twin.start();
    await twin.sendMessage('now it is my turn');
    await when(twin, () => twin.messages.at(-1)?.delivery.state === 'stored');
    await twin.stop();
  }));

test('a stop that is taken back while it starts stops nothing; one that is not begins nothing', () =>
  running(async ({ client }) => {
    const ada = client('127.0.0.1');
    const stopping = ada.stop();
    ada.start();
    await stopping;
    await ada.sendMessage('still here');
    const bob = client('localhost');
    const asked = bob.sendMessage('too late');
    await bob.stop();
    await assert.rejects(asked, isCode('closed'));
    assert.equal(pageRegistry().sockets.size, 1);
  }));

/** What the device of this client keeps; a test may put another `wipe` in its place. */
function memoryOf(port: number): { wipe: () => Promise<void> } {
  const memory = pageRegistry().memories.get(storageName(`http://127.0.0.1:${port}`, 'default'));
  assert.ok(memory);
  return memory;
}

test('a wipe starts nothing that was stopped meanwhile', () =>
  running(async ({ client, port }) => {
    const ada = client('127.0.0.1');
    await ada.sendMessage('forget this');
    memoryOf(port).wipe = () => ada.stop();
    await ada.wipe();
    await assert.rejects(ada.sendMessage('nobody runs'), isCode('closed'));
    assert.equal(pageRegistry().sockets.size, 0);
  }));

test('a wipe that the browser refuses says so, and the chat goes on', () =>
  running(async ({ client, port }) => {
    const ada = client('127.0.0.1', { displayName: 'Ada' });
    await ada.sendMessage('cannot be forgotten');
    memoryOf(port).wipe = () => Promise.reject(new Error('refused'));
    await assert.rejects(ada.wipe(), isCode('storage'));
    await ada.sendMessage('still here');
  }));

test('what is asked of a session that ends meanwhile is refused', () =>
  running(async ({ client }) => {
    const ada = client('127.0.0.1');
    await when(ada, () => ada.status.connection === 'online');
    const asked = [ada.photos(), ada.pair()];
    await ada.stop();
    for (const each of asked) await assert.rejects(each, isCode('closed'));
  }));

test('diagnostics hold measured figures, and no text', () =>
  running(async ({ client }) => {
    const ada = client('127.0.0.1');
    await when(ada, () => ada.status.connection === 'online');
    await ada.sendMessage('a secret word');
    await when(ada, () => ada.messages[0]?.delivery.state === 'stored');
    const diagnostics = ada.getConnectionDiagnostics();
    assert.ok(diagnostics.routes.quality.webSocket.samples > 0);
    assert.equal(diagnostics.routes.quality.p2p.latencyMs, null);
    assert.equal(diagnostics.environment.storage, 'memory');
    assert.equal(diagnostics.routes.recent[0]?.reason, 'no-peer-link');
    assert.ok(!JSON.stringify(diagnostics).includes('secret'));
  }));
