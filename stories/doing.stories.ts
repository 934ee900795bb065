// What people do: each story does it when it opens, and says whether it worked.

import type { Meta } from '@storybook/web-components-vite';
import { expect, userEvent, waitFor } from 'storybook/test';
import { CrowdChat } from './crowd.js';
import { choose, inChat, openMenu, write } from './find.js';
import { doing, frame } from './frame.js';
import type { Args, Story } from './frame.js';
import { ScriptedChat, author, member, message, own } from './scripted-chat.js';

const meta: Meta<Args> = { title: 'doing', component: 'festival-chat', ...frame };
export default meta;

const talk = [
  message('Anybody at the second tap?'),
  message('Third tap, by the lighthouse. Nobody there.', { by: 'Tomás' }),
];

export const Sends = doing({ messages: talk }, async (canvas) => {
  const area = await write(canvas, 'On my way{Enter}');
  await inChat(canvas, 'fc-message-list', '.row:last-child .mine');
  await expect(area.value).toBe('');
});

export const Answers = doing({ messages: talk }, async (canvas) => {
  await openMenu(canvas);
  await choose(canvas, 'Answer');
  await expect(await inChat(canvas, 'fc-composer', '.context')).toHaveTextContent('Answering Tomás');
  await write(canvas, 'Coming!{Enter}');
  const quote = await inChat(canvas, 'fc-message-list', '.row:last-child .quote');
  await expect(quote).toHaveTextContent('Third tap');
});

export const Reacts = doing({ messages: talk }, async (canvas) => {
  await openMenu(canvas);
  await userEvent.click(await inChat(canvas, 'fc-sheet', 'fc-message-menu', '.quick button'));
  const reaction = await inChat(canvas, 'fc-message-list', '.row:last-child .reaction');
  await expect(reaction).toHaveAttribute('aria-pressed', 'true');
});

export const Changes = doing({ messages: [...talk, own('At the forth tap')] }, async (canvas) => {
  await openMenu(canvas);
  await choose(canvas, 'Change');
  const area = await inChat<HTMLTextAreaElement>(canvas, 'fc-composer', 'textarea');
  await waitFor(() => expect(area.value).toBe('At the forth tap'));
  area.select();
  await userEvent.keyboard('At the fourth tap{Enter}');
  await waitFor(async () => {
    const bubble = await inChat(canvas, 'fc-message-list', '.row:last-child .bubble');
    await expect(bubble).toHaveTextContent(/At the fourth tap\s*edited/);
  });
});

export const TakesBack = doing({ messages: [...talk, own('Wrong room, sorry')] }, async (canvas) => {
  await openMenu(canvas);
  await choose(canvas, 'Take back');
  await choose(canvas, 'Take back for everybody?');
  await inChat(canvas, 'fc-message-list', '.row:last-child .retracted');
});

export const Mentions = doing({ messages: talk }, async (canvas) => {
  await write(canvas, 'Hey @no');
  await inChat(canvas, 'fc-composer', '[role=option][aria-selected=true]');
  await userEvent.keyboard('{Enter}');
  const area = await inChat<HTMLTextAreaElement>(canvas, 'fc-composer', 'textarea');
  await expect(area.value).toBe('Hey @Noor ');
});

export const SeesTheMenu = doing({ messages: talk }, (canvas) => openMenu(canvas));

export const SeesHowItTravelled = doing(
  {
    messages: [
      ...talk,
      message('I was out of reach for a while', {
        path: { route: 'p2p', hops: 2 },
        receivedAtMs: Date.UTC(2027, 6, 17, 23),
      }),
    ],
  },
  async (canvas) => {
    await openMenu(canvas);
    await choose(canvas, 'How it travelled');
    const details = await inChat(canvas, 'fc-sheet', 'fc-message-details', 'dl');
    await expect(details).toHaveTextContent('from device to device');
  },
);

