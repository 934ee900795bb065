// Private rooms: what people see and hear of them, and what they can do.

import { expect, fixture, html } from '@open-wc/testing';
import { decodeQR } from 'qr/decode.js';
import '../../../src/define.js';
import { ChatError } from '../../../src/engine/chat-error.js';
import { FestivalChat } from '../../../src/element/festival-chat.js';
import type { FcCrew } from '../../../src/element/crew/fc-crew.js';
import { PHRASES as ARABIC } from '../../../src/element/words/crew/arabic.js';
import { CREW_ENGLISH } from '../../../src/element/words/crew/english.js';
import type { CrewPhraseKey } from '../../../src/element/words/crew/english.js';
import { PHRASES as FRENCH } from '../../../src/element/words/crew/french.js';
import { PHRASES as GERMAN } from '../../../src/element/words/crew/german.js';
import { PHRASES as PORTUGUESE } from '../../../src/element/words/crew/portuguese.js';
import { PHRASES as SPANISH } from '../../../src/element/words/crew/spanish.js';
import { ScriptedChat, message } from '../../../stories/scripted-chat.js';
import { CREW_ROOM, INVITE, crewMember } from '../../../stories/scripted-crews.js';
import type { ScriptedCrewState } from '../../../stories/scripted-crews.js';
import { button, inside, menuOf, part, show, within } from './show.js';
import { waitUntil } from '../../support/wait-in-browser.js';

const festival = `crew-${crypto.randomUUID()}`;
const says = (root: ParentNode): string => root.textContent ?? '';

/** The sheet by itself, and what it asks of the element. */
async function sheet(
  crew?: ScriptedCrewState,
): Promise<{ chat: ScriptedChat; element: FcCrew; root: ShadowRoot; asked: unknown[] }> {
  await FestivalChat.loadPart('crew');
  const chat = new ScriptedChat(crew === undefined ? {} : { crew });
  const asked: unknown[] = [];
  const element = await fixture<FcCrew>(html`<fc-crew .chat=${chat} .home=${crew ? 'Main Stage' : null}></fc-crew>`);
  element.addEventListener('enter-request', (event) => asked.push((event as Event & { room: unknown }).room));
  const root = inside(element);
  await waitUntil(() => root.querySelector('button') !== null);
  return { chat, element, root, asked };
}

const field = (root: ShadowRoot, id: string): HTMLInputElement => {
  const found = root.querySelector<HTMLInputElement>(`#${id}`);
  if (found === null) throw new Error(`no field ${id}`);
  return found;
};

