// The words a page needs to show messages and to send one, in English; `english-more.ts` has the others. A phrase with
// a number has a form for each plural category of its language; `{…}` is replaced by what the name says.

import type { ENGLISH_MORE } from './english-more.js';

export const ENGLISH = {
  online: 'Online',
  onlineLinked: { one: 'Online, linked to {n} device', other: 'Online, linked to {n} devices' },
  sending: { one: 'Sending {n} message.', other: 'Sending {n} messages.' },
  meshOnly: 'Mesh only',
  meshOnlyWhy: {
    one: 'The server is out of reach. You still talk to {n} linked device.',
    other: 'The server is out of reach. You still talk to {n} linked devices.',
  },
  waiting: { one: '{n} message waits on this device.', other: '{n} messages wait on this device.' },
  connecting: 'Connecting',
  offline: 'Offline',
  'reason-starting': 'Starting.',
  'reason-needs-name': 'Choose a name to write.',
  'reason-joining': 'Joining the room.',
  'reason-connected': '',
  'reason-server-unreachable': 'The chat server cannot be reached. What you write is kept and sent when it is back.',
  'reason-no-network': 'This device has no network. What you write is kept and sent when it is back.',
  'reason-server-closing': 'The chat server restarts. You will be reconnected in a moment.',
  'reason-rate-limited': 'The chat server asks to wait a little. You will be reconnected.',
  'reason-not-stored':
    'The chat server cannot save messages right now. They reach those who are here, and are saved later.',
  'reason-room-full': 'The room is full. You will be let in when there is space.',
  'reason-version-mismatch': 'This page and the chat server speak different versions. Reload the page.',
  'reason-token-refused': 'Your ticket for this room was not accepted. Sign in again on this site.',
  'reason-banned': 'The organiser has banned you from this room for now.',
  'reason-left': 'The chat is closed.',
  queued: 'Kept on this device',
  onItsWay: 'On its way',
  reached: { one: 'Reached {n} device', other: 'Reached {n} devices' },
  stored: 'On the server',
  storedReached: {
    one: 'On the server, reached {n} device directly',
    other: 'On the server, reached {n} devices directly',
  },
  notAccepted: 'Not accepted: {reason}',
  noReason: 'no reason given',
  empty: 'Nobody has said anything yet. Say hello.',
  write: 'Write a message',
  writeOffline: 'Write a message, sent when the network is back',
  send: 'Send',
  tooLong: 'This message is too long.',
  lengthUsed: '{used} of {max}',
  edited: 'edited',
  retracted: 'This message was taken back.',
  showAll: 'Show all',
  newMessages: { one: '{n} new message', other: '{n} new messages' },
  latest: 'To the latest message',
  messageBy: '{name}, {time}',
  peopleHere: { one: '{n} here', other: '{n} here' },
  open: 'Open the chat',
  close: 'Close the chat',
  failed: 'That did not work: {reason}',
} as const;

/** The forms of a phrase with a number; `other` is always there. */
export type Counted = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };

type English = typeof ENGLISH & typeof ENGLISH_MORE;

export type PhraseKey = keyof English;

/** All phrases of a language. What has a number in English has one in every language. */
export type Phrases = {
  readonly [Key in PhraseKey]: English[Key] extends string ? string : Counted;
};
