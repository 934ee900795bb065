// What the organiser does, as the one concerned sees it: pins, slow mode, a mute, a ban, a word that is not wanted; and
// what a visitor can do about others.

import type { Meta } from '@storybook/web-components-vite';
import { expect, userEvent, waitFor } from 'storybook/test';
import { choose, inChat, openMenu, write } from './find.js';
import { chatStory, doing, frame } from './frame.js';
import type { Args } from './frame.js';
import { ScriptedChat, announcement, member, message, own } from './scripted-chat.js';

const meta: Meta<Args> = { title: 'organiser', component: 'festival-chat', ...frame };
export default meta;

const talk = [
  message('Anybody at the second tap?'),
  message('Third tap, by the lighthouse. Nobody there.', { by: 'Tomás' }),
  message('Marisol Vane was ten minutes early. Run! 🏃‍♀️'),
];
const gates = announcement('Gates close at ten. The last shuttle to the station leaves at half past eleven.');
const water = announcement('Free water at every bar until midnight.');
const lost = message('Lost child at the info point: Mia, five years, yellow boots.', { by: 'Info point' });
const long = announcement(
  'بسبب الرياح القوية نُغلق المسرح الرئيسي حتى الساعة التاسعة مساءً. نرجو منكم التوجه بهدوء إلى الخيمة الكبيرة قرب المنارة، واتباع إرشادات الفريق. ' +
    'ستُقام حفلة ماريسول فاين في الخيمة. الماء مجاني في كل الحانات، والمواصلات إلى المحطة تعمل كل عشر دقائق حتى الواحدة.',
);
const messages = [gates, water, lost, ...talk];

export const PinnedOne = doing({ messages: [gates, ...talk], moderation: { pinned: [gates] } }, async (canvas) => {
  await userEvent.click(await inChat(canvas, 'fc-pinned', 'button.text'));
  const row = await inChat(canvas, 'fc-message-list', '.row');
  await waitFor(() => expect((row.getRootNode() as ShadowRoot).activeElement).toBe(row));
});

export const PinnedMany = doing({ messages, moderation: { pinned: [lost, water, gates] } }, async (canvas) => {
  await expect(await inChat(canvas, 'fc-pinned', '.next')).toHaveTextContent('1 of 3');
  await userEvent.click(await inChat(canvas, 'fc-pinned', '.next'));
  await waitFor(async () => expect(await inChat(canvas, 'fc-pinned', '.next')).toHaveTextContent('2 of 3'));
});

export const PinnedFolded = doing({ messages, moderation: { pinned: [lost, water, gates] } }, async (canvas) => {
  await userEvent.click(await inChat(canvas, 'fc-pinned', '[aria-expanded]'));
  await inChat(canvas, 'fc-pinned', '.folded');
});

export const PinnedAndClosed = doing({ messages, moderation: { pinned: [water] } }, async (canvas) => {
  await userEvent.click(await inChat(canvas, 'fc-pinned', '[aria-label="Close what is pinned"]'));
  await waitFor(() => expect(canvas.querySelector('festival-chat')?.shadowRoot?.querySelector('fc-pinned')).toBe(null));
});

export const PinnedLongFromRightToLeft = chatStory({
  messages: [long, ...talk],
  moderation: { pinned: [long, gates] },
});
export const PinnedOnAWatch = chatStory({ messages, moderation: { pinned: [gates, water] } }, { width: '280px' });
export const PinnedOnABigScreen = chatStory(
  { messages, moderation: { pinned: [gates] } },
  { mode: 'overlay', width: '60rem' },
);

export const SlowMode = chatStory({ messages: talk, moderation: { slowSeconds: 30 } });

export const SlowModeCounting = doing(
  { messages: [...talk, own('On my way!')], moderation: { slowSeconds: 30, slowWaitMs: 12_000 } },
  async (canvas) => {
    const area = await write(canvas, 'And bring water{Enter}');
    await expect(area.value).toBe('And bring water');
    await expect(await inChat(canvas, 'fc-composer', '.send')).toHaveAttribute('aria-disabled', 'true');
  },
);

export const SlowModeHoldsAMessage = chatStory({
  messages: [
    ...talk,
    own('On my way!'),
    own('And bring water', { state: 'queued', acknowledgedBy: 0, waitsFor: 'slow-mode' }),
  ],
  status: { queued: 1 },
  moderation: { slowSeconds: 30, slowWaitMs: 12_000 },
});

