// <festival-chat>: every state a visitor can meet, each with a scripted chat.

import type { Meta } from '@storybook/web-components-vite';
import { expect, userEvent, waitFor } from 'storybook/test';
import type { StatusReason } from '../src/core/chat-view.js';
import { inChat } from './find.js';
import { chatStory, doing, frame } from './frame.js';
import type { Args } from './frame.js';
import { LinkFaults } from '../src/engine/link-faults.js';
import { link, member, message, own } from './scripted-chat.js';
import type { ScriptedChat } from './scripted-chat.js';

const meta: Meta<Args> = { title: 'festival-chat', component: 'festival-chat', ...frame };
export default meta;

const story = chatStory;

/** A few words between friends, for stories about something else. */
const onMyWay = own('On my way, thank you!', { state: 'stored', acknowledgedBy: 2 });
const talk = [
  message('Anybody at the second tap? The queue here is long.'),
  message('Third tap, by the lighthouse. Nobody there.', { by: 'Tomás' }),
  onMyWay,
  message('Marisol Vane was ten minutes early. Run! 🏃‍♀️', { by: 'Noor' }),
];

export const Conversation = story({ messages: talk });
export const Empty = story({ messages: [] });
export const AsksForAName = story({ messages: talk, displayName: null });
export const Connecting = story({ status: { connection: 'connecting', isConnected: false, reason: 'joining' } });
export const LinkedToDevices = story({ messages: talk, status: { peers: 3, mesh: 'connected' } });
export const MeshOnly = story({
  messages: [...talk, own('The mast is down, but you hear me?', { state: 'sent', acknowledgedBy: 2 })],
  status: {
    connection: 'mesh-only',
    websocket: 'disconnected',
    mesh: 'connected',
    peers: 2,
    queued: 1,
    reason: 'server-unreachable',
  },
});
export const OfflineWithQueue = story({
  messages: [...talk, own('Kept in my pocket', { state: 'queued', acknowledgedBy: 0 })],
  status: {
    connection: 'offline',
    isConnected: false,
    websocket: 'disconnected',
    queued: 1,
    reason: 'server-unreachable',
  },
});
export const NoNetwork = story({
  status: { connection: 'offline', isConnected: false, websocket: 'disconnected', reason: 'no-network' },
});
export const ServerRestarts = story({
  status: { connection: 'offline', isConnected: false, websocket: 'disconnected', reason: 'server-closing' },
});
export const ServerCannotSave = story({
  messages: [...talk, own('Can you read this?', { state: 'queued', acknowledgedBy: 0 })],
  status: { queued: 1, reason: 'not-stored' },
});
export const SignInPage = story({
  status: { connection: 'offline', isConnected: false, websocket: 'disconnected', reason: 'server-unreachable' },
  diagnostics: { findings: ['captive-portal', 'storage-refused'] },
});
export const AnotherVersion = story({
  status: { connection: 'offline', isConnected: false, websocket: 'disconnected', reason: 'version-mismatch' },
});
/** Not in the room, and why. */
const keptOut = (reason: StatusReason) =>
  story({ messages: talk, status: { connection: 'offline', isConnected: false, websocket: 'disconnected', reason } });
