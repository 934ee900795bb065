// A room of two hundred members on plain sockets and eight real pages: pages link to each other when they are few, are served by
// two of them when the crowd comes, and link to each other again when it has left. Nobody misses a word meanwhile.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createServer } from '../../server/server.js';
import { CROWD } from '../../src/core/crowd/crowd-limits.js';
import { ChatClient } from '../../src/engine/chat-client.js';
import type { Frame } from '../../src/protocol/frames.js';
import { RawClient } from '../support/device.js';
import { PageServer } from '../support/page-server.js';
import { until, within } from '../support/until.js';
import { Visitor, startBrowser } from '../support/visitor.js';
import { when } from '../support/when.js';

const FIRST_PAGES = 5;
const PAGES = 8;
/** Headless clients, and sockets that only listen: two hundred members whose phones open no links. */
const CLIENTS = 40;
const SOCKETS = 160;
/** Conditions are waited for; only a hang takes this long. Looking at eight pages is work for them. */
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 300;
const SUPERNODES = 2;
/** As few as take the roles back (rule C1). */
const LAST_PAGES = 4;
/** Sockets opened at once: one costs the server a few milliseconds. */
const AT_ONCE = 20;

/** Who says something while it is counted whom the server pushes to. */
const SPEAKERS = 12;
/** How often it is listened, should the roles pass on each time. */
const LISTENED_MAX = 5;
/** On a machine that is busy a supernode may be late now and then, and its leaves are rightly pushed to (rule C8). */
const PUSHED_TO_LEAF_MAX = SPEAKERS / 2;

/** Records that the server has pushed to a page's socket of its own accord; answers to questions name a range. */
interface Pushes {
  count: number;
}

function recordsPushed(payload: string): number {
  if (!payload.startsWith('42')) return 0;
  const [, frame] = JSON.parse(payload.slice(2)) as [string, Frame];
  return frame.type === 'records' && frame.places?.range === undefined ? frame.records.length : 0;
}

/** A server that is busy turns sockets away (rule J8); whoever is comes again. */
async function admitted(url: string): Promise<RawClient> {
  for (;;) {
    const client = new RawClient(url);
    const turnedAway = new Promise<false>((resolve) => {
      for (const event of ['connect_error', 'disconnect']) client.socket.once(event, () => resolve(false));
    });
    if (await Promise.race([client.join(), turnedAway])) return client;
    client.close();
  }
}

/** Every text the server has ever sent, as often as it has. */
function textsOf({ received }: RawClient): string[] {
  const records = received.flatMap((frame) => (frame.type === 'records' ? frame.records : []));
  return records.flatMap(([, , , , body]) => (body.kind === 'message' ? [body.text] : []));
}

class Gathering {
  readonly pages: Visitor[] = [];
  readonly pushes = new Map<Visitor, Pushes>();
  readonly clients: ChatClient[] = [];
  readonly sockets: RawClient[] = [];
  readonly said: string[] = [];

  async open(visitor: Promise<Visitor>, pushes: Pushes): Promise<void> {
    const opened = await visitor;
    this.pages.push(opened);
    this.pushes.set(opened, pushes);
  }

  peers(): Promise<number[]> {
    return Promise.all(this.pages.map(async (page) => (await page.status())?.peers ?? 0));
  }

  /** Every page is linked to every other. */
  async isWhole(): Promise<boolean> {
    return (await this.peers()).every((count) => count === this.pages.length - 1);
  }

  /** Two pages serve the others, who are linked to these and to nobody else. */
  async isServed(): Promise<boolean> {
    const peers = await this.peers();
    return peers.filter((count) => count === SUPERNODES).length === this.pages.length - SUPERNODES;
  }

  /** Which of the pages the server has chosen to serve the others. */
  supernodes(): Promise<boolean[]> {
    return Promise.all(
      this.pages.map(({ page }) =>
        page.evaluate(() => document.querySelector('festival-chat')?.client?.glance?.isSupernode === true),
      ),
    );
  }

