// The parts by themselves, for whoever themes one of them.

import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { ScriptedChat, link, member, message, own } from './scripted-chat.js';

/** Parts take their colours from the element around them; here a frame stands in for it. */
const meta: Meta = {
  title: 'parts',
  render: (_args, { globals }) => html`${String(globals['colours'])}`,
};
export default meta;

const framed = (content: TemplateResult): StoryObj => ({
  render: () => html`
    <style>
      .part {
        width: 26rem;
        max-width: 100%;
        display: flex;
        flex-direction: column;
        height: 22rem;
        --_surface: #fffaf2;
        --_raised: #f3eadc;
        --_text: #241b14;
        --_muted: #6b5c4f;
        --_line: #dccfbd;
        --_accent: #b23a0e;
        --_on-accent: #fff;
        --_own: #ffe3cf;
        --_danger: #a61b1b;
        --_good: #1f6b3a;
        --_space: 0.75rem;
        --_radius: 14px;
        background: #fffaf2;
        color: #241b14;
        font-family: system-ui, sans-serif;
      }
    </style>
    <div class="part">${content}</div>
  `,
});

export const MessageList = framed(
  html`<fc-message-list label="Main Stage" .messages=${[message('One'), message('Two'), own('Three')]}></fc-message-list>`,
);
export const Composer = framed(html`<fc-composer></fc-composer>`);
export const NamePrompt = framed(html`<fc-name-prompt></fc-name-prompt>`);
export const Status = framed(html`<fc-status .status=${new ScriptedChat().status}></fc-status>`);
export const Members = framed(html`<fc-members .members=${[member('Ada'), member('Noor')]} .count=${2}></fc-members>`);
export const MeshPanel = framed(
  html`<festival-chat debug room-name="Main Stage" .client=${new ScriptedChat({ links: [link('Noor')] })}></festival-chat>`,
);
