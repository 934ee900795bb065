// The pairing dialog: what people see and hear of each step, and what they can do.

import { expect, fixture, html } from '@open-wc/testing';
import { decodeQR } from 'qr/decode.js';
import '../../../src/define.js';
import { FestivalChat } from '../../../src/element/festival-chat.js';
import type { FcPairing } from '../../../src/element/pairing/fc-pairing.js';
import { PHRASES as ARABIC } from '../../../src/element/words/pairing/arabic.js';
import { PAIRING_ENGLISH } from '../../../src/element/words/pairing/english.js';
import type { PairingPhraseKey } from '../../../src/element/words/pairing/english.js';
import { PHRASES as FRENCH } from '../../../src/element/words/pairing/french.js';
import { PHRASES as GERMAN } from '../../../src/element/words/pairing/german.js';
import { PHRASES as PORTUGUESE } from '../../../src/element/words/pairing/portuguese.js';
import { PHRASES as SPANISH } from '../../../src/element/words/pairing/spanish.js';
import type { PairingState } from '../../../src/engine/pairing/pairing-state.js';
import { ScriptedChat } from '../../../stories/scripted-chat.js';
import { CODE, SHOWING, ScriptedPairing } from '../../../stories/scripted-pairing.js';
import { button, inside, show, within } from './show.js';
import { waitUntil } from '../../support/wait-in-browser.js';

async function dialog(
  state: PairingState,
): Promise<{ pairing: ScriptedPairing; root: ShadowRoot; element: FcPairing }> {
  await FestivalChat.loadPart('pairing');
  const pairing = new ScriptedPairing(state);
  const element = await fixture<FcPairing>(html`<fc-pairing .pairing=${pairing}></fc-pairing>`);
  return { pairing, element, root: inside(element) };
}

const says = (root: ParentNode): string => root.textContent ?? '';
const COMPARING = { step: 'comparing', digits: '0417', name: 'Noor', hasAgreed: false } as const;