  /** Every page says something. */
  async speak(): Promise<void> {
    for (const { page } of this.pages) {
      await page.evaluate((text) => document.querySelector('festival-chat')?.sendMessage(text), this.#next());
    }
  }

  /** Some of the others say something; returns how many records the server has pushed to each page meanwhile. */
  async listen(speakers: readonly ChatClient[]): Promise<number[]> {
    const count = (): number[] => this.pages.map((page) => this.pushes.get(page)?.count ?? 0);
    const before = count();
    for (const client of speakers) await client.sendMessage(this.#next());
    await this.allHear();
    return count().map((pushed, index) => pushed - (before[index] ?? 0));
  }

  /** The same, apart for those who are supernodes all the while and those who are none. */
  async pushedByRole(speakers: readonly ChatClient[]): Promise<{ supernodes: number[]; leaves: number[] }> {
    // On a busy machine roles may pass on meanwhile: then nobody can be counted, and it is listened again.
    for (let tries = 0; tries < LISTENED_MAX; tries += 1) {
      const before = await this.supernodes();
      const pushed = await this.listen(speakers);
      const after = await this.supernodes();
      const [supernodes = [], leaves = []] = [true, false].map((isSupernode) =>
        pushed.filter((_, index) => before[index] === isSupernode && after[index] === isSupernode),
      );
      if (supernodes.length > 0 && leaves.length > 0) return { supernodes, leaves };
    }
    throw new Error('the roles did not stay with anybody while it was listened');
  }

  #next(): string {
    const text = `message ${this.said.length}`;
    this.said.push(text);
    return text;
  }

  /** Everybody who is there has everything that was said, once. */
  async allHear(): Promise<void> {
    const said = [...this.said].sort();
    for (const client of this.clients) {
      const hears = when(client, () => client.messages.length >= said.length);
      await within(PATIENCE_MS, 'a client has everything', hears);
      assert.deepEqual(client.messages.map(({ text }) => text).sort(), said);
    }
    for (const socket of this.sockets) {
      await until(() => textsOf(socket).length >= said.length);
      assert.deepEqual(textsOf(socket).sort(), said);
    }
    for (const page of this.pages) {
      await until(async () => (await page.texts()).length >= said.length);
      assert.deepEqual((await page.texts()).sort(), said);
    }
  }
}

test('[C1] [C2] [C5] two hundred sockets and eight pages: tiers come and go, nothing is lost or doubled, and leaves are not pushed to', async (t: TestContext) => {
  let aheadMs = 0;
  const server = createServer({ port: 0, data: ':memory:', now: () => Date.now() + aheadMs });
  const { url, port } = await server.listen();
  const pageServer = await PageServer.start(url);
  const browser = await startBrowser();
  const room = new Gathering();
  try {
    const come = async (): Promise<void> => {
      const attributes = `auto-upgrade-delay="0" display-name="Page ${room.pages.length}"`;
      const address = `${pageServer.url}/?element=${encodeURIComponent(attributes)}`;
      const context = await browser.newContext();
      const pushes = { count: 0 };
      context.on('page', (page) => {
        page.on('websocket', (socket) => {
          socket.on('framereceived', ({ payload }) => {
            pushes.count += recordsPushed(payload.toString());
          });
        });
      });
      await room.open(Visitor.open(context, address), pushes);
    };

    const startedAtMs = performance.now();
    const note = (what: string): void => t.diagnostic(`${Math.round(performance.now() - startedAtMs)} ms: ${what}`);
    // Few: everybody is linked to everybody.
    while (room.pages.length < FIRST_PAGES) await come();
    await until(() => room.isWhole(), PATIENCE_MS, LOOK_EVERY_MS);
    await room.speak();
    await room.allHear();

    note('five pages are linked to each other');

    // The crowd comes: some serve the others. Whoever comes has what was said before.
    while (room.pages.length < PAGES) await come();
    for (let client = 0; client < CLIENTS; client += 1) {
      // Every address of the loopback is a server of its own to a client, so each has a socket of its own.
      room.clients.push(
        new ChatClient({ server: `http://127.0.1.${1 + client}:${port}`, displayName: `Client ${client}` }),
      );
    }
    for (const client of room.clients) client.start();
    for (const client of room.clients) {
      await within(
        PATIENCE_MS,
        'a client is online',
        when(client, () => client.status.connection === 'online'),
      );
    }
    while (room.sockets.length < SOCKETS) {
      const some = Array.from({ length: AT_ONCE }, () => admitted(url));
      room.sockets.push(...(await within(PATIENCE_MS, 'sockets have joined', Promise.all(some))));
    }
    note('two hundred have come');
    aheadMs += CROWD.presentMs + 1_000;
    await room.speak();
    await until(() => room.isServed(), PATIENCE_MS, LOOK_EVERY_MS);
    await room.allHear();

    note('two pages serve the others');

    // Served: nobody but the supernodes is pushed to.
    const { supernodes, leaves } = await room.pushedByRole(room.clients.slice(0, SPEAKERS));
    note('twelve clients have spoken, and everybody has heard them');
    t.diagnostic(
      `of ${SPEAKERS} messages pushed to supernodes: ${supernodes.join(', ')}; to leaves: ${leaves.join(', ')}`,
    );
    assert.ok(supernodes.every((count) => count >= SPEAKERS));
    assert.ok(leaves.every((count) => count <= PUSHED_TO_LEAF_MAX));

    // The crowd leaves, talking: those who stay are linked to each other again.
    const leaving = room.pages.splice(LAST_PAGES).map(({ page }) => page.goto('about:blank'));
    const clients = room.clients.splice(0);
    await room.speak();
    for (const socket of room.sockets.splice(0)) socket.close();
    await Promise.all([...leaving, ...clients.map((client) => client.stop())]);
    await room.speak();
    await until(() => room.isWhole(), PATIENCE_MS, LOOK_EVERY_MS);
    note('those who stayed are linked to each other');
    await room.speak();
    await room.allHear();
    for (const page of room.pages) await page.hadNoProblems();
  } finally {
    for (const socket of room.sockets) socket.close();
    await Promise.all(room.clients.map((client) => client.stop()));
    await browser.close();
    await pageServer.stop();
    await server.close();
  }
});
