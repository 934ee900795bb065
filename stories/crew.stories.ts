// Private rooms: the room in each of its states, and the sheet that makes, opens and invites.

import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import { FestivalChat } from '../src/element/festival-chat.js';
import { chatStory, frame, partFrame } from './frame.js';
import type { Args } from './frame.js';
import { ScriptedChat, message, own } from './scripted-chat.js';
import type { ScriptedCrewState } from './scripted-crews.js';

const meta: Meta<Args> = { title: 'private rooms', ...frame, loaders: [() => FestivalChat.loadPart('crew')] };
export default meta;

const MESSAGES = [message('Tent is behind the blue flag'), own('On my way')];

const room = (crew: ScriptedCrewState) => chatStory({ messages: MESSAGES, crew }, { roomName: 'Private room Tent' });

const sheet = (crew?: ScriptedCrewState): StoryObj =>
  partFrame(
    () => html`<fc-crew
      .chat=${new ScriptedChat(crew === undefined ? {} : { crew })}
      .home=${crew === undefined ? null : 'Main Stage'}
    ></fc-crew>`,
  );

export const Open = room({ state: 'open' });
export const Removed = room({ state: 'removed' });
export const LinkReplaced = room({ state: 'replaced' });
export const KeyDoesNotFit = room({ state: 'unreadable' });
export const NoKey = room({ state: 'no-key' });

export const MakeOrOpen = sheet();
export const InviteAsMember = sheet({ state: 'open' });
export const InviteAsFounder = sheet({ state: 'open', isFounder: true });
export const AnotherLinkWanted = sheet({ state: 'replaced' });
