// What an administrator does about somebody.

import type { LogEntry } from '../http/room-log.js';
import type { InForce } from '../moderation/desk.js';
import { REASON } from './action.js';
import type { Action, Field } from './action.js';
import type { AdminApi } from './api.js';
import { counted } from './figures.js';
import { seenInLog } from './read-back.js';

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

export function mute(person: Person): Action {
  return {
    title: `Mute ${named(person)}`,
    words: 'This device reads on, but what it writes is not taken, by the server and by the other devices.',
    verb: 'Mute',
    isDangerous: true,
    fields: [MINUTES, REASON],
    async run(api, { minutes = '10', reason = '' }) {
      const body = { minutes: Number(minutes), ...(reason === '' ? {} : { reason }) };
      const { rooms } = await api.post<{ rooms: string[] }>(`users/${person.id}/mute`, body);
      return `Muted in ${counted(rooms.length, 'room')}. ${await ordered(api, rooms, person, 'mute')}`;
    },
  };
}

export function ban(person: Person): Action {
  return {
    title: `Ban ${named(person)}`,
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
      return `${cut} ${presence} ${await listed(api, person)}`;
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
      const answer = await api.post<{ rooms: string[] }>(`users/${person.id}/${what}`, { minutes: 0 });
      return `Lifted. ${what === 'ban' ? await listed(api, person) : await ordered(api, answer.rooms, person, 'none')}`;
    },
  };
}

/** Names are anybody's choice; the tag tells two of one name apart. */
function named({ id, name }: Person): string {
  return `${name} (${id.slice(0, 4)})`;
}

/** Bans hold for the whole server, which lists them. */
async function listed(api: AdminApi, { id }: Person): Promise<string> {
  const { bans } = await api.get<InForce>('moderation');
  const isListed = bans.some(({ author }) => author === id);
  return isListed ? 'The server lists it among its bans now.' : 'The server does not list it among its bans now.';
}

/** Muting is said in each room; one is looked at. */
async function ordered(api: AdminApi, rooms: readonly string[], { id }: Person, level: string): Promise<string> {
  const [room] = rooms;
  if (room === undefined) return 'There is no room it could be said in.';
  const isOrder = ({ body }: LogEntry): boolean =>
    body.kind === 'restrict' && body.author === id && body.level === level;
  return seenInLog(api, room, isOrder);
}

async function isHere(api: AdminApi, id: string): Promise<boolean> {
  const { total } = await api.get<{ total: number }>(`users?limit=1&find=${id}`);
  return total > 0;
}