export const RoomFull = keptOut('room-full');
export const TokenRefused = keptOut('token-refused');
export const RateLimited = keptOut('rate-limited');
export const Diagnosis = doing(
  {
    messages: talk,
    status: { connection: 'offline', isConnected: false, websocket: 'disconnected', reason: 'server-unreachable' },
    diagnostics: { findings: ['captive-portal', 'storage-refused', 'clock-off'] },
  },
  async (canvas) => {
    await userEvent.click(await inChat(canvas, 'fc-finding', 'button'));
    const findings = await inChat(canvas, 'fc-sheet', 'fc-diagnosis', 'ul');
    await expect(findings.children.length).toBe(3);
  },
);
export const DeliveryStates = story({
  messages: [
    own('Only on this device', { state: 'queued', acknowledgedBy: 0 }),
    own('Reached two devices', { state: 'sent', acknowledgedBy: 2 }),
    own('On the server', { state: 'stored', acknowledgedBy: 0 }),
    own('Refused', {
      state: 'failed',
      acknowledgedBy: 0,
      reason: 'This message is not signed by its author for this room.',
    }),
  ],
});
export const DaysApart = story({
  messages: [message('See you tomorrow!', { sentAtMs: Date.UTC(2027, 6, 16, 23) }), message('Good morning')],
});
export const EditedRetractedReactions = story({
  messages: [
    message('The set starts at nine', { edited: true }),
    message('', { retracted: true, by: 'Tomás' }),
    message('Best concert ever', {
      reactions: [
        { emoji: '🎉', count: 12, mine: true },
        { emoji: '🌊', count: 3, mine: false },
      ],
    }),
  ],
});
export const HostileText = story({
  messages: [
    message('<img src=x onerror=alert(1)><script>alert(1)</script>', { by: '<b>Mallory</b>' }),
    message('Z̸̡̢̛̺̗͔̺̜͙̖̪͈̄͂̀̓̉̏̊̔͘͜͠ą̴̛̥̥̜͎̳̳̜̻͎̈́̓̈́̌̽̍͐͘̕͝l̵̢̧̛̛̫̭̗̲̠̼̞̜̀̐̂̐͗̽̿͘g̶̨̡̛̰̰̺̙̮̩͚͖̑̀̇̋̈́̊̕͘͝o̴̢̨̡̝̟̩̰̯̍̈̀̆̐̑̏̌͘͜͝͝'),
    message('a'.repeat(400)),
    message('\u202eright to left override', { by: 'אורי' }),
    message('👨‍👩‍👧‍👦 👩🏽‍🚀 🏳️‍🌈 مرحبا بالجميع'),
    message('Look: https://festival.example/map?day=2, and javascript:alert(1)'),
    message(Array.from({ length: 60 }, (_, line) => `line ${line}`).join('\n')),
  ],
});
export const Crowd = story({
  messages: Array.from({ length: 300 }, (_, index) =>
    message(`Message ${index} of a busy night`, { by: `Visitor ${index % 40}` }),
  ),
  members: Array.from({ length: 120 }, (_, index) => member(index === 0 ? 'Ada' : `Visitor ${index}`)),
  status: { members: 4213 },
});
export const MoreOnTheServer = story({ messages: talk, status: { history: 'more' } });
const typing = (names: readonly string[], others = 0) =>
  story({ messages: talk, typing: { members: names.map((name) => member(name)), count: names.length + others } });
export const SomebodyTypes = typing(['Noor']);
export const ManyType = typing(['Noor', 'Tomás', 'Ines'], 9);
export const ReadOnly = story({ messages: talk }, { readonly: true });
export const Narrow = story({ messages: talk }, { width: '280px' });
export const FloatingClosed = story({ messages: talk }, { mode: 'floating' });
export const FloatingUnread = doing(
  { messages: talk },
  async (canvas) => {
    const chat = canvas.querySelector('festival-chat')?.client as ScriptedChat;
    chat.receive(message('Where are you?'), message('By the flag', { by: 'Tomás' }));
    await waitFor(async () => expect(await inChat(canvas, '.badge')).toHaveTextContent('2'));
  },
  { mode: 'floating' },
);
export const FloatingOpen = story({ messages: talk }, { mode: 'floating', open: true });
export const Fullscreen = story({ messages: talk }, { mode: 'fullscreen' });
export const Overlay = story({ messages: talk }, { mode: 'overlay', width: '60rem' });
export const PanelUnmeasured = story({ messages: talk }, { debug: true, width: '40rem' });
export const PanelWithLinks = story(
  {
    messages: talk,
    status: { peers: 2, mesh: 'connected' },
    links: [
      link('Noor'),
      link('Tomás', {
        state: 'suspect',
        quality: { latencyMs: 180, p95Ms: 410, reliability: 0.6, samples: 20 },
        loss: 0.4,
        breaker: { state: 'open', outcomes: 6, failures: 4, retryInMs: 21_000 },
        transport: {
          localCandidate: 'srflx',
          remoteCandidate: 'prflx',
          protocol: 'udp',
          bytesSent: 900,
          bytesReceived: 120,
        },
      }),
      link('Ines', {
        state: 'dialing',
        quality: { latencyMs: null, p95Ms: null, reliability: null, samples: 0 },
        loss: null,
        connectMs: null,
        transport: null,
      }),
    ],
    decisions: [
      { id: onMyWay.id, atMs: onMyWay.sentAtMs, route: 'p2p', peers: 2, reason: 'peers-linked' },
      { id: message('').id, atMs: onMyWay.sentAtMs - 60_000, route: 'websocket', peers: 0, reason: 'server-faster' },
    ],
    quality: {
      webSocket: { latencyMs: 84, p95Ms: 310, reliability: 0.98, samples: 61 },
      p2p: { latencyMs: 6, p95Ms: 410, reliability: 0.87, samples: 62 },
    },
  },
  { debug: true, width: '40rem' },
);
export const PanelOnAPhone = story(
  { ...PanelWithLinks.args?.script, faults: new LinkFaults() },
  { debug: true, width: '22rem', height: '44rem' },
);
