// When a page asks its service worker to hand the outbox over. The worker is a stand-in here: which one a page has, and
// what its browser can, cannot be changed in a test's page. The real one is in test/e2e/background-sync.test.ts.

import { expect } from '@open-wc/testing';
import { watchOutbox } from '../../../src/engine/care/outbox-sync.js';
import { memoryStorage } from '../../../src/engine/memory-storage.js';
import type { ChatStorage } from '../../../src/engine/storage.js';
import { openStorage, wipeStorage } from '../../../src/engine/storage.js';
import { HANDOVER_TAG } from '../../../src/protocol/handover.js';
import { roomKey } from '../../../src/protocol/ids.js';
import { ScriptedChat, message } from '../../../stories/scripted-chat.js';
import { waitUntil } from '../../support/wait-in-browser.js';

const ROOM = roomKey('default', 'lobby');
const OTHER = roomKey('default', 'other');
const WAITING = { connection: 'offline', isConnected: false, websocket: 'disconnected', queued: 2 } as const;
const OURS = 'https://festival.example/festival-chat-worker.js?from=x';

/** Tags asked for, in order. */
const asked: string[] = [];
let storage: ChatStorage;
let end = (): void => undefined;

function pageHas(scriptURL: string | null, registration: object): void {
  const controller = scriptURL === null ? null : { scriptURL };
  const value = { controller, ready: Promise.resolve(registration) };
  Object.defineProperty(navigator, 'serviceWorker', { value, configurable: true });
}

const SYNCING = {
  sync: {
    register: (tag: string): Promise<void> => {
      asked.push(tag);
      return Promise.resolve();
    },
  },
};

function watch(chat: ScriptedChat, token?: string, kept: ChatStorage = storage): void {
  const options = { server: 'https://chat.example', ...(token === undefined ? {} : { token }) };
  end = watchOutbox({ key: ROOM, storage: kept, chat, options });
}

/** Whatever was asked for by now has been. */
async function settled(): Promise<void> {
  await storage.fact('tokens');
  await new Promise((resolve) => setTimeout(resolve));
}

beforeEach(async () => {
  asked.splice(0);
  storage = await openStorage('outbox-sync-test');
  pageHas(OURS, SYNCING);
});
afterEach(async () => {
  end();
  Reflect.deleteProperty(navigator, 'serviceWorker');
  storage.close();
  await wipeStorage('outbox-sync-test');
});

describe('asking for the outbox to be handed over', () => {
  it('asks once an outage, when something waits and no server is there', async () => {
    const chat = new ScriptedChat();
    watch(chat);
    chat.setStatus({ ...WAITING, queued: 0 });
    chat.setStatus({ ...WAITING, websocket: 'connecting' });
    await settled();
    expect(asked).to.deep.equal([]);
    chat.setStatus(WAITING);
    chat.setStatus({ ...WAITING, websocket: 'connecting', queued: 3 });
    chat.setStatus({ ...WAITING, queued: 3 });
    await settled();
    expect(asked).to.deep.equal([HANDOVER_TAG]);
    chat.setStatus({ connection: 'online', websocket: 'connected', queued: 0 });
    chat.setStatus(WAITING);
    await settled();
    expect(asked).to.deep.equal([HANDOVER_TAG, HANDOVER_TAG]);
  });

  it('asks for what others wrote and this device carries', async () => {
    const chat = new ScriptedChat({ status: { ...WAITING, connection: 'mesh-only', queued: 0 } });
    watch(chat);
    await settled();
    expect(asked).to.deep.equal([]);
    chat.receive(message('carried', { delivery: { state: 'sent', acknowledgedBy: 0 } }));
    await settled();
    expect(asked).to.deep.equal([HANDOVER_TAG]);
  });

  it('asks again when the page goes while something waits, and not when nothing does', async () => {
    const chat = new ScriptedChat({ status: { queued: 1 } });
    watch(chat);
    dispatchEvent(new Event('pagehide'));
    await settled();
    expect(asked).to.deep.equal([HANDOVER_TAG]);
    chat.setStatus({ queued: 0 });
    dispatchEvent(new Event('pagehide'));
    await settled();
    expect(asked.length).to.equal(1);
  });

  it('leaves the join token where the worker finds it, before it asks', async () => {
    await storage.keepFact('tokens', { [OTHER]: 'another' });
    watch(new ScriptedChat({ status: WAITING }), 'a token');
    await waitUntil(() => asked.length > 0);
    expect(await storage.fact('tokens')).to.deep.equal({ [OTHER]: 'another', [ROOM]: 'a token' });
  });

  it('leaves no other room’s token out when two tabs ask at once', async () => {
    watch(new ScriptedChat({ status: WAITING }), 'a token');
    const endThis = end;
    const another = { server: 'https://chat.example', token: 'another' };
    end = watchOutbox({ key: OTHER, storage, chat: new ScriptedChat({ status: WAITING }), options: another });
    await waitUntil(() => asked.length === 2);
    endThis();
    expect(await storage.fact('tokens')).to.deep.equal({ [OTHER]: 'another', [ROOM]: 'a token' });
  });

  it('takes the join token back once a server is there and nothing waits, also that of an earlier visit', async () => {
    await storage.keepFact('tokens', { [OTHER]: 'another', [ROOM]: 'an earlier one' });
    const chat = new ScriptedChat({ status: { ...WAITING, connection: 'online', websocket: 'connected' } });
    watch(chat, 'a token');
    await settled();
    expect(await storage.fact('tokens')).to.deep.equal({ [OTHER]: 'another', [ROOM]: 'an earlier one' });
    const isGone = async (): Promise<boolean> => (await storage.fact('tokens'))?.[ROOM] === undefined;
    chat.setStatus({ queued: 0 });
    await waitUntil(isGone);
    chat.setStatus(WAITING);
    await waitUntil(() => asked.length > 0);
    chat.setStatus({ connection: 'online', websocket: 'connected', queued: 0 });
    await waitUntil(isGone);
    expect(await storage.fact('tokens')).to.deep.equal({ [OTHER]: 'another' });
  });

  const NOBODY: readonly (readonly [string, () => void])[] = [
    ['the page has no worker', () => pageHas(null, SYNCING)],
    ['the worker is the site’s own', () => pageHas('https://festival.example/worker.js', SYNCING)],
    ['the browser has no background sync', () => pageHas(OURS, {})],
    [
      'the page may have no worker',
      () => Object.defineProperty(navigator, 'serviceWorker', { value: undefined, configurable: true }),
    ],
  ];
  for (const [why, arrange] of NOBODY) {
    it(`asks nobody when ${why}`, async () => {
      arrange();
      watch(new ScriptedChat({ status: WAITING }), 'a token');
      await settled();
      expect(asked).to.deep.equal([]);
      expect(await storage.fact('tokens')).to.equal(undefined);
    });
  }

  it('asks nobody when the device keeps nothing', async () => {
    watch(new ScriptedChat({ status: WAITING }), undefined, memoryStorage('outbox-sync-test'));
    await settled();
    expect(asked).to.deep.equal([]);
  });
});
