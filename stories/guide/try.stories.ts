// What the guide shows working: the playground, and the theme of the theming page.

import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { expect, userEvent, within } from 'storybook/test';
import manifest from '../../dist/custom-elements.json?raw';
import theming from './text/theming.md?raw';
import { find } from '../find.js';
import { ScriptedChat, message, own } from '../scripted-chat.js';
import { optionsOf } from './options.js';
import { Playground } from './playground.js';
import { referenceOf } from './reference.js';
import type { Manifest } from './reference.js';

export default { title: 'guide/try' } satisfies Meta;

const talk = [
  message('Anybody at the second tap? The queue here is long.'),
  message('Third tap, by the lighthouse. Nobody there.', { by: 'Tomás' }),
  own('On my way, thank you!', { state: 'stored', acknowledgedBy: 2 }),
];

/** Everything that has a colour. */
const colours = [
  ...talk,
  message('@Ada you are a hero. Map: https://festival.example/map', { by: 'Ines' }),
  message('Best concert ever', { reactions: [{ emoji: '🔥', count: 12, mine: true }] }),
  message('', { by: 'Mei', retracted: true }),
  own('See you there', { state: 'queued', acknowledgedBy: 0 }),
  own('Front left, at the flag', { state: 'failed', acknowledgedBy: 0, reason: 'Too many messages' }),
];

export const playground: StoryObj = {
  name: 'playground',
  render: () => {
    const options = optionsOf(referenceOf(JSON.parse(manifest) as Manifest).attributes);
    return new Playground(options, new ScriptedChat({ messages: talk }), { room: 'main-stage', theme: 'low-tide' })
      .root;
  },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    const name = canvas.getByLabelText('room-name');
    await userEvent.clear(name);
    await userEvent.type(name, 'Main "Stage"');
    await userEvent.selectOptions(canvas.getByLabelText('theme'), 'neon');
    await userEvent.click(canvas.getByLabelText('debug'));
    await expect(canvas.getByRole('region', { name: 'To paste' })).toHaveTextContent(
      '<script type="module" src="https://chat.example.org/festival-chat.js"></script> ' +
        '<festival-chat room="main-stage" theme="neon" room-name="Main &quot;Stage&quot;" debug></festival-chat>',
    );
    await expect(await find(canvasElement, 'festival-chat', 'h1')).toHaveTextContent('Main "Stage"');
    await find(canvasElement, 'festival-chat', '[data-theme=neon]');
  },
};

/** The page's first block of CSS, as it stands there. */
const theme = /```css\n([\s\S]*?)```/.exec(theming)?.[1] ?? '';

export const ownTheme: StoryObj = {
  name: 'own theme',
  render: (_args, { globals }) => {
    const root = document.createElement('div');
    const style = document.createElement('style');
    style.textContent = theme;
    const chat = document.createElement('festival-chat');
    chat.setAttribute('color-mode', String(globals['colours']));
    chat.setAttribute('room-name', 'Main Stage');
    chat.style.maxWidth = '26rem';
    chat.client = new ScriptedChat({ messages: colours });
    root.append(style, chat);
    return root;
  },
  play: async ({ canvasElement }) => {
    await expect(theme.trim().split('\n').length).toBeLessThan(50);
    const header = await find(canvasElement, 'festival-chat', '[part=header]');
    const isDark = canvasElement.querySelector('[color-mode=dark]') !== null;
    await expect(getComputedStyle(header).backgroundColor).toBe(isDark ? 'rgb(10, 17, 32)' : 'rgb(29, 42, 74)');
    await expect(getComputedStyle(header).borderBottomStyle).toBe('double');
  },
};
