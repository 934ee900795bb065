// Photos: in the list, large, before they are sent, and when something keeps them.

import type { Meta } from '@storybook/web-components-vite';
import { expect, userEvent, waitFor } from 'storybook/test';
import { AttachRequest } from '../src/element/extras/requests.js';
import type { ChatErrorCode } from '../src/engine/chat-error.js';
import { inChat } from './find.js';
import { chatStory, frame } from './frame.js';
import type { Args, Story } from './frame.js';
import { message, own } from './scripted-chat.js';
import { PHOTO, painted } from './scripted-photos.js';
import type { PhotoScript } from './scripted-photos.js';

const meta: Meta<Args> = { title: 'photos', component: 'festival-chat', ...frame };
export default meta;

const talk = [
  message('Did anybody get the sunset?'),
  message('From the hill, just now', { by: 'Tomás', photo: PHOTO }),
  message('Beautiful!'),
];

const photoStory = (photos: PhotoScript): Story => ({
  ...chatStory({ messages: talk, photos }),
  play: async ({ canvasElement }) => {
    const photo = await inChat(canvasElement, 'fc-message-list', 'fc-photo', 'canvas');
    await expect(photo).toHaveAccessibleName('From the hill, just now');
    // The list was at its end before the photo was there, and still is.
    const scroller = await inChat(canvasElement, 'fc-message-list', '.scroll');
    await waitFor(() => expect(scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight).toBeLessThan(4));
  },
});

export const Here = photoStory({});
export const Loading = photoStory({ view: { state: 'loading', share: 0.4 } });
export const Waiting = photoStory({ view: { state: 'waiting', share: 0.4 } });
export const TapToLoad = photoStory({ view: { state: 'absent' }, savesData: true });

export const OnItsWay = chatStory({
  messages: [own('', { state: 'stored', acknowledgedBy: 2 })].map((each) => ({ ...each, photo: PHOTO })),
  photos: { view: { state: 'here', sending: 0.6 } },
});

export const WithoutCaption = chatStory({
  messages: [message('', { by: 'Tomás', photo: PHOTO })],
  photos: {},
});

export const Large: Story = {
  ...chatStory({ messages: talk, photos: {} }),
  play: async ({ canvasElement }) => {
    await userEvent.click(await inChat(canvasElement, 'fc-message-list', 'fc-photo', '.open'));
    const view = await inChat(canvasElement, 'fc-sheet', 'fc-photo-view', 'canvas');
    await expect(view).toHaveAccessibleName('From the hill, just now');
    await inChat(canvasElement, 'fc-sheet', 'fc-photo-view[data-whole]');
  },
};

const draftStory = (problem?: ChatErrorCode): Story => ({
  ...chatStory({ messages: talk, photos: problem === undefined ? {} : { problem } }),
  play: async ({ canvasElement }) => {
    const composer = await inChat(canvasElement, 'fc-composer');
    composer.dispatchEvent(new AttachRequest(await painted()));
    if (problem === undefined) {
      const caption = await inChat<HTMLInputElement>(canvasElement, 'fc-sheet', 'fc-photo-draft', 'input');
      await waitFor(() => expect(caption.matches(':focus')).toBe(true));
    } else await inChat(canvasElement, 'fc-sheet', 'fc-photo-draft', '[role=alert]');
  },
});

export const BeforeSending = draftStory();
export const NoPicture = draftStory('not-a-picture');
export const TooLarge = draftStory('photo-too-large');
export const PhotosAreOff = draftStory('photos-off');
export const OutOfSpace = draftStory('no-space');
