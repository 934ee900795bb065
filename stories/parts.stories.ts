// The parts by themselves, for whoever themes one of them.

import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { FindingCode } from '../src/core/diagnosis.js';
import { FestivalChat } from '../src/element/festival-chat.js';
import { partFrame } from './frame.js';
import { ScriptedChat, announcement, author, link, member, message, own } from './scripted-chat.js';

const meta: Meta = {
  title: 'parts',
  // By itself a part does not ask for what is fetched later.
  loaders: [() => FestivalChat.loadPart('extras')],
};
export default meta;

const framed = (content: TemplateResult, height = '22rem'): StoryObj =>
  partFrame(
    () => content,
    `position: relative; height: ${height}; display: flex; flex-direction: column; overflow: auto`,
  );

const late = message('Sorry, I was out of reach', {
  path: { route: 'p2p', hops: 2 },
  receivedAtMs: Date.UTC(2027, 6, 18),
});

export const MessageList = framed(
  html`<fc-message-list label="Main Stage" .messages=${[message('One'), message('Two'), own('Three')]}></fc-message-list>`,
);
export const Composer = framed(html`<fc-composer></fc-composer>`);
export const ComposerOffline = framed(html`<fc-composer offline></fc-composer>`);
export const NamePrompt = framed(html`<fc-name-prompt></fc-name-prompt>`);
export const Status = framed(html`<fc-status .status=${new ScriptedChat().status}></fc-status>`);
export const MemberList = framed(
  html`<fc-member-list .members=${[member('Ada'), member('Noor', true)]} .count=${120}></fc-member-list>`,
);
export const MemberListOfARelay = framed(
  html`<fc-member-list .members=${[member('Ada'), member('Noor', true)]} .count=${2} .awake=${true}></fc-member-list>`,
  '26rem',
);
export const OnThisDevice = framed(html`<fc-device .choices=${{ sound: true, notify: 'off' }}></fc-device>`);
export const OnThisDeviceRefused = framed(
  html`<fc-device .choices=${{ sound: false, notify: 'refused' }}></fc-device>`,
);
export const OnThisDeviceImpossible = framed(
  html`<fc-device .choices=${{ sound: false, notify: 'impossible' }}></fc-device>`,
);
export const MemberListInACrowd = framed(
  html`<fc-member-list
    .members=${Array.from({ length: 120 }, (_, index) => member(`Visitor ${index}`))}
    .count=${4213}
    .blockedAuthors=${[author('Mallory')]}
  ></fc-member-list>`,
);
export const MessageMenu = framed(html`<fc-message-menu .message=${message('Third tap')}></fc-message-menu>`, '26rem');
export const MessageMenuOfMine = framed(
  html`<fc-message-menu .message=${own('Third tap')}></fc-message-menu>`,
  '26rem',
);
export const MessageDetails = framed(html`<fc-message-details .message=${late}></fc-message-details>`);
export const MessageDetailsOfMine = framed(
  html`<fc-message-details
    .message=${own('Refused', { state: 'failed', acknowledgedBy: 0, reason: 'Too loud' })}
  ></fc-message-details>`,
);
export const Report = framed(
  html`<fc-report .message=${message('Buy my tickets!!', { by: 'Mallory' })} .chat=${new ScriptedChat()}></fc-report>`,
  '32rem',
);
/** Each there is; a device has three at most. */
const FINDINGS: Readonly<Record<FindingCode, true>> = {
  'no-network': true,
  'captive-portal': true,
  'server-unreachable': true,
  'storage-refused': true,
  'clock-off': true,
  'insecure-page': true,
  'no-webrtc': true,
  'battery-saver': true,
  'udp-blocked': true,
  'wifi-isolates': true,
  'websocket-blocked': true,
  'p2p-disabled': true,
};
const everyFinding = Object.keys(FINDINGS) as FindingCode[];
export const EveryFinding = partFrame(
  () => html`<fc-diagnosis .chat=${new ScriptedChat({ diagnostics: { findings: everyFinding } })}></fc-diagnosis>`,
);
export const NoFinding = partFrame(() => html`<fc-diagnosis .chat=${new ScriptedChat()}></fc-diagnosis>`);
export const Pinned = framed(html`<fc-pinned .messages=${[announcement('Gates close at ten.')]}></fc-pinned>`);
export const EmojiPicker = framed(html`<fc-emoji-picker></fc-emoji-picker>`, '28rem');
export const Sheet = framed(
  html`<fc-sheet .content=${{ kind: 'menu', message: own('Third tap') }}></fc-sheet>`,
  '30rem',
);
export const MeshPanel = framed(
  html`<festival-chat debug room-name="Main Stage" .client=${new ScriptedChat({ links: [link('Noor')] })}></festival-chat>`,
  '36rem',
);
