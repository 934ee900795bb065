// One contract for whatever keeps things on a device, and what happens when the browser refuses. Real IndexedDB.

import { expect } from '@open-wc/testing';
import { deleteDB, openDB } from 'idb';
import type { KeptRecord } from '../../../src/core/room-io.js';
import type { DeviceKey } from '../../../src/engine/crypto-suite.js';
import { memoryStorage } from '../../../src/engine/memory-storage.js';
import { openStorage, wipeStorage } from '../../../src/engine/storage.js';
import type { ChatStorage } from '../../../src/engine/storage.js';
import type { AuthorId, SessionId } from '../../../src/protocol/ids.js';
import { roomKey } from '../../../src/protocol/ids.js';
import { idOf } from '../../../src/protocol/record.js';

const LOBBY = roomKey('default', 'lobby');
const CREW = roomKey('default', 'crew');
let count = 0;

function newName(): string {
  count += 1;
  return `storage-test-${count}`;
}

function key(author: string): DeviceKey {
  return { kind: 'noble', author: author as AuthorId, seed: new Uint8Array(32) };
}

function kept(seq: number, change: Partial<KeptRecord> = {}, room = LOBBY): KeptRecord {
  const body = { kind: 'message', name: 'Ada', text: `message ${seq}` } as const;
  const [author, session] = ['a'.repeat(43) as AuthorId, 's'.repeat(12) as SessionId];
  const record = { room, author, session, seq, time: seq, body, signature: 'x' };
  return { record, arrivedAtMs: seq, route: 'websocket', hops: 0, offset: null, epoch: null, ...change };
}

async function seqs(storage: ChatStorage, room = LOBBY): Promise<number[]> {
  const { records } = await storage.load(room);
  return records.map(({ record }) => record.seq).sort();
}

/** Opens what is kept under this name, again and again as a page does that is reloaded, or an element that is moved. */
const KINDS: readonly (readonly [ChatStorage['kind'], (name: string) => Promise<ChatStorage>])[] = [
  ['indexeddb', openStorage],
  ['memory', (name) => Promise.resolve(memoryStorage(name))],
];

for (const [kind, open] of KINDS) {
  describe(`storage in ${kind}`, () => {
    it('says what it is', async () => expect((await open(newName())).kind).to.equal(kind));

    it('keeps the first key it was given, also for two that ask at once', async () => {
      const name = newName();
      const tabs = await Promise.all([open(name), open(name)]);
      const keys = await Promise.all(tabs.map((tab, index) => tab.deviceKey(key(`key ${index}`))));
      expect(keys[0]?.author).to.equal(keys[1]?.author);
      expect((await (await open(name)).deviceKey(key('a later one'))).author).to.equal(keys[0]?.author);
    });

    it('keeps the name', async () => {
      const name = newName();
      const storage = await open(name);
      expect(await storage.fact('name')).to.equal(undefined);
      await storage.keepFact('name', 'Ada');
      expect(await (await open(name)).fact('name')).to.equal('Ada');
    });

    it('keeps records and positions by room, the last state of each', async () => {
      const name = newName();
      const storage = await open(name);
      expect(await storage.load(LOBBY)).to.deep.equal({ records: [], position: null });
      await Promise.all([
        storage.save(kept(1), true),
        storage.save(kept(1, { offset: 7 }), true),
        storage.save(kept(2), true),
      ]);
      await storage.save(kept(3, {}, CREW), true);
      await storage.savePosition(LOBBY, { epoch: 'epoch', offset: 7 });
      storage.close();
      const again = await open(name);
      expect(await seqs(again)).to.deep.equal([1, 2]);
      expect(await seqs(again, CREW)).to.deep.equal([3]);
      const { records, position } = await again.load(LOBBY);
      expect(records.find(({ record }) => record.seq === 1)?.offset).to.equal(7);
      expect(position).to.deep.equal({ epoch: 'epoch', offset: 7 });
    });

    it('forgets what it is told to', async () => {
      const storage = await open(newName());
      for (const seq of [1, 2, 3]) await storage.save(kept(seq), true);
      await storage.forget(LOBBY, [idOf(kept(1).record), idOf(kept(3).record)]);
      expect(await seqs(storage)).to.deep.equal([2]);
    });

    it('is empty after a wipe, and may be used again', async () => {
      const name = newName();
      const storage = await open(name);
      await storage.deviceKey(key('old'));
      await storage.keepFact('name', 'Ada');
      await storage.save(kept(1), true);
      storage.close();
      await wipeStorage(name);
      const again = await open(name);
      expect(await again.fact('name')).to.equal(undefined);
      expect(await seqs(again)).to.deep.equal([]);
      expect((await again.deviceKey(key('new'))).author).to.equal('new');
    });
  });
}