describe('pairing', () => {
  it('is reached from the people, asks how, and goes on without a camera', async () => {
    const chat = new ScriptedChat();
    const element = await show(chat);
    inside(element).querySelector<HTMLElement>('.members')?.click();
    button(await within(element, 'fc-sheet', 'fc-member-list'), 'Link a device nearby').click();
    const root = await within(element, 'fc-sheet', 'fc-pairing');
    expect(says(root)).to.contain('The browser will ask for the camera');
    expect(chat.calls).to.not.contain('pair');
    button(root, 'Without a camera').click();
    await waitUntil(() => root.querySelector('[role=img]') !== null);
    expect(chat.calls).to.contain('pair');
    expect(root.querySelector('details')?.open).to.equal(true);
    expect(root.activeElement?.className).to.equal('steps');
  });

  it('draws a code that a reader reads', async () => {
    const { root } = await dialog(SHOWING);
    const drawn = root.querySelector('.qr');
    expect(drawn?.getAttribute('aria-label')).to.equal(PAIRING_ENGLISH.yourCode);
    const image = new Image();
    const source = new XMLSerializer()
      .serializeToString(drawn as Node)
      .replace('<svg', '<svg width="400" height="400"');
    image.src = `data:image/svg+xml,${encodeURIComponent(source)}`;
    await image.decode();
    const canvas = new OffscreenCanvas(400, 400).getContext('2d');
    canvas?.drawImage(image, 0, 0, 400, 400);
    expect(canvas && decodeQR(canvas.getImageData(0, 0, 400, 400))).to.equal(CODE);
  });

  it('reads what is pasted, and takes nothing more once a code was read', async () => {
    const { pairing, root, element } = await dialog(SHOWING);
    const area = root.querySelector('textarea');
    if (area === null) throw new Error('no field');
    area.value = 'FC:ABC';
    button(root, /^\s*Link/).click();
    expect(pairing.calls).to.deep.equal(['read FC:ABC']);
    pairing.become({ step: 'linking', code: CODE });
    await element.updateComplete;
    expect(area.disabled).to.equal(true);
    expect(says(root)).to.contain(PAIRING_ENGLISH.linking);
  });

  it('has the digits compared, waits for the other, and tells of the link', async () => {
    const { pairing, root, element } = await dialog(COMPARING);
    const digits = root.querySelector('[role=status]');
    expect([digits?.textContent, digits?.getAttribute('aria-label')]).to.deep.equal(['0417', '0 4 1 7']);
    button(root, 'Yes, the same').click();
    await element.updateComplete;
    expect(says(root)).to.contain('Waiting until Noor agrees');
    pairing.become({ step: 'paired', name: 'Noor', author: new ScriptedChat().selfId });
    await element.updateComplete;
    expect(says(root)).to.contain('Linked with Noor');
    expect(pairing.calls).to.deep.equal(['agree']);
  });

  it('says what went wrong and begins again', async () => {
    const { pairing, root, element } = await dialog(COMPARING);
    button(root, 'No').click();
    await element.updateComplete;
    expect(root.querySelector('[role=alert]')?.textContent).to.equal(PAIRING_ENGLISH['failure-digits-differ']);
    button(root, 'Try again').click();
    await waitUntil(() => root.querySelector('.qr') !== null);
    expect(pairing.calls).to.deep.equal(['refuse', 'again']);
  });

  it('asks for the camera once, however often it is pressed', async () => {
    await FestivalChat.loadPart('pairing');
    const chat = new ScriptedChat();
    const element = await fixture<FcPairing>(html`<fc-pairing .chat=${chat}></fc-pairing>`);
    let asked = 0;
    const { mediaDevices } = navigator;
    let allow = (_stream: MediaStream): void => undefined;
    mediaDevices.getUserMedia = () => {
      asked += 1;
      return new Promise((resolve) => (allow = resolve));
    };
    try {
      const use = button(inside(element), PAIRING_ENGLISH.useCamera);
      use.click();
      use.click();
      allow(document.createElement('canvas').captureStream());
      await waitUntil(() => inside(element).querySelector('video') !== null);
    } finally {
      Reflect.deleteProperty(mediaDevices, 'getUserMedia');
    }
    expect(asked).to.equal(1);
    expect(chat.calls.filter((call) => call === 'pair')).to.deep.equal(['pair']);
  });

  it('says when something of it cannot be fetched, and does not leave the camera on', async () => {
    await FestivalChat.loadPart('pairing');
    const chat = new ScriptedChat();
    chat.pair = () => Promise.reject(new TypeError('Failed to fetch'));
    const element = await fixture<FcPairing>(html`<fc-pairing .chat=${chat}></fc-pairing>`);
    const stream = document.createElement('canvas').captureStream();
    const { mediaDevices } = navigator;
    mediaDevices.getUserMedia = () => Promise.resolve(stream);
    try {
      button(inside(element), PAIRING_ENGLISH.useCamera).click();
      await waitUntil(
        () => inside(element).querySelector('[role=alert]')?.textContent.includes('could not be loaded') === true,
      );
    } finally {
      Reflect.deleteProperty(mediaDevices, 'getUserMedia');
    }
    expect(stream.active).to.equal(false);
  });

  it('ends what it began when it is closed', async () => {
    const { pairing, element } = await dialog(SHOWING);
    element.remove();
    expect(pairing.calls).to.deep.equal(['end']);
  });

  for (const [language, phrases] of Object.entries({ ARABIC, FRENCH, GERMAN, PORTUGUESE, SPANISH })) {
    it(`${language} has every phrase, with the same placeholders`, () => {
      expect(Object.keys(phrases)).to.deep.equal(Object.keys(PAIRING_ENGLISH));
      for (const key of Object.keys(PAIRING_ENGLISH) as PairingPhraseKey[]) {
        expect(phrases[key].match(/\{\w+\}/g), key).to.deep.equal(PAIRING_ENGLISH[key].match(/\{\w+\}/g));
      }
    });
  }
});
