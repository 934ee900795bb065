// What is wrong, as a visitor reads it, asks about it, and hands it on.

import { expect } from '@open-wc/testing';
import { ScriptedChat, link } from '../../../stories/scripted-chat.js';
import { button, inside, settled, show, within } from './show.js';
import { waitUntil } from '../../support/wait-in-browser.js';

const OFFLINE = {
  connection: 'offline',
  isConnected: false,
  websocket: 'disconnected',
  reason: 'server-unreachable',
} as const;

describe('the diagnosis', () => {
  it('says nothing while nothing is wrong', async () => {
    const element = await show(new ScriptedChat());
    const finding = inside(element).querySelector('fc-finding');
    expect(finding?.shadowRoot?.querySelector('button')).to.equal(null);
  });

  it('is a sentence below the status, and what to do when it is asked for', async () => {
    const chat = new ScriptedChat({ diagnostics: { findings: ['captive-portal', 'storage-refused'] } });
    const element = await show(chat);
    const finding = await within(element, 'fc-finding');
    button(finding, /in place of the chat server/).click();
    const diagnosis = await within(element, 'fc-sheet', 'fc-diagnosis');
    expect(diagnosis.querySelectorAll('li').length).to.equal(2);
    expect(diagnosis.textContent).to.match(/sign in to the Wi-Fi.*keeps nothing.*private mode/s);
    await expect(element).to.be.accessible();
    button(await within(element, 'fc-sheet'), 'Close').click();
    await settled(element);
    await waitUntil(() => inside(element).activeElement?.localName === 'fc-finding');
  });

  it('does not say twice what the status has said', async () => {
    const element = await show(
      new ScriptedChat({ status: OFFLINE, diagnostics: { findings: ['server-unreachable'] } }),
    );
    button(await within(element, 'fc-finding'), /What can I do/);
  });

  it('copies a report in one tap, without names, whole keys and texts', async () => {
    const copied: string[] = [];
    const clipboard = { writeText: (text: string) => Promise.resolve(void copied.push(text)) };
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: clipboard });
    const chat = new ScriptedChat({ links: [link('Secretly Ada')], diagnostics: { findings: ['wifi-isolates'] } });
    const element = await show(chat);
    button(await within(element, 'fc-finding'), /keep devices apart/).click();
    const diagnosis = await within(element, 'fc-sheet', 'fc-diagnosis');
    button(diagnosis, /Copy a report/).click();
    await waitUntil(() => /Copied/.test(diagnosis.textContent));
    const [report = ''] = copied;
    expect(report).to.contain('wifi-isolates');
    expect(report).to.not.contain('Secretly');
    expect(report).to.not.contain(chat.getConnectionDiagnostics().links[0]?.peer);
  });
});
