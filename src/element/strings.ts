// Every word people read, in one place.

import type { ChatDelivery, ChatStatus, RouteReason, StatusReason } from '../core/chat-view.js';

/** What is the case, why, and what to do; one sentence each where there is one. */
export function statusWords(status: ChatStatus): { readonly short: string; readonly long: string } {
  const queued =
    status.queued === 0 ? '' : ` ${count(status.queued, 'message waits', 'messages wait')} on this device.`;
  switch (status.connection) {
    case 'online':
      return {
        short: status.peers > 0 ? `Online, linked to ${count(status.peers, 'device', 'devices')}` : 'Online',
        long: status.reason === 'not-stored' ? `${REASONS[status.reason]}${queued}` : sending(status.queued),
      };
    case 'mesh-only':
      return {
        short: 'Mesh only',
        long: `The server is out of reach. You still talk to ${count(status.peers, 'linked device', 'linked devices')}.${queued}`,
      };
    case 'connecting':
      return { short: 'Connecting', long: '' };
    case 'offline':
      return { short: 'Offline', long: `${REASONS[status.reason]}${queued}` };
  }
}

function sending(queued: number): string {
  return queued === 0 ? '' : `Sending ${count(queued, 'message', 'messages')}.`;
}

const REASONS: Readonly<Record<StatusReason, string>> = {
  starting: 'Starting.',
  'needs-name': 'Choose a name to write.',
  joining: 'Joining the room.',
  connected: '',
  'server-unreachable': 'The chat server cannot be reached. What you write is kept and sent when it is back.',
  'no-network': 'This device has no network. What you write is kept and sent when it is back.',
  'server-closing': 'The chat server restarts. You will be reconnected in a moment.',
  'rate-limited': 'The chat server asks to wait a little. You will be reconnected.',
  'not-stored': 'The chat server cannot save messages right now. They reach those who are here, and are saved later.',
  'room-full': 'The room is full. You will be let in when there is space.',
  'version-mismatch': 'This page and the chat server speak different versions. Reload the page.',
  'token-refused': 'Your ticket for this room was not accepted. Sign in again on this site.',
  left: 'The chat is closed.',
};

export function deliveryWords(delivery: ChatDelivery): string {
  switch (delivery.state) {
    case 'queued':
      return 'Kept on this device';
    case 'sent':
      return delivery.acknowledgedBy > 0
        ? `Reached ${count(delivery.acknowledgedBy, 'device', 'devices')}`
        : 'On its way';
    case 'stored':
      return delivery.acknowledgedBy > 0
        ? `On the server, reached ${count(delivery.acknowledgedBy, 'device', 'devices')} directly`
        : 'On the server';
    case 'failed':
      return `Not accepted: ${delivery.reason ?? 'no reason given'}`;
  }
}

export const ROUTE_REASONS: Readonly<Record<RouteReason, string>> = {
  'peers-linked': 'peers are linked',
  'prefers-websocket': 'the server is preferred',
  'prefers-p2p': 'peers are preferred',
  'no-peer-link': 'no peer is linked',
  'server-faster': 'the server measured faster',
  'breaker-open': 'peer links failed lately',
  'server-down': 'the server is down',
  'nobody-reachable': 'nobody can be reached',
};

export const WORDS = {
  empty: 'Nobody has said anything yet. Say hello.',
  write: 'Write a message',
  writeOffline: 'Write a message, sent when the network is back',
  send: 'Send',
  nameTitle: 'What should people call you?',
  nameHelp: 'Everybody in the room sees this name.',
  nameLabel: 'Your name',
  nameBad: 'A name has 1 to 40 characters.',
  nameGo: 'Start chatting',
  earlier: 'Show earlier messages',
  edited: 'edited',
  retracted: 'This message was taken back.',
  retry: 'Try again',
  showAll: 'Show all',
  you: 'you',
  people: 'People here',
  open: 'Open the chat',
  close: 'Close the chat',
  tooLong: 'This message is too long.',
  panel: 'Mesh',
  panelTitle: 'Mesh debug panel',
} as const;

export function newMessages(many: number): string {
  return count(many, 'new message', 'new messages');
}

export function peopleHere(many: number): string {
  return `${number(many)} here`;
}

function count(many: number, one: string, more: string): string {
  return `${number(many)} ${many === 1 ? one : more}`;
}

function number(value: number): string {
  return new Intl.NumberFormat().format(value);
}
