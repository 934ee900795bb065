// What an administrator does to the server as a whole.

import type { Flags } from '../flags.js';
import type { Overview } from '../http/admin.js';
import type { Action } from './action.js';
import { counted } from './figures.js';

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
      const before = await api.get<Overview>('overview');
      await api.post('database/wipe', { confirm });
      const { epoch } = await api.get<Overview>('overview');
      return epoch === before.epoch
        ? 'The server answered, but still names the same epoch: nothing shows that it was wiped.'
        : 'Wiped. The server begins a new epoch, and its rooms are empty.';
    },
  };
}