describe('a page that is left', () => {
  it('keeps what had just come, before it was due to be written', async () => {
    const name = newName();
    const [source, record] = [new URL('../../../src/engine/storage.ts', import.meta.url).href, JSON.stringify(kept(1))];
    const page = document.createElement('iframe');
    page.srcdoc = `<script type="module">
      import { openStorage, wipeStorage } from '${source}';
      const storage = await openStorage('${name}');
      await storage.save(${record}, false);
      parent.postMessage('${name}', '*');
    </script>`;
    const said = new Promise<void>((resolve) => {
      addEventListener('message', ({ data }) => data === name && resolve());
    });
    document.body.append(page);
    await said;
    page.remove();
    expect(await seqs(await openStorage(name))).to.deep.equal([1]);
  });
});

describe('a browser that refuses', () => {
  it('private mode: what cannot be opened is kept in memory, and is there when it is opened again', async () => {
    const name = newName();
    const restore = replace(indexedDB, 'open', () => {
      throw new DOMException('private mode', 'SecurityError');
    });
    const storage = await openStorage(name);
    await storage.save(kept(1), true);
    expect(storage.kind).to.equal('memory');
    storage.close();
    expect(await seqs(await openStorage(name))).to.deep.equal([1]);
    restore();
  });

  it('quota exceeded: keeping goes on in memory, and is taken into the database when that works again', async () => {
    const name = newName();
    const storage = await openStorage(name);
    await storage.save(kept(1), true);
    const restore = replace(IDBObjectStore.prototype, 'put', () => {
      throw new DOMException('no space left', 'QuotaExceededError');
    });
    await storage.save(kept(2), true);
    await storage.save(kept(3), true);
    expect(storage.kind).to.equal('memory');
    restore();
    storage.close();
    expect(await seqs(await openStorage(name))).to.deep.equal([1, 2, 3]);
    const inDatabase = await openStorage(name);
    expect(memoryStorage(name).take(LOBBY).records).to.deep.equal([]);
    expect(await seqs(inDatabase)).to.deep.equal([1, 2, 3]);
  });

  it('a later version of this program has been here: memory', async () => {
    const name = newName();
    await new Promise((resolve) => {
      const opening = indexedDB.open(name, 99);
      opening.onsuccess = () => {
        opening.result.close();
        resolve(null);
      };
    });
    expect((await openStorage(name)).kind).to.equal('memory');
  });

  it('an open that is blocked by another tab is given up, and leaves nothing open behind', async () => {
    const name = newName();
    const blocker = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open(name, 1);
      opening.onsuccess = () => resolve(opening.result);
    });
    const deleted = deleteDB(name);
    expect((await openStorage(name)).kind).to.equal('memory');
    blocker.close();
    await deleted;
    // Were the late one still open, this would wait for ever.
    await deleteDB(name);
  });

  it('a wipe that another tab holds up is given up, and is done when that tab lets go', async () => {
    const name = newName();
    await (await openStorage(name)).keepFact('name', 'Ada');
    const holder = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => resolve(opening.result);
    });
    const refusal: unknown = await wipeStorage(name).catch((error: unknown) => error);
    expect(refusal).to.be.instanceOf(Error);
    holder.close();
    expect(await (await openStorage(name)).fact('name')).to.equal(undefined);
  });

  it('erased by another tab, it says so, and what comes late is kept nowhere', async () => {
    const name = newName();
    let wiped = 0;
    const storage = await openStorage(name, () => (wiped += 1));
    await storage.save(kept(1), true);
    await storage.save(kept(2), false);
    await wipeStorage(name);
    expect(wiped).to.equal(1);
    await storage.save(kept(3), true);
    expect(storage.kind).to.equal('memory');
    for (const next of [await openStorage(name), memoryStorage(name)]) expect(await seqs(next)).to.deep.equal([]);
  });

  it('a tab with a later version takes it: this one goes on in memory', async () => {
    const name = newName();
    let wiped = 0;
    const storage = await openStorage(name, () => (wiped += 1));
    const later = await openDB(name, 2);
    await storage.save(kept(1), true);
    expect([storage.kind, wiped]).to.deep.equal(['memory', 0]);
    expect(await seqs(storage)).to.deep.equal([1]);
    later.close();
  });

  it('where a page may have no database, nothing of one is left to erase', async () => {
    const name = newName();
    const memory = memoryStorage(name);
    await memory.keepFact('name', 'Ada');
    const refuse = (): never => {
      throw new DOMException('denied', 'SecurityError');
    };
    const restore = replace(IDBFactory.prototype, 'deleteDatabase', refuse);
    try {
      await wipeStorage(name);
    } finally {
      restore();
    }
    expect(await memory.fact('name')).to.equal(undefined);
  });
});

/** Puts another method in place of an object's, until the returned function is called. */
function replace<Name extends string>(of: Record<Name, unknown>, name: Name, by: () => unknown): () => void {
  const own = Object.getOwnPropertyDescriptor(of, name);
  Object.defineProperty(of, name, { configurable: true, writable: true, value: by });
  return () => {
    if (own === undefined) Reflect.deleteProperty(of, name);
    else Object.defineProperty(of, name, own);
  };
}
