// What a device keeps, in a real IndexedDB.

import { expect } from '@open-wc/testing';
import type { KeptRecord } from '../../../src/core/room-io.js';
import { openStorage } from '../../../src/engine/storage.js';
import type { ChatStorage } from '../../../src/engine/storage.js';
import type { AuthorId, RecordId, RoomKey, SessionId } from '../../../src/protocol/ids.js';

const ROOM = 'default/lobby' as RoomKey;
const POSITION = { epoch: 'epoch', offset: 3 };

function kept(seq: number, offset: number | null): KeptRecord {
  const author = 'A'.repeat(43) as AuthorId;
  const record = {
    ...{ room: ROOM, author, session: 'session' as SessionId, seq, time: seq, signature: '' },
    body: { kind: 'message', name: 'Ada', text: `${seq}` } as const,
  };
  return { record, arrivedAtMs: 0, route: 'p2p', hops: 0, offset, epoch: null };
}

/** Opens a database of its own, and the same again as after a reload. */
async function afterReload(run: (storage: ChatStorage) => Promise<void> | void) {
  const name = `test-${crypto.randomUUID()}`;
  const storage = await openStorage(name);
  await run(storage);
  const again = await openStorage(name);
  const loaded = await again.load(ROOM);
  await again.wipe();
  return loaded;
}

describe('storage', () => {
  it('an urgent record is on the disk when its promise resolves, whatever happens to the page then', async () => {
    const { records } = await afterReload((storage) => storage.save(kept(1, null), true));
    expect(records.map(({ record }) => record.seq)).to.deep.equal([1]);
  });

  it('what came before an urgent record is on the disk with it, a record once and with its latest place', async () => {
    const { records, position } = await afterReload(async (storage) => {
      void storage.save(kept(1, null), false);
      void storage.save(kept(1, 3), false);
      storage.savePosition(ROOM, POSITION);
      await storage.save(kept(2, null), true);
    });
    expect(records.map(({ record, offset }) => [record.seq, offset])).to.deep.equal([
      [1, 3],
      [2, null],
    ]);
    expect(position).to.deep.equal(POSITION);
  });

  it('what was waiting is written as the storage closes', async () => {
    const { records, position } = await afterReload((storage) => {
      void storage.save(kept(1, 3), false);
      storage.savePosition(ROOM, POSITION);
      storage.close();
    });
    expect(records).to.have.length(1);
    expect(position).to.deep.equal(POSITION);
  });

  it('a record that was forgotten while it waited is not kept', async () => {
    const { records } = await afterReload(async (storage) => {
      const forgotten = kept(1, null);
      const { author, session, seq } = forgotten.record;
      void storage.save(forgotten, false);
      await storage.forget(ROOM, [`${author}.${session}.${seq}` as RecordId]);
      await storage.save(kept(2, null), true);
    });
    expect(records.map(({ record }) => record.seq)).to.deep.equal([2]);
  });
});
