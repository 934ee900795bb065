// What an administrator does about somebody.

import type { Action, Field } from './action.js';
import type { AdminApi } from './api.js';
import { counted } from './figures.js';
import type { ModerationView } from './moderation-view.js';

export interface Person {
  /** The device's key. */
  readonly id: string;
  readonly name: string;
}

const MINUTES: Field = {
  kind: 'choice',
  name: 'minutes',
  label: 'For how long',
  choices: [
    ['10', '10 minutes'],
    ['60', 'an hour'],
    ['1440', 'a day'],
    ['10080', 'a week'],
    ['43200', '30 days'],
  ],
};
const REASON: Field = { kind: 'text', name: 'reason', label: 'Reason', hint: 'May be empty.', lengthMax: 200 };

export function mute(person: Person): Action {
  return {
    title: `Mute ${person.name}`,
    words: 'This device reads on, but what it writes is not taken, by the server and by the other devices.',
    verb: 'Mute',
    isDangerous: true,
    fields: [MINUTES, REASON],
    async run(api, { minutes = '10', reason = '' }) {
      const body = { minutes: Number(minutes), ...(reason === '' ? {} : { reason }) };
      const { rooms } = await api.post<{ rooms: string[] }>(`users/${person.id}/mute`, body);
      return `Muted in ${counted(rooms.length, 'room')}. ${await listed(api, 'mutes', person)}`;
    },
  };
}

export function ban(person: Person): Action {
  return {
    title: `Ban ${person.name}`,
    words: 'This device is put out of all rooms, and cannot come back until the time is over.',
    verb: 'Ban',
    isDangerous: true,
    fields: [MINUTES, REASON],
    async run(api, { minutes = '60', reason = '' }) {
      const body = { minutes: Number(minutes), ...(reason === '' ? {} : { reason }) };
      const answer = await api.post<{ rooms: string[]; disconnected: number }>(`users/${person.id}/ban`, body);
      const cut = `${counted(answer.disconnected, 'connection')} closed in ${counted(answer.rooms.length, 'room')}.`;
      const presence = (await isHere(api, person.id))
        ? 'Still in the list of people.'
        : 'Not among the people here any more.';
      return `${cut} ${presence} ${await listed(api, 'bans', person)}`;
    },
  };
}

export function lift(what: 'mute' | 'ban', person: Person): Action {
  return {
    title: `Lift the ${what} of ${person.name}`,
    words: what === 'mute' ? 'This device may write again.' : 'This device may come back.',
    verb: 'Lift',
    isDangerous: false,
    fields: [],
    async run(api) {
      await api.post(`users/${person.id}/${what}`, { minutes: 0 });
      return `Lifted. ${await listed(api, `${what}s`, person)}`;
    },
  };
}

async function listed(api: AdminApi, what: 'mutes' | 'bans', { id }: Person): Promise<string> {
  const moderation = await api.get<ModerationView>('moderation');
  const isListed = moderation[what].some(({ author }) => author === id);
  return isListed ? `The server lists it among its ${what} now.` : `The server does not list it among its ${what} now.`;
}

async function isHere(api: AdminApi, id: string): Promise<boolean> {
  const { total } = await api.get<{ total: number }>(`users?limit=1&find=${id}`);
  return total > 0;
}
