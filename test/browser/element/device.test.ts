// What a device remembers of <festival-chat>, and forgets.

import { expect, fixture, html } from '@open-wc/testing';
import '../../../src/define.js';
import { FcMessageEvent } from '../../../src/engine/chat-events.js';
import { BlockRequest } from '../../../src/element/extras/requests.js';
import { FestivalChat } from '../../../src/element/festival-chat.js';
import { ScriptedChat, author, message, own } from '../../../stories/scripted-chat.js';
import { button, composerText, hasExtras, inside, part, settled, show, within } from './show.js';
import { waitUntil } from '../../support/wait-in-browser.js';

/** A chat with a client of its own, of a festival that no other test knows. */
async function chatOf(festival: string, room = 'lobby'): Promise<FestivalChat> {
  const element = await fixture<FestivalChat>(
    html`<festival-chat
      server=${location.origin}
      festival=${festival}
      room=${room}
      display-name="Ada"
    ></festival-chat>`,
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

async function settings(element: FestivalChat): Promise<ShadowRoot> {
  inside(element).querySelector<HTMLElement>('.members')?.click();
  return within(element, 'fc-sheet', 'fc-member-list', 'fc-device');
}

function toggle(root: ShadowRoot, name: 'sound' | 'notify'): HTMLInputElement {
  const found = root.querySelector<HTMLInputElement>(`[name=${name}]`);
  if (found === null) throw new Error(`no switch ${name}`);
  return found;
}

/** Puts another in place of what the browser has, for one test. */
const replaced: (() => void)[] = [];
function replace(target: object, name: string, value: unknown): void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
  replaced.push(() => {
    if (before === undefined) Reflect.deleteProperty(target, name);
    else Object.defineProperty(target, name, before);
  });
}

/** Counts the tones that a page makes: a browser without ears and without a finger on it makes none. */
function listen(): { tones: number; isGesture: boolean } {
  const heard = { tones: 0, isGesture: true };
  let isUnlocked = false;
  const param = { setValueAtTime: () => undefined, exponentialRampToValueAtTime: () => undefined };
  const node = { connect: () => undefined, gain: param, frequency: param, stop: () => undefined };
  class Ears {
    readonly currentTime = 0;
    readonly destination = {};
    resume = (): Promise<void> => {
      isUnlocked ||= heard.isGesture;
      return isUnlocked ? Promise.resolve() : Promise.reject(new DOMException('no gesture', 'NotAllowedError'));
    };
    suspend = (): Promise<void> => Promise.resolve();
    close = (): Promise<void> => Promise.resolve();
    createGain = (): object => node;
    createOscillator = (): object => ({
      ...node,
      start: () => {
        heard.tones += 1;
      },
    });
  }
  replace(window, 'AudioContext', Ears);
  return heard;
}

interface Shown {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  onclick?: () => void;
}

/** What the browser was asked, and what it shows: one for each tag. */
function notifications(answer: NotificationPermission): { asked: number; shown: Shown[] } {
  const told = { asked: 0, shown: [] as Shown[] };
  class Told {
    static permission: NotificationPermission = 'default';
    static requestPermission(): Promise<NotificationPermission> {
      told.asked += 1;
      Told.permission = answer;
      return Promise.resolve(answer);
    }
    onclick = (): void => undefined;
    constructor(title: string, options: { readonly body: string; readonly tag: string } = { body: '', tag: '' }) {
      // As browsers do, of its `data`.
      structuredClone(options);
      if (Told.permission !== 'granted') return;
      const { onclick: _, ...rest } = this;
      told.shown = [
        ...told.shown.filter(({ tag }) => tag !== options.tag),
        Object.assign(this, rest, { title }, options),
      ];
    }
    close(): void {
      told.shown = told.shown.filter((each) => each !== (this as unknown as Shown));
    }
  }
  replace(window, 'Notification', Told);
  return told;
}

/** The chat's service worker, and the tags of what it shows: of this page, of one before it, or of another. */
function workerThatShows(...tags: string[]): { tags: string[]; worker: EventTarget } {
  const shown = { tags, worker: new EventTarget() };
  const registration = {
    active: { scriptURL: `${location.origin}/festival-chat-worker.js`, postMessage: () => undefined },
    showNotification: (_: string, { tag = '' }: NotificationOptions) => {
      shown.tags = [...shown.tags.filter((each) => each !== tag), tag];
      return Promise.resolve();
    },
    getNotifications: ({ tag: wanted }: GetNotificationOptions = {}) =>
      Promise.resolve(
        shown.tags
          .filter((tag) => wanted === undefined || tag === wanted)
          .map((tag) => ({ tag, close: () => (shown.tags = shown.tags.filter((each) => each !== tag)) })),
      ),
  };
  replace(
    navigator,
    'serviceWorker',
    Object.assign(shown.worker, { getRegistrations: () => Promise.resolve([registration]) }),
  );
  return shown;
}

/** Pages may not notify, as on Android. */
function forbidConstructing(): void {
  const { Notification } = window;
  const construct = (): never => {
    throw new TypeError('Illegal constructor');
  };
  replace(window, 'Notification', new Proxy(Notification, { construct }));
}

/** What notifications of a room are tagged with. */
const tagOf = (festival: string, room = 'lobby'): string =>
  `festival-chat:festival-chat:${location.origin}:${festival}:${room}`;

function look(isHidden: boolean): void {
  replace(document, 'hidden', isHidden);
  document.dispatchEvent(new Event('visibilitychange'));
}

/** A message comes to a chat with a client of its own. */
function hear(element: FestivalChat, ...texts: readonly string[]): void {
  for (const text of texts) element.client?.dispatchEvent(new FcMessageEvent(message(text), true));
}

/** Rooms of this festival that some tab says it is read in, or is about to say. */
async function readRooms(festival: string): Promise<string> {
  const { held = [], pending = [] } = await navigator.locks.query();
  const names = [...held, ...pending].map(({ name = '' }) => name).filter((name) => name.includes(festival));
  return names.map((name) => name.split(':').at(-1)).join();
}

/** Nobody looks any more, and no tab says that a room of the festival is read in it. */
async function hide(festival: string): Promise<void> {
  look(true);
  await waitUntil(async () => (await readRooms(festival)) === '');
}

describe('on this device', () => {
  afterEach(() => {
    for (const undo of replaced.splice(0).reverse()) undo();
  });

  it('sound and notifications are off, and what is chosen holds for the festival and after a reload', async () => {
    listen();
    const festival = newFestival();
    const root = await settings(await chatOf(festival));
    expect([toggle(root, 'sound').checked, toggle(root, 'notify').checked]).to.deep.equal([false, false]);
    toggle(root, 'sound').click();
    const other = await chatOf(festival);
    const again = await settings(other);
    expect(toggle(again, 'sound').checked).to.equal(true);
    await expect(other).shadowDom.to.be.accessible();
    await other.wipe();
    const forgotten = await settings(other);
    await waitUntil(() => !toggle(forgotten, 'sound').checked, 'not forgotten');
  });

  it('a burst is one tone; one’s own messages, and all before it is switched on, are none', async () => {
    const heard = listen();
    const chat = new ScriptedChat();
    const element = await show(chat);
    chat.receive(message('before'));
    await settled(element);
    toggle(await settings(element), 'sound').click();
    await settled(element);
    chat.receive(own('mine'));
    await settled(element);
    expect(heard.tones).to.equal(0);
    chat.receive(message('one'), message('two'), message('three'));
    await waitUntil(() => heard.tones > 0);
    await settled(element);
    expect(heard.tones).to.equal(1);
  });

  it('a sound that was switched on before begins with the first gesture that the browser takes for one', async () => {
    const heard = listen();
    heard.isGesture = false;
    const chat = new ScriptedChat();
    const element = await show(chat);
    toggle(await settings(element), 'sound').click();
    await settled(element);
    heard.isGesture = true;
    dispatchEvent(new PointerEvent('pointerup'));
    heard.isGesture = false;
    await settled(element);
    chat.receive(message('one'));
    await waitUntil(() => heard.tones === 1);
  });

  it('a page that may have no worker chats all the same; where none is to be had the switch says so', async () => {
    const told = notifications('granted');
    const refuses = (): never => {
      throw new DOMException('The document is sandboxed.', 'SecurityError');
    };
    Object.defineProperty(navigator, 'serviceWorker', { get: refuses, configurable: true });
    replaced.push(() => Reflect.deleteProperty(navigator, 'serviceWorker'));
    const root = await settings(await show(new ScriptedChat()));
    toggle(root, 'notify').click();
    await waitUntil(() => toggle(root, 'notify').checked && told.asked === 1);
  });

  it('notifies while the page is in the background: asked for by the tap, one at a time, never of who is blocked', async () => {
    const told = notifications('granted');
    const chat = new ScriptedChat();
    const element = await show(chat, { mode: 'floating', open: '' });
    const root = await settings(element);
    expect(told.asked).to.equal(0);
    toggle(root, 'notify').click();
    await waitUntil(() => toggle(root, 'notify').checked && told.asked === 1);
    chat.receive(message('looked at', { by: 'Noor' }));
    root.host.dispatchEvent(new BlockRequest(author('Mallory'), true));
    await settled(element);
    expect(told.shown.length, 'somebody looks').to.equal(0);
    element.closeChat();
    replace(document, 'hidden', true);
    chat.receive(message('one', { by: 'Noor' }), message('two', { by: 'Tomás' }), message('spam', { by: 'Mallory' }));
    await waitUntil(() => told.shown.map(({ title, body }) => `${title}: ${body}`).join() === 'Tomás: two');
    told.shown[0]?.onclick?.();
    expect(element.open).to.equal(true);
    expect(told.shown.length, 'it was answered').to.equal(0);
  });

  it('a page in the background neither notifies nor rings while the room is read in another tab', async () => {
    const heard = listen();
    const told = notifications('granted');
    const festival = newFestival();
    const element = await chatOf(festival);
    const root = await settings(element);
    toggle(root, 'sound').click();
    toggle(root, 'notify').click();
    await waitUntil(() => toggle(root, 'sound').checked && toggle(root, 'notify').checked);
    look(true);
    let leave = (): void => undefined;
    const reading = new Promise<void>((resolve) => (leave = resolve));
    const tab = navigator.locks.request(tagOf(festival), { mode: 'shared' }, () => reading);
    await waitUntil(async () => (await readRooms(festival)) === 'lobby');
    hear(element, 'read there');
    // Answered after what the page itself has asked.
    await navigator.locks.query();
    expect([told.shown.length, heard.tones]).to.deep.equal([0, 0]);
    leave();
    await tab;
    hear(element, 'read nowhere');
    await waitUntil(() => told.shown[0]?.body === 'read nowhere' && heard.tones === 1);
  });

  it('a page says what is read in it while somebody can read it, and only then', async () => {
    const festival = newFestival();
    const isRead = (rooms: string): Promise<void> =>
      waitUntil(async () => (await readRooms(festival)) === rooms, `not read: ${rooms || 'nothing'}`);
    const element = await chatOf(festival);
    await isRead('lobby');
    for (let flip = 0; flip < 20; flip += 1) for (const isHidden of [true, false]) look(isHidden);
    await isRead('lobby');
    look(true);
    await isRead('');
    look(false);
    await isRead('lobby');
    // Browsers keep a page for going back only when it holds no lock.
    dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
    await isRead('');
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    element.room = 'camp';
    await isRead('camp');
    element.mode = 'floating';
    await isRead('');
    element.openChat();
    await isRead('camp');
    const place = element.parentElement;
    element.requestUpdate();
    element.remove();
    await isRead('');
    await element.updateComplete;
    await isRead('');
    place?.append(element);
    await isRead('camp');
  });

  it('where pages may not notify, the chat’s service worker is asked to, and without one it says that it cannot', async () => {
    const told = notifications('granted');
    forbidConstructing();
    const shown: string[] = [];
    interface Worker {
      scriptURL: string;
    }
    const registration = {
      active: { scriptURL: `${location.origin}/site/other-worker.js` } as Worker | null,
      installing: null as Worker | null,
      showNotification: (title: string, { tag }: NotificationOptions) => Promise.resolve(shown.push(`${title} ${tag}`)),
      getNotifications: () => Promise.resolve([]),
    };
    const workers = Object.assign(new EventTarget(), { getRegistrations: () => Promise.resolve([registration]) });
    replace(navigator, 'serviceWorker', workers);
    const without = await settings(await show(new ScriptedChat()));
    toggle(without, 'notify').click();
    await waitUntil(() => without.querySelector('[role=status]')?.textContent.includes('cannot show') === true);
    expect(told.asked).to.equal(0);

    // As on a first visit, which is still installing it.
    registration.active = null;
    registration.installing = { scriptURL: `${location.origin}/festival-chat-worker.js?from=elsewhere` };
    const chat = new ScriptedChat();
    const element = await show(chat, { mode: 'floating', open: '' });
    const root = await settings(element);
    toggle(root, 'notify').click();
    await waitUntil(() => toggle(root, 'notify').checked && told.asked === 1);
    element.closeChat();
    replace(document, 'hidden', true);
    chat.receive(message('one', { by: 'Noor' }));
    await waitUntil(() => shown.length === 1);
    const [title = '', tag = ''] = shown[0]?.split(' ') ?? [];
    expect(title).to.equal('Noor');
    workers.dispatchEvent(new MessageEvent('message', { data: { opens: `${tag} of another room` } }));
    expect(element.open).to.equal(false);
    workers.dispatchEvent(new MessageEvent('message', { data: { opens: tag } }));
    expect(element.open).to.equal(true);
  });

  it('what a page before this one has shown goes when somebody looks at the room, and no sooner', async () => {
    const festival = newFestival();
    notifications('granted');
    await Notification.requestPermission();
    const shown = workerThatShows(tagOf(festival), tagOf(festival, 'camp'), 'of the site');
    look(true);
    await chatOf(festival);
    expect(shown.tags.length).to.equal(3);
    look(false);
    await waitUntil(() => shown.tags.join() === [tagOf(festival, 'camp'), 'of the site'].join());
    // As after a reload.
    shown.tags.push(tagOf(festival));
    await chatOf(festival);
    await waitUntil(() => shown.tags.join() === [tagOf(festival, 'camp'), 'of the site'].join());
  });

  it('erasing takes away what is shown of any room of the festival, by any page, and what is just being shown', async () => {
    const festival = newFestival();
    const told = notifications('granted');
    const camp = await chatOf(festival, 'camp');
    const root = await settings(camp);
    toggle(root, 'notify').click();
    await waitUntil(() => toggle(root, 'notify').checked);
    const element = await chatOf(festival);
    const others = [tagOf(`${festival}-other`), 'of the site'];
    const shown = workerThatShows(tagOf(festival, 'tent'), ...others);
    await hide(festival);
    hear(camp, 'by the page itself');
    await waitUntil(() => told.shown.length === 1);
    forbidConstructing();
    hear(element, 'on its way');
    await element.wipe();
    await waitUntil(() => told.shown.length === 0 && shown.tags.join() === others.join());
  });

  it('where nothing can be shown any more, though it was allowed, the switch says so before anything is lost, and no longer when it can be', async () => {
    const told = notifications('granted');
    const festival = newFestival();
    const before = await settings(await chatOf(festival));
    toggle(before, 'notify').click();
    await waitUntil(() => toggle(before, 'notify').checked);
    expect(told.shown.length, 'shown to find out').to.equal(0);
    forbidConstructing();
    const element = await chatOf(festival);
    const root = await settings(element);
    await waitUntil(() => root.querySelector('[role=status]')?.textContent.includes('cannot show') === true);
    // The worker was installed meanwhile.
    const shown = workerThatShows();
    await hide(festival);
    hear(element, 'one');
    await waitUntil(() => shown.tags.join() === tagOf(festival));
    look(false);
    await waitUntil(() => toggle(root, 'notify').checked && shown.tags.length === 0);
  });

  it('a tap on the switch finds out the same where notifications were allowed before', async () => {
    notifications('granted');
    await Notification.requestPermission();
    forbidConstructing();
    const root = await settings(await chatOf(newFestival()));
    toggle(root, 'notify').click();
    await waitUntil(() => root.querySelector('[role=status]')?.textContent.includes('cannot show') === true);
    expect(toggle(root, 'notify').checked).to.equal(false);
  });

  it('says when the browser refuses, and when it cannot', async () => {
    const told = notifications('denied');
    const element = await show(new ScriptedChat());
    const root = await settings(element);
    toggle(root, 'notify').click();
    await waitUntil(() => root.querySelector('[role=status]')?.textContent.includes('does not allow') === true);
    expect([toggle(root, 'notify').checked, toggle(root, 'notify').disabled, told.asked]).to.deep.equal([
      false,
      true,
      1,
    ]);
    replace(window, 'Notification', undefined);
    const without = await settings(await show(new ScriptedChat()));
    expect(without.querySelector('[role=status]')?.textContent).to.contain('cannot show');
  });

  it('everything is erased only when it is asked for twice', async () => {
    const chat = new ScriptedChat();
    const element = await show(chat);
    const root = await settings(element);
    expect(root.textContent).to.contain('what others have of your messages stays with them');
    button(root, 'Erase everything').click();
    await waitUntil(() => root.querySelector('.danger')?.textContent.includes('for good') === true);
    expect(chat.calls).to.not.contain('wipe');
    button(root, 'Erase it for good').click();
    await waitUntil(() => chat.calls.includes('wipe') && inside(element).querySelector('fc-sheet') === null);
    await waitUntil(() => inside(element).activeElement?.localName === 'fc-composer');
  });
});
