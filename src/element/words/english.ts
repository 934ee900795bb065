// The words a page needs to show messages and to send one, in English; `english-more.ts` has the others. A phrase with
// a number has a form for each plural category of its language; `{…}` is replaced by what the name says.

import type { ENGLISH_MORE } from './english-more.js';

export const ENGLISH = {
  online: 'Online',
  connecting: 'Connecting',
  offline: 'Offline',
  'reason-starting': 'Starting.',
  'reason-joining': 'Joining the room.',
  'reason-server-unreachable': 'The chat server cannot be reached. What you write is kept and sent when it is back.',
  'reason-no-network': 'This device has no network. What you write is kept and sent when it is back.',
  queued: 'Kept on this device',
  onItsWay: 'On its way',
  stored: 'On the server',
  empty: 'Nobody has said anything yet. Say hello.',
  write: 'Write a message',
  send: 'Send',
  messageBy: '{name}, {time}',
  peopleHere: { one: '{n} here', other: '{n} here' },
  open: 'Open the chat',
  close: 'Close the chat',
} as const;

/** The forms of a phrase with a number; `other` is always there. */
export type Counted = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };

type English = typeof ENGLISH & typeof ENGLISH_MORE;

export type PhraseKey = keyof English;

/** All phrases of a language. What has a number in English has one in every language. */
export type Phrases = {
  readonly [Key in PhraseKey]: English[Key] extends string ? string : Counted;
};
