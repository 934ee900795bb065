// What stories share: of the whole chat its controls and the page around it, of a part by itself what it stands in.

import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { ChatStatus } from '../src/core/chat-view.js';
import { tokens } from '../src/element/tokens.js';
import { ScriptedChat } from './scripted-chat.js';
import type { Script } from './scripted-chat.js';

export interface Args {
  readonly script: Script;
  /** Made by the story itself instead of from the script. */
  readonly makeChat?: () => ScriptedChat;
  readonly mode: 'inline' | 'floating' | 'fullscreen' | 'overlay';
  readonly theme: string;
  readonly open: boolean;
  readonly readonly: boolean;
  readonly debug: boolean;
  readonly roomName: string;
  readonly width: string;
  readonly height: string;
}

export type Story = StoryObj<Args>;

const DOWN = { websocket: 'disconnected', reason: 'server-unreachable' } as const;

/** What the toolbar's network does to a story. */
const NETWORKS: Readonly<Record<string, Partial<ChatStatus>>> = {
  online: { connection: 'online', isConnected: true, websocket: 'connected', reason: 'connected', queued: 0 },
  'mesh-only': { ...DOWN, connection: 'mesh-only', isConnected: true, mesh: 'connected', peers: 2, queued: 1 },
  offline: { ...DOWN, connection: 'offline', isConnected: false, queued: 1 },
};

export const frame = {
  args: {
    script: {},
    mode: 'inline',
    theme: '',
    open: false,
    readonly: false,
    debug: false,
    roomName: 'Main Stage',
    width: '26rem',
    height: '',
  },
  argTypes: {
    script: { control: false },
    makeChat: { control: false },
    mode: { control: 'select', options: ['inline', 'floating', 'fullscreen', 'overlay'] },
    theme: { control: 'select', options: ['', 'low-tide', 'neon', 'meadow', 'desert'] },
  },
  render: (args, { globals }) => {
    const chat = args.makeChat?.() ?? new ScriptedChat(args.script);
    const network = NETWORKS[String(globals['network'])];
    if (network !== undefined) chat.setStatus(network);
    const frameElement = document.createElement('div');
    frameElement.style.maxWidth = '100%';
    frameElement.style.width = String(globals['width'] || args.width);
    frameElement.style.setProperty('--fc-height', args.height || '');
    frameElement.append(chatElement(args, chat, globals));
    return frameElement;
  },
} satisfies Pick<Meta<Args>, 'args' | 'argTypes' | 'render'>;

export const chatStory = (script: Script, args: Partial<Args> = {}): Story => ({ args: { script, ...args } });

/** A story in which somebody does something as soon as it is shown. */
export const doing = (
  script: Script,
  play: (canvas: HTMLElement) => Promise<void>,
  args: Partial<Args> = {},
): Story => ({ ...chatStory(script, args), play: async ({ canvasElement }) => play(canvasElement) });

/**
 * A part by itself. Parts take their colours from the element around them; here a frame with the same tokens stands in
 * for it.
 *
 * @param look of the frame, as CSS
 */
export const partFrame = (content: () => TemplateResult, look = 'padding: 0.75rem'): StoryObj => ({
  render: (_args, { globals }) => html`
    <style>
      ${tokens.cssText} .part {
        box-sizing: border-box;
        width: 26rem;
        max-width: 100%;
        background: var(--_surface);
        color: var(--_text);
      }
    </style>
    <div class="root part" style=${look} data-mode=${String(globals['colours'])}>${content()}</div>
  `,
});

function chatElement(args: Args, chat: ScriptedChat, globals: Readonly<Record<string, unknown>>): HTMLElement {
  const element = document.createElement('festival-chat');
  const attributes: Readonly<Record<string, string>> = {
    mode: args.mode,
    'room-name': args.roomName,
    'color-mode': String(globals['colours']),
    theme: args.theme || String(globals['theme']),
  };
  for (const [name, value] of Object.entries(attributes)) if (value !== '') element.setAttribute(name, value);
  for (const name of ['open', 'readonly', 'debug'] as const) element.toggleAttribute(name, args[name]);
  element.client = chat;
  return element;
}
