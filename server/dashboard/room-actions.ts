// What an administrator does to rooms and messages.

import { REASON } from './action.js';
import type { Action } from './action.js';
import { counted } from './figures.js';
import { seenInLog } from './read-back.js';

/** Characters of an announcement: it has to be read in passing. */
const TEXT_MAX = 500;

export const SLOW_MODES: readonly (readonly [value: string, words: string])[] = [
  ['0', 'off'],
  ['5', 'a message every 5 s'],
  ['15', 'a message every 15 s'],
  ['30', 'a message every 30 s'],
  ['60', 'a message a minute'],
  ['300', 'a message every 5 min'],
];

/** @param room null: all rooms, or one that is chosen among `rooms` */
export function announce(room: string | null, rooms: readonly string[] = []): Action {
  const choice = {
    kind: 'choice',
    name: 'room',
    label: 'Where',
    choices: [['', 'in all rooms'], ...rooms.map((key) => [key, key] as const)],
  } as const;
  return {
    title: room === null ? 'Announce' : `Announce in ${room}`,
    words: 'Everybody there reads it as the organisers’ words, marked as such. It cannot be taken back unseen.',
    verb: 'Announce',
    isDangerous: false,
    fields: [
      { kind: 'text', name: 'text', label: 'Text', lengthMax: TEXT_MAX, isLong: true, isRequired: true },
      ...(room === null ? [choice] : []),
      { kind: 'check', name: 'pin', label: 'Pin it on top' },
    ],
    async run(api, { text = '', room: chosen = '', pin }) {
      const where = room ?? chosen;
      const body = { text, ...(where === '' ? {} : { room: where }), ...(pin === 'yes' ? { pin: true } : {}) };
      const { announced } = await api.post<{ announced: { room: string; id: string }[] }>('broadcast', body);
      const [first] = announced;
      if (first === undefined) return 'There is no room that anybody is or was in: nobody was told.';
      const seen = await seenInLog(api, first.room, ({ id }) => id === first.id);
      return `Announced in ${counted(announced.length, 'room')}. ${seen}`;
    },
  };
}

export function clearRoom(room: string): Action {
  return {
    title: `Clear ${room}`,
    words:
      'All messages of this room disappear, here and on every device that hears of it. This cannot be undone; export the room first if anybody may ask.',
    verb: 'Clear the room',
    isDangerous: true,
    fields: [],
    async run(api) {
      const { id } = await api.post<{ id: string }>(`rooms/${encodeURIComponent(room)}/clear`, {});
      return `Cleared. ${await seenInLog(api, room, (entry) => entry.id === id)}`;
    },
  };
}

export function slowMode(room: string): Action {
  return {
    title: `Slow mode in ${room}`,
    words: 'Each person may write once in so long. Announcements are not slowed.',
    verb: 'Set',
    isDangerous: false,
    fields: [{ kind: 'choice', name: 'seconds', label: 'Each person', choices: SLOW_MODES }],
    async run(api, { seconds = '0' }) {
      const body = { seconds: Number(seconds) };
      const { id } = await api.post<{ id: string }>(`rooms/${encodeURIComponent(room)}/slow-mode`, body);
      const words = seconds === '0' ? 'Slow mode is off.' : `One message every ${seconds} s.`;
      return `${words} ${await seenInLog(api, room, (entry) => entry.id === id)}`;
    },
  };
}

/** @param message null: nothing is to be pinned any more */
export function pin(room: string, message: { readonly id: string; readonly text: string } | null): Action {
  return {
    title: message === null ? `Unpin in ${room}` : 'Pin this message',
    words:
      message === null
        ? 'What is pinned in this room is let go.'
        : `It stands on top of ${room} for everybody: “${message.text}”`,
    verb: message === null ? 'Unpin' : 'Pin',
    isDangerous: false,
    fields: [],
    async run(api) {
      const body = { messageId: message?.id ?? null };
      const { id } = await api.post<{ id: string }>(`rooms/${encodeURIComponent(room)}/pin`, body);
      const words = message === null ? 'Nothing is pinned now.' : 'Pinned.';
      return `${words} ${await seenInLog(api, room, (entry) => entry.id === id)}`;
    },
  };
}

export function removeMessage(room: string, id: string, text: string): Action {
  return {
    title: 'Remove this message',
    words: `It disappears for everybody, here and on every device that hears of it: “${text}”`,
    verb: 'Remove',
    isDangerous: true,
    fields: [REASON],
    async run(api, { reason = '' }) {
      const path = `rooms/${encodeURIComponent(room)}/messages/${encodeURIComponent(id)}/remove`;
      const { id: removal } = await api.post<{ id: string }>(path, reason === '' ? {} : { reason });
      return `Removed. ${await seenInLog(api, room, (entry) => entry.id === removal)}`;
    },
  };
}
