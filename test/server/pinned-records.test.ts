// What is pinned outlives retention, as long as it is pinned (rule O7).

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ModerationBook } from '../../server/moderation/book.js';
import { RoomModeration } from '../../server/moderation/room-moderation.js';
import { RoomOrganiser } from '../../server/moderation/room-organiser.js';
import { FolderShelf } from '../../server/moderation/shelf.js';
import { WordFilter } from '../../server/moderation/word-filter.js';
import { passingKey } from '../../server/server-key.js';
import { MemoryStore } from '../../server/store/memory-store.js';
import { PhotoMemory } from '../../server/photos/photo-memory.js';
import { photoKey } from '../../server/photos/photo-shelf.js';
import { DEFAULT_PHOTO_RULES, PhotoQuota } from '../../server/photos/photo-quota.js';
import { startPruning } from '../../server/store/retention.js';
import type { Photo, SignedRecord } from '../../src/protocol/record.js';
import { idOf } from '../../src/protocol/record.js';
import { roomKey } from '../../src/protocol/ids.js';
import { Device } from '../support/device.js';

const ROOM = roomKey('default', 'lobby');
const ada = new Device();

/** A room's organiser over a real store and a real folder, without members. */
class Kept {
  readonly folder = mkdtempSync(join(tmpdir(), 'festival-chat-pinned-'));
  readonly store = new MemoryStore(Date.now);
  readonly key = passingKey();
  readonly shelf = new FolderShelf(this.folder);
  readonly book = new ModerationBook(this.shelf, Date.now);
  organiser = this.#open();

  #open(): RoomOrganiser {
    const moderation = new RoomModeration({
      ...{ room: ROOM, now: Date.now, key: () => this.key, filter: new WordFilter([]) },
      photoQuota: new PhotoQuota(DEFAULT_PHOTO_RULES, Date.now),
    });
    const organiser = new RoomOrganiser({
      ...{ room: ROOM, store: this.store, book: this.book, moderation },
      ...{ now: Date.now, erased: () => undefined, showOut: () => undefined },
      publish: async (records) => this.publish(records),
      failed: (error) => {
        throw error;
      },
    });
    this.organiser = organiser;
    return organiser;
  }

  async publish(records: readonly SignedRecord[]): Promise<void> {
    const items = await this.store.append(ROOM, records);
    this.organiser.heard(items.map(({ record }) => record));
  }

  async write(...texts: string[]): Promise<SignedRecord[]> {
    const records = texts.map((text) => ada.record(ROOM, text));
    await this.publish(records);
    return records;
  }

  /** Retention leaves the latest two, and what holds is stored again. */
  async retain(): Promise<void> {
    await this.store.prune(0, 2);
    await this.organiser.standAgain();
  }

  /** The room is left by everybody, and opened again. */
  async reopen(): Promise<void> {
    this.#open();
    await this.organiser.open();
  }

  /** What a newcomer is given who hears nothing of the history. */
  async given(): Promise<string[]> {
    const items = await this.organiser.standing(Infinity);
    return items.map(({ record: { body } }) => ('text' in body ? body.text : body.kind)).sort();
  }

  get file(): string {
    return readFileSync(join(this.folder, `${encodeURIComponent(`pinned ${ROOM}`)}.json`), 'utf8');
  }
}

function keeping(run: (kept: Kept) => Promise<void>): () => Promise<void> {
  return async () => {
    const kept = new Kept();
    try {
      await kept.organiser.open();
      await run(kept);
    } finally {
      // Writes are done one after the other: this is the last.
      await kept.shelf.put('end', 'end', 'end');
      rmSync(kept.folder, { recursive: true });
    }
  };
}

test(
  '[O7] what is pinned is stored again with its latest edit when retention has dropped it',
  keeping(async (kept) => {
    const [pinned] = await kept.write('Meet at stage one');
    assert.ok(pinned);
    await kept.publish([ada.says(ROOM, { kind: 'edit', target: idOf(pinned), text: 'Meet at stage two' })]);
    await kept.organiser.say({ kind: 'pin', target: idOf(pinned) });
    await kept.write('and', 'so', 'on');
    const given = ['Meet at stage one', 'Meet at stage two', 'pin'];
    for (let round = 0; round < 3; round += 1) {
      await kept.retain();
      assert.deepEqual(await kept.given(), given, `round ${round}`);
    }
    await kept.publish([ada.says(ROOM, { kind: 'edit', target: idOf(pinned), text: 'Meet at the gate' })]);
    await kept.write('and', 'on');
    await kept.reopen();
    await kept.retain();
    assert.deepEqual(await kept.given(), ['Meet at stage one', 'Meet at the gate', 'pin']);
  }),
);