export const ChoosesAnEmoji = doing({ messages: talk }, async (canvas) => {
  await userEvent.click(await inChat(canvas, 'fc-composer', '.emoji'));
  const field = await inChat<HTMLInputElement>(canvas, 'fc-sheet', 'fc-emoji-picker', 'input');
  await userEvent.type(field, 'guitar');
  await userEvent.click(await inChat(canvas, 'fc-sheet', 'fc-emoji-picker', '[aria-label="guitar"]'));
  const area = await inChat<HTMLTextAreaElement>(canvas, 'fc-composer', 'textarea');
  await waitFor(() => expect(area.value).toBe('🎸'));
});

export const ErasesEverything = doing({ messages: talk }, async (canvas) => {
  await userEvent.click(await inChat(canvas, '.members'));
  const erase = await inChat(canvas, 'fc-sheet', 'fc-member-list', 'fc-device', '.danger');
  await userEvent.click(erase);
  await waitFor(() => expect(erase).toHaveTextContent('Erase it for good?'));
});

export const SeesWhoIsHere = doing(
  {
    messages: talk,
    members: [
      member('Ada'),
      member('Noor', true),
      { ...member('Noor'), id: member('Mallory').id, author: { ...author('Mallory'), name: 'Noor' } },
      { ...member('Tomás'), author: { ...author('Tomás'), verified: true } },
    ],
  },
  async (canvas) => {
    await userEvent.click(await inChat(canvas, '.members'));
    const list = await inChat(canvas, 'fc-sheet', 'fc-member-list', 'ul');
    await expect(list).toHaveTextContent('Noor');
  },
);

export const BlocksSomebody = doing({ messages: talk }, async (canvas) => {
  await openMenu(canvas);
  await choose(canvas, 'Block Tomás');
  const list = await inChat(canvas, 'fc-message-list', '.feed');
  await waitFor(() => expect(list).not.toHaveTextContent('Third tap'));
});

const many = Array.from({ length: 400 }, (_, index) => message(`Message ${index}`, { by: `Visitor ${index % 9}` }));

export const ReadsBack = doing({ messages: many }, async (canvas) => {
  const chat = canvas.querySelector('festival-chat')?.client as ScriptedChat;
  const scroller = await inChat(canvas, 'fc-message-list', '.scroll');
  await inChat(canvas, 'fc-composer', '.emoji');
  scroller.scrollTop -= 1_000;
  await inChat(canvas, 'fc-message-list', '.new');
  const before = scroller.scrollTop;
  chat.receive(message('While you were away'), message('And another'));
  const button = await inChat(canvas, 'fc-message-list', '.new:not(.plain)');
  await expect(button).toHaveTextContent('2 new messages');
  await expect(Math.abs(scroller.scrollTop - before)).toBeLessThan(2_000);
});

export const ReadsFurtherBack = doing(
  { earlier: many.slice(0, 150), messages: many.slice(150, 170) },
  async (canvas) => {
    const scroller = await inChat(canvas, 'fc-message-list', '.scroll');
    await inChat(canvas, 'fc-composer', '.emoji');
    await userEvent.click(await inChat(canvas, 'fc-message-list', '.earlier button'));
    await waitFor(async () => {
      // Again and again, as a finger does: what is read stays where it is when more comes above it.
      scroller.scrollTop = 0;
      await expect(scroller.querySelector('.earlier')).toHaveTextContent('Nothing earlier is kept.');
    });
    await expect(await inChat(canvas, 'fc-message-list', '.row')).toHaveTextContent('Message 0');
  },
);

const crowd = (size: number): Story => {
  let chat: CrowdChat | null = null;
  return {
    args: { makeChat: () => (chat = new CrowdChat(size)) },
    beforeEach: () => () => chat?.stop(),
    play: async () => {
      chat?.start();
      const before = chat?.messages.at(-1)?.id;
      await waitFor(() => expect(chat?.messages.at(-1)?.id).not.toBe(before), { timeout: 10_000 });
    },
  };
};

export const CrowdOf5 = crowd(5);
export const CrowdOf50 = crowd(50);
export const CrowdOf500 = crowd(500);
