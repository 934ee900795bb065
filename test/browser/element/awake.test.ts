// The screen stays on for others when the visitor has agreed, while it helps them, and at no other time.

import { expect } from '@open-wc/testing';
import '../../../src/define.js';
import { NO_DIALS } from '../../../src/core/mesh-view.js';
import { forgetPlace, placeOf } from '../../../src/element/device-place.js';
import { DeviceMemory } from '../../../src/element/extras/device-memory.js';
import type { FestivalChat } from '../../../src/element/festival-chat.js';
import { ENGLISH_MORE } from '../../../src/element/words/english-more.js';
import { ScriptedChat } from '../../../stories/scripted-chat.js';
import { inside, settled, show, within } from './show.js';
import { waitUntil } from '../../support/wait-in-browser.js';

/** The browser's own locks, in the order in which they were asked for. */
const locks: WakeLockSentinel[] = [];
const { wakeLock } = navigator;
const request = wakeLock.request.bind(wakeLock);

before(() => {
  wakeLock.request = async (kind) => {
    const lock = await request(kind);
    locks.push(lock);
    return lock;
  };
});
beforeEach(() => locks.splice(0));
after(() => {
  wakeLock.request = request;
});

const SERVED = { offBy: null, dials: NO_DIALS, isSupernode: false } as const;
const ALONE = {
  connection: 'mesh-only',
  isConnected: true,
  websocket: 'disconnected',
  mesh: 'connected',
  peers: 2,
} as const;

async function openPeople(element: FestivalChat): Promise<ShadowRoot> {
  inside(element).querySelector<HTMLElement>('.members')?.click();
  return within(element, 'fc-sheet', 'fc-member-list');
}

const switchIn = (people: ParentNode): HTMLInputElement | null => people.querySelector('input[role=switch]');
const isHeld = (): boolean => locks.some((lock) => !lock.released);

async function agree(element: FestivalChat): Promise<void> {
  switchIn(await openPeople(element))?.click();
  await settled(element);
}

describe('keeping the screen on for others', () => {
  it('is off until the visitor agrees, says what it costs, and ends when there is a server again', async () => {
    const chat = new ScriptedChat({ status: ALONE });
    const element = await show(chat);
    const people = await openPeople(element);
    expect(switchIn(people)?.checked).to.equal(false);
    expect(people.textContent).to.contain(ENGLISH_MORE.keepAwakeWhy);
    expect(locks).to.deep.equal([]);
    switchIn(people)?.click();
    await waitUntil(isHeld);
    chat.setStatus({ connection: 'online', websocket: 'connected' });
    await waitUntil(() => !isHeld());
    chat.setStatus(ALONE);
    await waitUntil(isHeld);
    switchIn(people)?.click();
    await waitUntil(() => !isHeld());
    expect(locks.length).to.equal(2);
  });

  it('holds while the server has this device serve others', async () => {
    const element = await show(new ScriptedChat({ diagnostics: { mesh: { ...SERVED, isSupernode: true } } }));
    await agree(element);
    await waitUntil(isHeld);
    element.client = new ScriptedChat({ diagnostics: { mesh: SERVED } });
    await waitUntil(() => !isHeld());
  });

  it('is taken again when the system took it back and somebody looks at the page', async () => {
    const element = await show(new ScriptedChat({ status: ALONE }));
    await agree(element);
    await waitUntil(isHeld);
    // As it does with a page that is hidden.
    await locks[0]?.release();
    document.dispatchEvent(new Event('visibilitychange'));
    await waitUntil(isHeld);
    document.dispatchEvent(new Event('visibilitychange'));
    await settled(element);
    expect(locks.length).to.equal(2);
  });

  it('ends with the element, and with a wipe, which forgets the choice', async () => {
    const element = await show(new ScriptedChat({ status: ALONE }));
    const { parentElement } = element;
    await agree(element);
    await waitUntil(isHeld);
    element.remove();
    expect(isHeld()).to.equal(false);
    parentElement?.append(element);
    element.requestUpdate();
    await waitUntil(isHeld);
    await element.wipe();
    await waitUntil(() => !isHeld());
  });

  it('is remembered on the device, for the festival', () => {
    const place = { server: 'https://chat.example', festival: 'awake', room: 'main' };
    new DeviceMemory(place).keepsAwake = true;
    expect(new DeviceMemory({ ...place, room: 'other' }).keepsAwake).to.equal(true);
    expect(new DeviceMemory({ ...place, festival: 'another' }).keepsAwake).to.equal(false);
    forgetPlace(placeOf(place));
    expect(new DeviceMemory(place).keepsAwake).to.equal(false);
  });

  it('is not offered where the browser cannot', async () => {
    Object.defineProperty(navigator, 'wakeLock', { value: undefined, configurable: true });
    try {
      const people = await openPeople(await show(new ScriptedChat({ status: ALONE })));
      expect(switchIn(people)).to.equal(null);
    } finally {
      Reflect.deleteProperty(navigator, 'wakeLock');
    }
  });
});
