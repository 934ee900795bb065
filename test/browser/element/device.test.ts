// What a device remembers of <festival-chat>, and forgets.

import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import '../../../src/define.js';
import { BlockRequest } from '../../../src/element/extras/requests.js';
import { FestivalChat } from '../../../src/element/festival-chat.js';
import { ScriptedChat, author } from '../../../stories/scripted-chat.js';
import { composerText, hasExtras, inside, part, show, within } from './show.js';

/** A chat with a client of its own, of a festival that no other test knows. */
async function chatOf(festival: string): Promise<FestivalChat> {
  const element = await fixture<FestivalChat>(
    html`<festival-chat server=${location.origin} festival=${festival} display-name="Ada"></festival-chat>`,
  );
  await hasExtras(element);
  await waitUntil(() => inside(element).querySelector('fc-composer') !== null);
  return element;
}

const newFestival = (): string => `device-${crypto.randomUUID()}`;

describe('the memory of a device', () => {
  it('is one for all chats of a festival: whom one of them blocks, all have blocked', async () => {
    const festival = newFestival();
    const [one, other] = [await chatOf(festival), await chatOf(festival)];
    const listed = async (element: FestivalChat): Promise<string> =>
      (await within(element, 'fc-sheet', 'fc-member-list')).querySelector('[aria-labelledby=blocked]')?.textContent ??
      '';
    for (const element of [one, other]) inside(element).querySelector<HTMLElement>('.members')?.click();
    for (const element of [one, other]) await listed(element);
    one.shadowRoot?.querySelector('fc-sheet')?.dispatchEvent(new BlockRequest(author('Anna'), true));
    await waitUntil(async () => (await listed(other)).includes('Anna'), 'not heard of by the other');
    other.shadowRoot?.querySelector('fc-sheet')?.dispatchEvent(new BlockRequest(author('Bob'), true));
    await waitUntil(async () => /Anna.*Bob/s.test(await listed(one)), 'the first was forgotten');
    await one.wipe();
  });

  it('is empty after a wipe, also when that came before all was fetched', async () => {
    const festival = newFestival();
    const key = `festival-chat:${location.origin}:${festival}:lobby:draft`;
    localStorage.setItem(key, 'half a thought');
    const { loadPart } = FestivalChat;
    let go = (): void => undefined;
    FestivalChat.loadPart = () => new Promise((resolve) => (go = resolve));
    try {
      const element = await fixture<FestivalChat>(
        html`<festival-chat server=${location.origin} festival=${festival} display-name="Ada"></festival-chat>`,
      );
      await element.wipe();
      go();
      await waitUntil(() => localStorage.getItem(key) === null);
    } finally {
      FestivalChat.loadPart = loadPart;
    }
  });

  it('and so is the field', async () => {
    const element = await show(new ScriptedChat());
    const composer = inside(element).querySelector('fc-composer');
    if (composer !== null) composer.value = 'half a thought';
    await element.wipe();
    await waitUntil(() => composerText(element) === '');
    expect(part(element, 'fc-composer').querySelector('textarea')).to.not.equal(null);
  });
});
