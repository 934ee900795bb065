// Pictures that are pasted into <festival-chat> or dropped on it.

import { expect } from '@open-wc/testing';
import type { FestivalChat } from '../../../src/element/festival-chat.js';
import { ScriptedChat, message } from '../../../stories/scripted-chat.js';
import { painted } from '../../../stories/scripted-photos.js';
import { button, inside, menuOf, part, settled, show, within } from './show.js';
import { waitUntil } from '../../support/wait-in-browser.js';

async function clipboard(text = ''): Promise<DataTransfer> {
  const data = new DataTransfer();
  data.items.add(new File([await painted(48, 32)], 'a.webp', { type: 'image/webp' }));
  if (text !== '') data.setData('text/plain', text);
  return data;
}

function paste(into: Element | null, clipboardData: DataTransfer): boolean {
  const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, composed: true, cancelable: true });
  into?.dispatchEvent(event);
  return event.defaultPrevented;
}

const field = (element: FestivalChat): Element | null => part(element, 'fc-composer').querySelector('textarea');
const sheet = (element: FestivalChat): Element | null => inside(element).querySelector('fc-sheet');

describe('a picture that is pasted', () => {
  it('is offered to be sent', async () => {
    const element = await show(new ScriptedChat({ photos: {} }));
    await waitUntil(() => part(element, 'fc-composer').querySelector('.attach') !== null);
    expect(paste(field(element), await clipboard())).to.equal(true);
    await within(element, 'fc-sheet', 'fc-photo-draft');
  });

  it('stays what it is where no photos are taken', async () => {
    const element = await show(new ScriptedChat());
    expect(paste(field(element), await clipboard())).to.equal(false);
    await settled(element);
    expect(sheet(element)).to.equal(null);
  });

  it('gives way to the text it came with, as from a table', async () => {
    const element = await show(new ScriptedChat({ photos: {} }));
    await waitUntil(() => part(element, 'fc-composer').querySelector('.attach') !== null);
    expect(paste(field(element), await clipboard('12\t30'))).to.equal(false);
    await settled(element);
    expect(sheet(element)).to.equal(null);
  });

  it('leaves the sheet that is open', async () => {
    const element = await show(new ScriptedChat({ photos: {}, messages: [message('rude')] }));
    await waitUntil(() => part(element, 'fc-composer').querySelector('.attach') !== null);
    button(await menuOf(element, 0), 'Report').click();
    const report = await within(element, 'fc-sheet', 'fc-report');
    expect(paste(report.querySelector('textarea'), await clipboard())).to.equal(false);
    await settled(element);
    expect(sheet(element)?.shadowRoot?.querySelector('fc-report')).to.not.equal(null);
  });
});
