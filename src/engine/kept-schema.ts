// What stands in the database of one server's festival: written by the page, read by it and by its service worker.

import type { DBSchema } from 'idb';
import type { KeptRecord, ServerPosition } from '../core/room-io.js';
import type { RecordId, RoomKey } from '../protocol/ids.js';

export interface KeptSchema extends DBSchema {
  /** The device's key by `key`, and `Facts` by their names. */
  facts: { key: string; value: unknown };
  records: { key: [RoomKey, RecordId]; value: KeptRecord };
  positions: { key: RoomKey; value: ServerPosition };
}

/** Join tokens of the rooms whose outboxes may have to be handed over by the worker. */
export type KeptTokens = Readonly<Partial<Record<RoomKey, string>>>;

/** @param server its origin */
export function storageName(server: string, festival: string): string {
  return `festival-chat:${server}:${festival}`;
}

/** The origin of the server whose festival a database of this name is for; null when it is none of ours. */
export function serverOfStorage(name: string): string | null {
  return /^festival-chat:(https?:\/\/(?:\[[^\]]+\]|[^/:]+)(?::\d+)?):[\w.-]+$/.exec(name)?.[1] ?? null;
}
