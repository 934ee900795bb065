// Looks whether what was ordered stands where everybody reads it: in the room's log.

import type { LogEntry, LogPage } from '../http/room-log.js';
import type { AdminApi } from './api.js';

/** Entries read back to find what was just written; others write meanwhile. */
const READ_BACK = 100;

/** @throws {ApiProblem} */
export async function seenInLog(api: AdminApi, room: string, isIt: (entry: LogEntry) => boolean): Promise<string> {
  const found = (await latest(api, room)).filter(isIt).at(-1);
  return found === undefined
    ? `The server answered, but ${room} does not show it yet.`
    : `Read back from ${room} at place ${found.offset}.`;
}

/**
 * Messages among the latest entries of a room.
 * @throws {ApiProblem}
 */
export async function messagesLeft(api: AdminApi, room: string): Promise<number> {
  return (await latest(api, room)).filter(({ body }) => body.kind === 'message').length;
}

async function latest(api: AdminApi, room: string): Promise<LogEntry[]> {
  const { entries } = await api.get<LogPage>(`rooms/${encodeURIComponent(room)}/messages?limit=${READ_BACK}`);
  return [...entries];
}
