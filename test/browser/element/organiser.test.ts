// What the organiser does to a visitor, and what a visitor does about others, with a scripted chat behind the element.

import { expect } from '@open-wc/testing';
import type { FestivalChat } from '../../../src/element/festival-chat.js';
import { UNMODERATED } from '../../../src/core/nothing-yet.js';
import { ScriptedChat, announcement, author, message, own } from '../../../stories/scripted-chat.js';
import { button, composerText, inside, menuOf, part, rows, settled, show, type, within } from './show.js';
import { waitUntil } from '../../support/wait-in-browser.js';

const voice = (element: FestivalChat, role: 'status' | 'alert'): string =>
  inside(element).querySelector(`.root > [role=${role}]`)?.textContent.trim() ?? '';

function bar(element: FestivalChat): ShadowRoot | null {
  return inside(element).querySelector('fc-pinned')?.shadowRoot ?? null;
}

const barText = (element: FestivalChat): string | undefined => bar(element)?.querySelector('.text')?.textContent.trim();

function notice(element: FestivalChat): string {
  return part(element, 'fc-composer').querySelector('#notice')?.textContent.trim() ?? '';
}

function sendButton(element: FestivalChat): Element | null {
  return part(element, 'fc-composer').querySelector('.send');
}

describe('<festival-chat> and the organiser', () => {
  it('[O2] shows pins, the latest first, goes to the message, folds, and is closed until the next pin', async () => {
    const [first, second] = [announcement('Gates close at ten.'), announcement('Free water.')];
    const chat = new ScriptedChat({
      messages: [first, second, message('hi')],
      moderation: { pinned: [second, first] },
    });
    const element = await show(chat);
    await waitUntil(() => barText(element) === 'Free water.');
    expect(voice(element, 'status'), 'read out once').to.equal('Pinned by the organiser: Free water.');
    const root = await within(element, 'fc-pinned');
    expect(root.querySelector('.next')?.textContent.trim()).to.equal('1 of 2');
    button(root, 'Next pinned').click();
    await waitUntil(() => barText(element) === 'Gates close at ten.');
    button(root, 'Fold').click();
    await waitUntil(() => root.querySelector('.folded') !== null);
    root.querySelector<HTMLElement>('button.text')?.click();
    await waitUntil(() => part(element, 'fc-message-list').activeElement === rows(element)[0]);
    await expect(element).shadowDom.to.be.accessible();
    button(root, 'Close what is pinned').click();
    await waitUntil(() => bar(element) === null);
    chat.order({ pinned: [chat.messages[2] as typeof first, second] });
    await waitUntil(() => barText(element) === 'hi');
    expect(bar(element)?.querySelector('.next'), 'what was closed stays closed').to.equal(null);
    chat.order({ pinned: [] });
    await waitUntil(() => bar(element) === null);
    chat.order({ pinned: [second] });
    await waitUntil(() => barText(element) === 'Free water.', 'pinned again, it is news');
  });

  it('[O2] an announcement is heard at once, whatever is being read, and only once when it is pinned too', async () => {
    const chat = new ScriptedChat({ messages: [message('hi')] });
    const element = await show(chat);
    const before = voice(element, 'status');
    chat.receive(announcement('Gates close at ten.'));
    chat.order({ pinned: chat.messages.slice(-1) });
    await waitUntil(() => voice(element, 'alert') === 'The organiser: Gates close at ten.');
    await waitUntil(() => barText(element) === 'Gates close at ten.');
    await settled(element);
    expect(voice(element, 'status')).to.equal(before);
  });

  it('[O2] what is pinned and then removed is not shown', async () => {
    const pinned = announcement('Old news');
    const chat = new ScriptedChat({ messages: [pinned], moderation: { pinned: [pinned] } });
    const element = await show(chat);
    await waitUntil(() => barText(element) === 'Old news');
    chat.order({ pinned: [{ ...pinned, removed: { reason: null } }] });
    await waitUntil(() => bar(element) === null);
  });

  it('[O6] in slow mode the countdown says when, the draft stays, and nothing is sent before', async () => {
    const chat = new ScriptedChat({ messages: [own('first')] });
    const element = await show(chat);
    chat.order({ slowSeconds: 30 }, { kind: 'slow', seconds: 30 });
    await waitUntil(() => notice(element) === 'Slow mode: one message every 30 seconds.');
    expect(voice(element, 'status')).to.equal('Slow mode: one message every 30 seconds.');
    expect(sendButton(element)?.getAttribute('aria-disabled')).to.equal('false');
    chat.order({ slowWaitMs: 12_000 });
    await waitUntil(() => notice(element) === 'Slow mode: next message in 12 seconds.');
    type(element, 'second');
    await settled(element);
    expect(chat.calls).to.not.include('send second');
    expect(composerText(element)).to.equal('second');
    expect(sendButton(element)?.getAttribute('aria-disabled')).to.equal('true');
    expect(sendButton(element)?.getAttribute('aria-describedby')).to.contain('notice');
    await expect(element).shadowDom.to.be.accessible();
    chat.order({ slowWaitMs: 0 });
    await waitUntil(() => sendButton(element)?.getAttribute('aria-disabled') === 'false');
    type(element, 'second');
    await waitUntil(() => chat.calls.includes('send second'));
    chat.order({ slowSeconds: 0 }, { kind: 'slow', seconds: 0 });
    await waitUntil(() => notice(element) === '');
  });

  it('[O6] counts down by itself', async () => {
    const chat = new ScriptedChat({ messages: [own('first')] });
    const endsAtMs = performance.now() + 1_500;
    Object.defineProperty(chat, 'moderation', {
      get: () => ({ ...UNMODERATED, slowSeconds: 30, slowWaitMs: Math.max(0, endsAtMs - performance.now()) }),
    });
    const element = await show(chat);
    await waitUntil(() => sendButton(element)?.getAttribute('aria-disabled') === 'true');
    await waitUntil(() => sendButton(element)?.getAttribute('aria-disabled') === 'false', 'it ends');
    expect(notice(element)).to.equal('Slow mode: one message every 30 seconds.');
  });

  it('[O6] a message that was sent too soon waits with its reason, and has not failed', async () => {
    const waiting = own('too soon', { state: 'queued', acknowledgedBy: 0, waitsFor: 'slow-mode' });
    const chat = new ScriptedChat({ messages: [waiting], moderation: { slowSeconds: 30, slowWaitMs: 9_000 } });
    const element = await show(chat);
    await waitUntil(() => notice(element) === 'Slow mode: your message goes out in 9 seconds.');
    const [row] = rows(element);
    await waitUntil(() => row?.querySelector('.waits')?.textContent.includes('Waits for its turn') === true);
    expect(row?.querySelector('.failed')).to.equal(null);
  });

  it('[O5] muted: says who, why and until when, keeps the draft, and lets go when it ends', async () => {
    const chat = new ScriptedChat({ messages: [message('hi')] });
    const element = await show(chat);
    const composer = inside(element).querySelector('fc-composer');
    if (composer === null) throw new Error('no composer');
    composer.value = 'half a thought';
    const untilMs = new Date().setHours(21, 40, 0, 0);
    chat.order({ restriction: { level: 'mute', untilMs, endsInMs: 600_000, reason: 'Cool down.' } });
    await waitUntil(() =>
      notice(element)
        .replaceAll(/[\u2066-\u2069]/g, '')
        .startsWith('The organiser has muted you until'),
    );
    expect(notice(element)).to.match(/9:40.PM: .Cool down\./);
    expect(voice(element, 'alert')).to.equal(notice(element));
    const area = part(element, 'fc-composer').querySelector('textarea');
    expect(area?.readOnly).to.equal(true);
    expect(composerText(element)).to.equal('half a thought');
    type(element, 'half a thought');
    await settled(element);
    expect(chat.calls).to.not.include('send half a thought');
    await expect(element).shadowDom.to.be.accessible();
    chat.moderation = {
      ...chat.moderation,
      restriction: { level: 'mute', untilMs, endsInMs: 1, reason: 'Cool down.' },
    };
    chat.setStatus({});
    chat.moderation = UNMODERATED;
    await waitUntil(() => notice(element) === '', 'its end is noticed without any event');
    expect(area?.readOnly).to.equal(false);
    expect(composerText(element)).to.equal('half a thought');
    expect(voice(element, 'status')).to.equal('You can write again.');
  });

  it('[O8] a word that is not wanted: the text comes back, and what is sent takes the place of what failed', async () => {
    const refused = own('a bad word', { state: 'failed', acknowledgedBy: 0, reason: 'no', code: 'filtered' });
    const chat = new ScriptedChat({ messages: [refused] });
    const element = await show(chat);
    const list = part(element, 'fc-message-list');
    await waitUntil(() => list.querySelector('.failed')?.textContent.includes('a word in it') === true);
    const composer = inside(element).querySelector('fc-composer');
    if (composer === null) throw new Error('no composer');
    composer.value = 'a draft';
    button(list, 'Edit and try again').click();
    await waitUntil(() => composerText(element) === 'a bad word');
    type(element, 'a good word');
    await waitUntil(() => chat.calls.includes(`discard ${refused.id}`));
    await waitUntil(() => composerText(element) === 'a draft');
    expect(chat.messages.map(({ text }) => text)).to.deep.equal(['a good word']);
  });

  it('[O8] reports with a reason and words, says that it arrived, and keeps the words when it did not', async () => {
    const rude = message('rude', { by: 'Mallory' });
    const chat = new ScriptedChat({ messages: [rude, announcement('hello'), own('mine')] });
    const element = await show(chat);
    expect((await menuOf(element, 1)).textContent).to.not.match(/Report|Block/);
    button(part(element, 'fc-sheet'), 'Close').click();
    await waitUntil(() => inside(element).querySelector('fc-sheet') === null);
    button(await menuOf(element, 0), 'Report to the organiser').click();
    const form = await within(element, 'fc-sheet', 'fc-report');
    form.querySelector<HTMLInputElement>('input[value=insult]')?.click();
    const words = form.querySelector('textarea');
    if (words === null) throw new Error('no words');
    words.value = 'again';
    chat.status = { ...chat.status, websocket: 'disconnected' };
    button(form, 'Send the report').click();
    await waitUntil(() => form.querySelector('[role=alert]')?.textContent.includes('nothing was sent') === true);
    expect(words.value).to.equal('again');
    chat.status = { ...chat.status, websocket: 'connected' };
    button(form, 'Send the report').click();
    await waitUntil(() => form.querySelector('[role=status]')?.textContent.includes('has your report') === true);
    expect(chat.calls).to.include(`report ${rude.id} Insult or threat: again`);
    await expect(element).shadowDom.to.be.accessible();
    button(form, 'Block Mallory').click();
    await waitUntil(() => rows(element).length === 2);
  });

  it('blocks: messages, quotes, mentions and pins of them are gone, and come back', async () => {
    const theirs = message('hello', { by: 'Mallory' });
    const chat = new ScriptedChat({
      messages: [theirs, message('@Mallory what?', { by: 'Noor', replyTo: theirs.id })],
      moderation: { pinned: [theirs] },
    });
    const element = await show(chat);
    await waitUntil(() => barText(element) === 'hello');
    button(await menuOf(element, 0), 'Block Mallory').click();
    await waitUntil(() => rows(element).length === 1);
    expect(rows(element)[0]?.querySelector('.text')?.textContent).to.equal('@… what?');
    expect(rows(element)[0]?.querySelector('.quote')).to.equal(null);
    expect(bar(element)).to.equal(null);
    inside(element).querySelector<HTMLElement>('.members')?.click();
    const people = await within(element, 'fc-sheet', 'fc-member-list');
    button(people, 'Unblock: Mallory').click();
    await waitUntil(() => rows(element).length === 2);
    await waitUntil(() => rows(element)[1]?.querySelector('.quote') !== null);
  });

  it('never blocks the visitor', async () => {
    const chat = new ScriptedChat({ messages: [own('mine')] });
    const element = await show(chat);
    const { BlockRequest } = await import('../../../src/element/extras/requests.js');
    part(element, 'fc-composer').dispatchEvent(new BlockRequest(author('Ada'), true));
    element.requestUpdate();
    await settled(element);
    expect(rows(element).length).to.equal(1);
  });

  it('what the organiser removed can only be looked at: in the menu, and where it is quoted', async () => {
    const theirs = message('buy', { by: 'Mallory' });
    const mine = own('oops');
    const chat = new ScriptedChat({ messages: [theirs, mine, message('why?', { by: 'Noor', replyTo: theirs.id })] });
    const element = await show(chat);
    for (const { id } of [theirs, mine]) chat.change(id, () => ({ text: '', removed: { reason: 'spam' } }));
    await waitUntil(
      () => rows(element)[2]?.querySelector('.quote')?.textContent.includes('Removed by the organiser.') === true,
    );
    const menu = await menuOf(element, 0);
    expect(menu.querySelector('.quick')).to.equal(null);
    expect([...menu.querySelectorAll('button')].map(({ textContent }) => textContent.trim())).to.deep.equal([
      'How it travelled',
      'Block Mallory',
    ]);
    const sheet = await within(element, 'fc-sheet');
    sheet.querySelector<HTMLElement>('header button')?.click();
    await waitUntil(() => inside(element).querySelector('fc-sheet') === null);
    expect((await menuOf(element, 1)).textContent).to.not.match(/Change|Take back|Answer|Copy/);
  });

  it('blocking somebody changes no other word, and nothing of one’s own', async () => {
    const chat = new ScriptedChat({
      messages: [message('spam', { by: 'Al' }), message('@Alice, @Al and @Al!', { by: 'Noor' }), own('@Al at 8?')],
    });
    const element = await show(chat);
    button(await menuOf(element, 0), 'Block Al').click();
    await waitUntil(() => rows(element).length === 2);
    expect(rows(element)[0]?.querySelector('.text')?.textContent).to.equal('@Alice, @… and @…!');
    expect(rows(element)[1]?.querySelector('.text')?.textContent).to.equal('@Al at 8?');
    button(await menuOf(element, 1), 'Change').click();
    await waitUntil(() => composerText(element) === '@Al at 8?');
  });

  it('an announcement is heard behind the launcher, and not again when the chat is opened', async () => {
    const chat = new ScriptedChat();
    const element = await show(chat, { mode: 'floating' });
    chat.receive(announcement('Gates close at ten.'));
    await waitUntil(() => voice(element, 'alert') === 'The organiser: Gates close at ten.');
    await waitUntil(() => voice(element, 'alert') === '', 'said for ever');
    element.openChat();
    await waitUntil(() => inside(element).querySelector('.chat') !== null);
    expect(voice(element, 'alert')).to.equal('');
  });

  it('another client, as for a new token, says nothing of its own and keeps what was closed', async () => {
    const pin = announcement('Free water.');
    const moderation = { pinned: [pin], slowSeconds: 30 };
    const element = await show(new ScriptedChat({ messages: [message('hi')], moderation }));
    await waitUntil(() => barText(element) === 'Free water.');
    button(await within(element, 'fc-pinned'), 'Close what is pinned').click();
    await waitUntil(() => bar(element) === null);
    const next = new ScriptedChat({ messages: [message('hi')] });
    element.client = next;
    await settled(element);
    expect(voice(element, 'status')).to.not.contain('over');
    next.order(moderation);
    await waitUntil(() => notice(element).includes('Slow mode'));
    await settled(element);
    expect(bar(element), 'closed stays closed').to.equal(null);
  });
});
