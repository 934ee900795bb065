// What the organiser does in a room, without sockets and members.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModerationBook } from '../../server/moderation/book.js';
import { RoomModeration } from '../../server/moderation/room-moderation.js';
import { RoomOrganiser } from '../../server/moderation/room-organiser.js';
import { FolderShelf } from '../../server/moderation/shelf.js';
import { WordFilter } from '../../server/moderation/word-filter.js';
import { DEFAULT_PHOTO_RULES, PhotoQuota } from '../../server/photos/photo-quota.js';
import { passingKey } from '../../server/server-key.js';
import { MemoryStore } from '../../server/store/memory-store.js';
import { roomKey } from '../../src/protocol/ids.js';
import type { SignedRecord } from '../../src/protocol/record.js';
import { Device } from './device.js';

export const ROOM = roomKey('default', 'lobby');
export const ada = new Device();

/** A room's organiser over a real store and a real folder, without members. */
export class Kept {
  readonly folder = mkdtempSync(join(tmpdir(), 'festival-chat-pinned-'));
  readonly store = new MemoryStore(Date.now);
  readonly key = passingKey();
  readonly shelf = new FolderShelf(this.folder);
  readonly book = new ModerationBook(this.shelf, Date.now);
  moderation = this.#moderation();
  organiser = this.#organiser();

  #moderation(): RoomModeration {
    return new RoomModeration({
      ...{ room: ROOM, now: Date.now, key: () => this.key, filter: new WordFilter([]) },
      photoQuota: new PhotoQuota(DEFAULT_PHOTO_RULES, Date.now),
    });
  }

  #organiser(): RoomOrganiser {
    return new RoomOrganiser({
      ...{ room: ROOM, store: this.store, book: this.book, moderation: this.moderation },
      ...{ now: Date.now, erased: () => undefined, showOut: () => undefined },
      publish: async (records) => this.publish(records),
      failed: (error) => {
        throw error;
      },
    });
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
    this.moderation = this.#moderation();
    this.organiser = this.#organiser();
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

export function keeping(run: (kept: Kept) => Promise<void>): () => Promise<void> {
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