describe('private rooms', () => {
  it('are reached from the people; one is made, or one that is kept is opened', async () => {
    const element = await show(new ScriptedChat());
    inside(element).querySelector<HTMLElement>('.members')?.click();
    button(await within(element, 'fc-sheet', 'fc-member-list'), 'Private rooms').click();
    const root = await within(element, 'fc-sheet', 'fc-crew');
    await waitUntil(() => says(root).includes(CREW_ENGLISH.intro));

    const { chat, root: alone, asked } = await sheet();
    button(alone, CREW_ENGLISH.create).click();
    button(alone, 'Open Private room').click();
    await waitUntil(() => asked.length === 2);
    expect(asked).to.deep.equal([CREW_ROOM, CREW_ROOM]);
    expect((await chat.crews()).calls).to.deep.equal(['create']);
  });

  it('are left when the page names another room, which then has its own name', async () => {
    const element = document.createElement('festival-chat');
    element.setAttribute('server', location.origin);
    element.setAttribute('room-name', 'Main Stage');
    document.body.append(element);
    await within(element, 'fc-message-list');
    await waitUntil(() => element.client !== null);
    element.renderRoot.dispatchEvent(Object.assign(new Event('enter-request'), { room: CREW_ROOM }));
    await waitUntil(() => element.roomName?.startsWith('Private room') === true);
    element.room = 'camping';
    await waitUntil(() => element.client?.room === 'camping');
    expect(element.roomName).to.equal('Main Stage');
    expect(location.hash).to.equal('');
    element.remove();
  });

  it('are gone with everything else that is erased, in every tab: what is left is the page’s own room', async () => {
    const chats = [0, 1].map(() => {
      const element = document.createElement('festival-chat');
      Object.assign(element, { server: location.origin, festival, room: 'main', roomName: 'Main Stage' });
      document.body.append(element);
      return element;
    });
    for (const element of chats) {
      await within(element, 'fc-message-list');
      await waitUntil(() => element.client?.selfId != null);
    }
    const [one, other] = chats as [FestivalChat, FestivalChat];
    const room = (await (await one.client?.crews())?.create()) ?? '';
    for (const element of chats) {
      element.renderRoot.dispatchEvent(Object.assign(new Event('enter-request'), { room }));
      const mark = await within(element, 'fc-crew-mark');
      await waitUntil(() => says(mark).includes(CREW_ENGLISH.onlyInvited));
    }
    await one.wipe();
    for (const element of chats) {
      await waitUntil(() => element.client?.room === 'main', 'still in the private room');
      await waitUntil(() => inside(element).querySelector('fc-crew-mark') === null, 'still marked');
      expect([element.room, element.roomName, location.hash]).to.deep.equal(['main', 'Main Stage', '']);
    }
    expect(await (await other.client?.crews())?.kept()).to.deep.equal([]);
    for (const element of chats) element.remove();
  });

  it('take a link that is pasted, and say when it is none', async () => {
    const { root, asked } = await sheet();
    field(root, 'invite').value = 'https://site.example/#fc-crew=half';
    button(root, /^\s*Open\s*$/).click();
    await waitUntil(() => root.querySelector('[role=alert]') !== null);
    expect(says(root)).to.contain(CREW_ENGLISH['problem-bad-invite']);
    expect(asked).to.deep.equal([]);
    field(root, 'invite').value = `https://site.example/#fc-crew=${INVITE}`;
    button(root, /^\s*Open\s*$/).click();
    await waitUntil(() => asked.length === 1);
    expect(root.querySelector('[role=alert]')).to.equal(null);
  });

  it('invite by a link and a picture that say the same', async () => {
    const { root } = await sheet({ state: 'open' });
    await waitUntil(() => root.querySelector('.qr') !== null);
    const link = field(root, 'link').value;
    expect(link).to.equal(`${location.origin}${location.pathname}${location.search}#fc-crew=${INVITE}`);
    const image = new Image();
    const source = new XMLSerializer()
      .serializeToString(root.querySelector('.qr') as Node)
      .replace('<svg', '<svg width="600" height="600"');
    image.src = `data:image/svg+xml,${encodeURIComponent(source)}`;
    await image.decode();
    const canvas = new OffscreenCanvas(600, 600).getContext('2d');
    canvas?.drawImage(image, 0, 0, 600, 600);
    expect(canvas && decodeQR(canvas.getImageData(0, 0, 600, 600))).to.equal(link);
  });

  it('let the founder alone remove somebody, after a second question', async () => {
    const member = await sheet({ state: 'open' });
    await waitUntil(() => says(member.root).includes('Tomás'));
    expect(() => button(member.root, 'Remove')).to.throw();
    const { root, chat } = await sheet({ state: 'open', isFounder: true });
    await waitUntil(() => says(root).includes('Tomás'));
    expect(root.querySelectorAll('.danger').length).to.equal(2);
    button(root, 'Remove Tomás').click();
    await waitUntil(() => says(root).includes(CREW_ENGLISH.removeNote));
    const desk = await chat.crews();
    expect(desk.calls).to.deep.equal([]);
    button(root, 'Remove Tomás for good?').click();
    await waitUntil(() => !says(root).includes('Tomás'));
    expect(desk.calls).to.deep.equal([`remove ${crewMember('Tomás').author}`]);
  });

  it('lead back to the page’s own room', async () => {
    const { root, asked } = await sheet({ state: 'removed' });
    await waitUntil(() => says(root).includes(CREW_ENGLISH['state-removed']));
    expect(root.querySelector('.qr')).to.equal(null);
    button(root, 'Back to Main Stage').click();
    expect(asked).to.deep.equal([null]);
  });

  it('carry a lock that says who can read, and opens the sheet', async () => {
    const element = await show(new ScriptedChat({ crew: { state: 'open' }, messages: [message('hello')] }));
    const mark = await within(element, 'fc-crew-mark');
    await waitUntil(() => says(mark).includes(CREW_ENGLISH.onlyInvited));
    button(mark, CREW_ENGLISH.onlyInvited).click();
    await within(element, 'fc-sheet', 'fc-crew');
    const open = await show(new ScriptedChat({ messages: [message('hello')] }));
    expect(inside(open).querySelector('fc-crew-mark')).to.equal(null);
  });

  for (const state of ['removed', 'replaced', 'unreadable', 'no-key'] as const) {
    it(`say why nothing can be written: ${state}`, async () => {
      const element = await show(new ScriptedChat({ crew: { state } }));
      const mark = await within(element, 'fc-crew-mark');
      await waitUntil(() => says(mark).includes(CREW_ENGLISH[`state-${state}`]));
      await waitUntil(() => says(part(element, 'fc-composer')).includes(CREW_ENGLISH[`state-${state}`]));
      expect(part(element, 'fc-composer').querySelector('textarea')?.readOnly).to.equal(true);
      await waitUntil(
        () =>
          says(inside(element).querySelector('[role=alert]') ?? document.createElement('p')).includes(
            CREW_ENGLISH[`state-${state}`],
          ),
        'it is not read out',
      );
    });
  }

  it('are still there when the page moves the element', async () => {
    const { element, root } = await sheet({ state: 'open' });
    const box = document.createElement('div');
    element.parentElement?.append(box);
    box.append(element);
    await element.updateComplete;
    await waitUntil(() => says(root).includes(CREW_ENGLISH.inHere));
  });

  it('say that they could not be fetched, and are there at another try', async () => {
    await FestivalChat.loadPart('crew');
    const chat = new ScriptedChat();
    const crews = chat.crews.bind(chat);
    chat.crews = () => Promise.reject(new TypeError('Failed to fetch dynamically imported module'));
    const root = inside(await fixture<FcCrew>(html`<fc-crew .chat=${chat}></fc-crew>`));
    await waitUntil(() => root.querySelector('[role=alert]') !== null);
    expect(says(root)).to.contain(CREW_ENGLISH['problem-other']);
    let fail = (_: Error): void => undefined;
    chat.crews = () => new Promise((_, reject) => (fail = reject));
    button(root, 'Try again').focus();
    button(root, 'Try again').click();
    await waitUntil(() => says(root).includes('Loading'), 'it is not said that it is tried');
    expect(root.activeElement?.textContent).to.contain('Try again');
    fail(new TypeError('Failed to fetch dynamically imported module'));
    await waitUntil(() => says(root).includes(CREW_ENGLISH['problem-other']));
    chat.crews = crews;
    button(root, 'Try again').click();
    await waitUntil(() => says(root).includes(CREW_ENGLISH.intro));
    expect(root.querySelector('[role=alert]')).to.equal(null);
    await waitUntil(() => root.activeElement?.textContent.includes(CREW_ENGLISH.create) === true, 'the focus is lost');
  });

  it('say so when what shows them cannot be fetched, and are asked for again when they are opened again', async () => {
    const { loadPart } = FestivalChat;
    let asked = 0;
    try {
      const element = await show(new ScriptedChat());
      FestivalChat.loadPart = () => Promise.reject(new TypeError(`Failed to fetch, ${(asked += 1)}`));
      const open = async (): Promise<ShadowRoot> => {
        inside(element).querySelector<HTMLElement>('.members')?.click();
        button(await within(element, 'fc-sheet', 'fc-member-list'), 'Private rooms').click();
        return within(element, 'fc-sheet');
      };
      const sheet = await open();
      await waitUntil(() => says(sheet).includes('This could not be loaded'));
      element.requestUpdate();
      await element.updateComplete;
      expect(asked).to.equal(1);
      FestivalChat.loadPart = loadPart;
      button(sheet, 'Close').click();
      await waitUntil(() => inside(element).querySelector('fc-sheet') === null);
      await open();
      await waitUntil(async () => says(await within(element, 'fc-sheet', 'fc-crew')).includes(CREW_ENGLISH.intro));
    } finally {
      FestivalChat.loadPart = loadPart;
    }
  });

  it('are marked as soon as the chat has begun, however often it could not', async () => {
    const unhandled: unknown[] = [];
    const note = (event: PromiseRejectionEvent): unknown => unhandled.push(event.reason);
    addEventListener('unhandledrejection', note);
    try {
      const chat = new ScriptedChat({ crew: { state: 'open' } });
      const crews = chat.crews.bind(chat);
      let tries = 0;
      chat.crews = () => {
        tries += 1;
        return Promise.reject(new ChatError('closed', 'The chat is stopped.', { isRetryable: true }));
      };
      const element = await show(chat);
      await waitUntil(() => tries > 0);
      chat.crews = crews;
      element.requestUpdate();
      const mark = await within(element, 'fc-crew-mark');
      await waitUntil(() => says(mark).includes(CREW_ENGLISH.onlyInvited));
      expect(unhandled).to.deep.equal([]);
    } finally {
      removeEventListener('unhandledrejection', note);
    }
  });

  it('say “Copied” of the link that was copied, not of the next', async () => {
    const { chat, root } = await sheet({ state: 'open', isFounder: true });
    await waitUntil(() => root.querySelector('#link') !== null);
    Object.defineProperty(navigator, 'clipboard', {
      value: { writeText: () => Promise.resolve() },
      configurable: true,
    });
    try {
      button(root, CREW_ENGLISH.copyLink).click();
      await waitUntil(() => says(root).includes(CREW_ENGLISH.copied));
    } finally {
      Reflect.deleteProperty(navigator, 'clipboard');
    }
    const desk = await chat.crews();
    desk.invite = () => Promise.resolve(INVITE.replaceAll('K', 'L'));
    await desk.remove(crewMember('Noor').author);
    await waitUntil(() => field(root, 'link').value.includes('LLLL'));
    expect(says(root)).to.not.contain(CREW_ENGLISH.copied);
  });

  it('have no report in a message’s menu: nobody could read what it is about', async () => {
    for (const [room, isThere] of [
      [CREW_ROOM, false],
      ['main-stage', true],
    ] as const) {
      const element = await show(new ScriptedChat({ messages: [message('hello', { room })] }));
      const menu = await menuOf(element, 0);
      expect(says(menu).includes('Report to the organiser'), room).to.equal(isThere);
    }
  });

  for (const [language, phrases] of Object.entries({ ARABIC, FRENCH, GERMAN, PORTUGUESE, SPANISH })) {
    it(`${language} has every phrase, with the same placeholders`, () => {
      expect(Object.keys(phrases)).to.deep.equal(Object.keys(CREW_ENGLISH));
      for (const key of Object.keys(CREW_ENGLISH) as CrewPhraseKey[]) {
        expect(phrases[key].match(/\{\w+\}/g), key).to.deep.equal(CREW_ENGLISH[key].match(/\{\w+\}/g));
      }
    });
  }
});
