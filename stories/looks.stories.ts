// How the chat looks: each ready theme, each language, each width.

import type { Meta } from '@storybook/web-components-vite';
import { expect } from 'storybook/test';
import { inChat } from './find.js';
import { chatStory, frame } from './frame.js';
import type { Args, Story } from './frame.js';
import { message, own } from './scripted-chat.js';

const meta: Meta<Args> = { title: 'looks', component: 'festival-chat', ...frame };
export default meta;

const first = message('Anybody at the second tap? The queue here is long.');
const mine = own('Third tap, by the lighthouse. Nobody there.');

/** A bit of everything that has a colour. */
const everything = [
  first,
  message('The one with the blue lantern?', { by: 'Tomás' }),
  { ...mine, replyTo: first.id, reactions: [{ emoji: '🙌', count: 4, mine: false }] },
  message('@Ada you are a hero. Map: https://festival.example/map', { by: 'Ines' }),
  message('🎉', { by: 'Tomás' }),
  message('Best concert ever', { reactions: [{ emoji: '🔥', count: 12, mine: true }] }),
  message('', { by: 'Mei', retracted: true }),
  own('See you there', { state: 'queued', acknowledgedBy: 0 }),
  own('Front left, at the flag', { state: 'failed', acknowledgedBy: 0, reason: 'Too many messages' }),
];

const themed = (theme: string): Story => ({
  ...chatStory({ messages: everything }, { theme }),
  play: async ({ canvasElement }) => {
    await inChat(canvasElement, `[data-theme=${theme}]`);
  },
});

export const Plain = chatStory({ messages: everything });
export const LowTide = themed('low-tide');
export const Neon = themed('neon');
export const Meadow = themed('meadow');
export const Desert = themed('desert');

const spoken = (language: string, says: string): Story => ({
  ...chatStory({ messages: everything, status: { peers: 2, mesh: 'connected' } }),
  globals: { language, direction: language === 'ar' ? 'rtl' : 'ltr' },
  play: async ({ canvasElement }) => {
    const button = await inChat(canvasElement, 'fc-composer', `[aria-label="${says}"]`);
    await expect(button).toBeVisible();
  },
});

export const Spanish = spoken('es', 'Enviar');
export const German = spoken('de', 'Senden');
export const French = spoken('fr', 'Envoyer');
export const Portuguese = spoken('pt', 'Enviar');
export const Arabic = spoken('ar', 'إرسال');

export const WatchThin = chatStory({ messages: everything }, { width: '280px', height: '22rem' });
export const Wall = chatStory({ messages: everything }, { width: '100%', mode: 'overlay', height: '90vh' });
