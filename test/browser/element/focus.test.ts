// Where the focus is after what a person has done at <festival-chat>: never on the page's body.

import { expect } from '@open-wc/testing';
import type { FestivalChat } from '../../../src/element/festival-chat.js';
import { ScriptedChat, announcement, message } from '../../../stories/scripted-chat.js';
import { PHOTO } from '../../../stories/scripted-photos.js';
import { button, inside, menuOf, part, readyList, rows, show, within } from './show.js';
import { waitUntil } from '../../support/wait-in-browser.js';

const focusedRow = (element: FestivalChat): Element | null => part(element, 'fc-message-list').activeElement;

const sheetIsFocused = (element: FestivalChat): boolean =>
  inside(element).querySelector('fc-sheet')?.shadowRoot?.activeElement?.className === 'sheet';

function escape(element: FestivalChat): void {
  const focused = inside(element).querySelector('fc-sheet')?.shadowRoot?.activeElement;
  focused?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true }));
}

describe('the focus of <festival-chat>', () => {
  it('goes to a sheet that another has led to, and Escape closes that one too', async () => {
    const element = await show(new ScriptedChat({ messages: [message('one')] }));
    const way = button(await menuOf(element, 0), 'How it travelled');
    way.focus();
    way.click();
    await within(element, 'fc-sheet', 'fc-message-details');
    await waitUntil(() => sheetIsFocused(element), 'the way of a message');
    escape(element);
    await waitUntil(() => focusedRow(element) === rows(element)[0]);

    inside(element).querySelector<HTMLElement>('.members')?.click();
    const rooms = button(await within(element, 'fc-sheet', 'fc-member-list'), 'Private rooms');
    rooms.focus();
    rooms.click();
    await within(element, 'fc-sheet', 'fc-crew');
    await waitUntil(() => sheetIsFocused(element), 'private rooms');
  });

  it('goes on to the messages when what is pinned is closed', async () => {
    const pin = announcement('Free water.');
    const element = await show(
      new ScriptedChat({ messages: [message('one'), message('two')], moderation: { pinned: [pin] } }),
    );
    await readyList(element);
    button(await within(element, 'fc-pinned'), 'Close what is pinned').click();
    await waitUntil(() => focusedRow(element) === rows(element)[1]);
  });

  it('goes on to the messages when the one it came from is gone', async () => {
    const element = await show(
      new ScriptedChat({ messages: [message('spam', { by: 'Mallory' }), message('hello', { by: 'Noor' })] }),
    );
    button(await menuOf(element, 0), 'Block Mallory').click();
    await waitUntil(() => rows(element).length === 1);
    await waitUntil(() => focusedRow(element) === rows(element)[0]);
  });

  it('goes to the question for a name when somebody without one reacts', async () => {
    const chat = new ScriptedChat({ displayName: null, messages: [message('one')] });
    const element = await show(chat);
    button(await menuOf(element, 0), '🔥').click();
    await waitUntil(() => inside(element).activeElement?.localName === 'fc-name-prompt');
    expect(inside(element).querySelector('fc-sheet')).to.equal(null);
    expect(chat.calls).to.deep.equal([]);
  });

  it('on a photo is the message’s: its tools are there, and Tab enters the list here', async () => {
    const chat = new ScriptedChat({
      messages: [message('', { photo: PHOTO }), message('two')],
      photos: {},
    });
    const element = await show(chat);
    await readyList(element);
    const photo = await within(element, 'fc-message-list', 'fc-photo');
    await waitUntil(() => photo.querySelector('button') !== null);
    photo.querySelector('button')?.focus();
    await waitUntil(() => rows(element)[0]?.querySelector('.tools') !== null);
    expect(rows(element)[0]?.tabIndex).to.equal(0);
  });
});
