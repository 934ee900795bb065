// Who is here, as administration names people: by device, not by tab.

import type { AuthorId } from '../src/protocol/ids.js';
import { authorOf } from '../src/protocol/ids.js';
import type { UserView } from './http/admin.js';
import type { ServerRoom } from './room.js';

export function membersOf(rooms: readonly ServerRoom[]): number {
  return rooms.reduce((sum, { size }) => sum + size, 0);
}

/** The members of these rooms by device: one person with two tabs is one user. */
export function usersOf(rooms: readonly ServerRoom[]): UserView[] {
  const users = new Map<AuthorId, { id: AuthorId; name: string; sessions: UserView['sessions'][number][] }>();
  for (const room of rooms) {
    for (const { peer, name } of room.members()) {
      const id = authorOf(peer);
      const user = users.get(id) ?? { id, name, sessions: [] };
      users.set(id, user);
      user.sessions.push({ peer, room: room.key });
    }
  }
  return [...users.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
