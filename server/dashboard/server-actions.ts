// What an administrator does to the server as a whole.

import type { Flags } from '../flags.js';
import type { Overview } from '../http/admin.js';
import type { Action } from './action.js';
import { counted } from './figures.js';
import { messagesLeft } from './read-back.js';

/** Rooms looked into after a wipe. */
const ROOMS_LOOKED_AT = 20;

export function changeMesh(change: Partial<Flags>, words: string): Action {
  const isOff = change.enabled === false;
  return {
    title: isOff ? 'Switch the mesh off' : 'Change the mesh',
    words: `${words} Everybody connected is told at once. It holds over a restart, until the environment says something else.`,
    verb: isOff ? 'Switch off' : 'Change',
    isDangerous: isOff,
    fields: [],
    async run(api) {
      await api.post('mesh', change);
      const { flags, mesh } = await api.get<Overview>('overview');
      const now = flags.enabled
        ? `on for ${flags.rollout} % of users, up to ${flags.maxPeers} peers, after ${flags.autoUpgradeDelayMs} ms`
        : 'off';
      const links = counted(mesh.activeP2PConnections, 'link is', 'links are');
      return `The server says: mesh ${now}. ${links} open at this moment.`;
    },
  };
}

export function wipe(): Action {
  return {
    title: 'Wipe the database',
    words:
      'Every message of every room is deleted on the server, and every device that hears of it deletes its own. There is no way back but a backup.',
    verb: 'Wipe everything',
    isDangerous: true,
    fields: [{ kind: 'word', name: 'confirm', label: 'Type “wipe” to go on', word: 'wipe' }],
    async run(api, { confirm = '' }) {
      const { rooms } = await api.post<{ rooms: string[] }>('database/wipe', { confirm });
      const looked = rooms.slice(0, ROOMS_LOOKED_AT);
      const left = await Promise.all(looked.map((room) => messagesLeft(api, room)));
      const total = left.reduce((sum, messages) => sum + messages, 0);
      return `Wiped: ${counted(rooms.length, 'room')} cleared. Looked into ${looked.length}: ${counted(total, 'message')} left.`;
    },
  };
}