test(
  '[O7] what others say of a pinned message is not kept with it',
  keeping(async (kept) => {
    const [pinned] = await kept.write('Meet at stage one');
    assert.ok(pinned);
    await kept.organiser.say({ kind: 'pin', target: idOf(pinned) });
    await kept.publish([new Device().says(ROOM, { kind: 'edit', target: idOf(pinned), text: 'Meet nowhere' })]);
    await kept.retain();
    assert.deepEqual(await kept.given(), ['Meet at stage one', 'pin']);
  }),
);

test(
  '[O7] nothing is kept of what is not pinned any more, or was removed or cleared',
  keeping(async (kept) => {
    const orders = [
      (target: SignedRecord) => ({ kind: 'remove', target: idOf(target), name: 'Device', at: target.time }) as const,
      () => ({ kind: 'pin' }) as const,
      () => ({ kind: 'clear' }) as const,
    ];
    for (const [index, order] of orders.entries()) {
      const [pinned] = await kept.write(`secret ${index}`);
      assert.ok(pinned);
      await kept.organiser.say({ kind: 'pin', target: idOf(pinned) });
      assert.match(kept.file, new RegExp(`secret ${index}`));
      await kept.organiser.say(order(pinned));
      assert.doesNotMatch(kept.file, /secret/);
      await kept.write('and', 'so', 'on');
      await kept.retain();
      assert.ok(!(await kept.given()).includes(`secret ${index}`));
    }
  }),
);

test('pruning tells when it has dropped something', async () => {
  const store = new MemoryStore(Date.now);
  await store.append(
    ROOM,
    ['one', 'two', 'three'].map((text) => ada.record(ROOM, text)),
  );
  let stop = (): void => undefined;
  await new Promise<void>((resolve) => {
    const logger = { log: () => undefined };
    stop = startPruning(store, new PhotoMemory(0, Date.now), {
      retentionMs: 60_000,
      recordsMax: 2,
      now: Date.now,
      logger,
      dropped: resolve,
      pinnedPhotos: () => Promise.resolve(new Set()),
    });
  });
  stop();
  assert.equal((await store.range(ROOM, 0, 10)).length, 2);
});

test(
  '[O7] the photo of a pinned message stays as long as it is pinned, whatever its age',
  keeping(async (kept) => {
    const photo: Photo = {
      hash: createHash('sha256').digest('base64url') as Photo['hash'],
      ...{ bytes: 1, width: 1, height: 1, type: 'image/webp', thumb: 'AAAA' },
    };
    const [shown, other] = [ada.record(ROOM, 'the line-up', { photo }), ada.record(ROOM, 'my dog', { photo })];
    await kept.publish([shown, other]);
    const [pinnedKey, otherKey] = [photoKey(ROOM, idOf(shown)), photoKey(ROOM, idOf(other))];
    let nowMs = Date.now();
    const photos = new PhotoMemory(1_000, () => nowMs);
    await photos.append(pinnedKey, 0, new Uint8Array(1));
    await photos.append(otherKey, 0, new Uint8Array(1));
    await kept.organiser.say({ kind: 'pin', target: idOf(shown) });
    nowMs += 60_000;
    const reopened = new ModerationBook(kept.shelf, Date.now);
    assert.equal(await photos.prune(nowMs, await reopened.pinnedPhotos()), 1);
    assert.deepEqual([await photos.size(pinnedKey), await photos.size(otherKey)], [1, 0]);
    await kept.organiser.say({ kind: 'pin' });
    assert.equal(await photos.prune(nowMs, await kept.book.pinnedPhotos()), 1);
    await kept.organiser.say({ kind: 'pin', target: idOf(shown) });
    assert.equal((await kept.book.pinnedPhotos()).size, 1);
    await kept.book.wiped();
    assert.equal((await kept.book.pinnedPhotos()).size, 0, 'a wipe keeps nobody’s photo, of closed rooms neither');
  }),
);