/** This evening. */
const untilMs = new Date().setHours(21, 40, 0, 0);

export const Muted = chatStory({
  messages: [
    ...talk,
    own('You all smell', { state: 'failed', acknowledgedBy: 0, reason: 'Cool down.', code: 'muted' }),
  ],
  moderation: { restriction: { level: 'mute', untilMs, endsInMs: 1_200_000, reason: 'Cool down.' } },
});

export const Banned = chatStory({
  messages: talk,
  status: { connection: 'offline', isConnected: false, websocket: 'disconnected', reason: 'banned' },
  moderation: {
    restriction: {
      level: 'ban',
      untilMs: untilMs + 3 * 86_400_000,
      endsInMs: 86_400_000,
      reason: 'Threats to others.',
    },
  },
});

export const Filtered = doing(
  {
    messages: [
      ...talk,
      own('What a darned queue', { state: 'failed', acknowledgedBy: 0, reason: 'no', code: 'filtered' }),
    ],
  },
  async (canvas) => {
    await inChat(canvas, 'fc-composer', '.emoji');
    await userEvent.click(await inChat(canvas, 'fc-message-list', '.retry'));
    const area = await inChat<HTMLTextAreaElement>(canvas, 'fc-composer', 'textarea');
    await waitFor(() => expect(area.value).toBe('What a darned queue'));
  },
);

/** Without its words, with a reason where one was given; an own one too. */
export const RemovedByOrganiser = chatStory({
  messages: [
    ...talk,
    message('', { by: 'Mallory', removed: { reason: 'Ticket fraud.' } }),
    message('', { by: 'Mallory', removed: { reason: null } }),
    { ...own(''), removed: { reason: 'Insults somebody.' } },
  ],
});

export const Announced = doing({ messages: talk }, async (canvas) => {
  const chat = canvas.querySelector('festival-chat')?.client as ScriptedChat;
  await inChat(canvas, 'fc-composer', '.emoji');
  chat.receive(announcement('Gates close at ten.'));
  chat.order({ pinned: chat.messages.slice(-1) });
  await inChat(canvas, 'fc-pinned', 'section');
  await expect(await inChat(canvas, '[role=alert]')).toHaveTextContent('The organiser: Gates close at ten.');
});

export const Reports = doing({ messages: talk }, async (canvas) => {
  await openMenu(canvas);
  await choose(canvas, 'Report to the organiser');
  await userEvent.click(await inChat(canvas, 'fc-sheet', 'fc-report', 'input[value=insult]'));
  await userEvent.type(await inChat(canvas, 'fc-sheet', 'fc-report', 'textarea'), 'Not the first time');
});

export const ReportsAndIsThanked = doing({ messages: talk }, async (canvas) => {
  await openMenu(canvas);
  await choose(canvas, 'Report to the organiser');
  await userEvent.click(await inChat(canvas, 'fc-sheet', 'fc-report', 'button[type=submit]'));
  await expect(await inChat(canvas, 'fc-sheet', 'fc-report', '[role=status]')).toHaveTextContent('has your report');
});

export const ReportsWithoutAServer = doing(
  {
    messages: talk,
    status: { connection: 'offline', isConnected: false, websocket: 'disconnected', reason: 'server-unreachable' },
  },
  async (canvas) => {
    await openMenu(canvas);
    await choose(canvas, 'Report to the organiser');
    await userEvent.click(await inChat(canvas, 'fc-sheet', 'fc-report', 'button[type=submit]'));
    await waitFor(async () =>
      expect(await inChat(canvas, 'fc-sheet', 'fc-report', '[role=alert]')).toHaveTextContent('nothing was sent'),
    );
  },
);

export const BlockedPeople = doing(
  { messages: talk, members: [member('Ada'), member('Noor'), member('Tomás')] },
  async (canvas) => {
    await userEvent.click(await inChat(canvas, '.members'));
    await userEvent.click(await inChat(canvas, 'fc-sheet', 'fc-member-list', '[aria-label="Block Tomás"]'));
    await expect(await inChat(canvas, 'fc-sheet', 'fc-member-list', '.unblock')).toHaveTextContent('Unblock');
  },
);
