// What a person does with messages and people at <festival-chat>, with a scripted chat behind it.

import { expect } from '@open-wc/testing';
import type { ChatMessage } from '../../../src/core/chat-view.js';
import type { FcComposer } from '../../../src/element/fc-composer.js';
import type { FestivalChat } from '../../../src/element/festival-chat.js';
import { LinkFaults } from '../../../src/engine/link-faults.js';
import { ScriptedChat, announcement, author, link, member, message, own } from '../../../stories/scripted-chat.js';
import { below, button, inside, menuOf, part, readyList, rows, settled, show, type, within } from './show.js';
import { waitUntil } from '../../support/wait-in-browser.js';

function composer(element: FestivalChat): FcComposer {
  const found = inside(element).querySelector('fc-composer');
  if (found === null) throw new Error('no composer');
  return found;
}

function many(text: string, count: number): ChatMessage[] {
  return Array.from({ length: count }, (_, index) => message(`${text} ${index}`, { by: `V${index % 5}` }));
}

describe('<festival-chat> conversation', () => {
  it('answers: names whom, sends the id, quotes, and Escape ends it', async () => {
    const chat = new ScriptedChat({ messages: [message('Where?', { by: 'Noor' })] });
    const element = await show(chat);
    button(await menuOf(element, 0), 'Answer').click();
    await waitUntil(() => inside(composer(element)).querySelector('.context') !== null);
    expect(inside(composer(element)).querySelector('.context')?.textContent).to.contain('Answering Noor');
    type(element, 'Here');
    await waitUntil(() => rows(element).length === 2);
    expect(chat.messages.at(-1)?.replyTo).to.equal(chat.messages[0]?.id);
    await waitUntil(() => rows(element)[1]?.querySelector('.quote') !== null);
    expect(rows(element)[1]?.querySelector('.quote')?.textContent).to.match(/Noor.*Where\?/s);
    expect(inside(composer(element)).querySelector('.context')).to.equal(null);
  });

  it('changes an own message, and gives the draft back when that is cancelled', async () => {
    const chat = new ScriptedChat({ messages: [own('forth')] });
    const element = await show(chat);
    composer(element).value = 'half a thought';
    button(await menuOf(element, 0), 'Change').click();
    await waitUntil(() => composer(element).value === 'forth');
    type(element, '', { key: 'Escape' });
    await waitUntil(() => composer(element).value === 'half a thought');
    button(await menuOf(element, 0), 'Change').click();
    await waitUntil(() => composer(element).value === 'forth');
    type(element, 'fourth');
    await waitUntil(() => chat.messages[0]?.text === 'fourth');
    expect(chat.messages[0]?.edited).to.equal(true);
  });

  it('takes back only when asked twice', async () => {
    const chat = new ScriptedChat({ messages: [own('oops')] });
    const element = await show(chat);
    const menu = await menuOf(element, 0);
    button(menu, 'Take back').click();
    await waitUntil(() => menu.textContent.includes('for everybody'));
    expect(chat.calls).to.deep.equal([]);
    button(menu, 'Take back for everybody').click();
    await waitUntil(() => chat.messages[0]?.retracted === true);
  });

  it('offers to change and to take back only what is one’s own', async () => {
    const element = await show(new ScriptedChat({ messages: [message('theirs')] }));
    const menu = await menuOf(element, 0);
    expect(menu.textContent).to.not.match(/Change|Take back/);
  });

  it('a reaction is added and taken back by the same button', async () => {
    const chat = new ScriptedChat({
      messages: [message('yes', { reactions: [{ emoji: '🔥', count: 3, mine: false }] })],
    });
    const element = await show(chat);
    const reaction = (): HTMLElement | null | undefined => rows(element)[0]?.querySelector('.reaction');
    await waitUntil(() => reaction() != null);
    reaction()?.click();
    await waitUntil(() => reaction()?.getAttribute('aria-pressed') === 'true');
    expect(reaction()?.textContent).to.contain('4');
    reaction()?.click();
    await waitUntil(() => reaction()?.getAttribute('aria-pressed') === 'false');
  });

  it('completes a mention by keyboard, and Enter then still sends', async () => {
    const chat = new ScriptedChat({ members: [member('Ada'), member('Noor'), member('Tomás')] });
    const element = await show(chat);
    const area = part(element, 'fc-composer').querySelector('textarea');
    if (area === null) throw new Error('no textarea');
    area.value = 'hi @to';
    area.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await waitUntil(() => part(element, 'fc-composer').querySelector('[role=option]') !== null);
    expect(area.getAttribute('aria-activedescendant')).to.equal('mention-0');
    area.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, composed: true, cancelable: true }));
    expect(area.value).to.equal('hi @Tomás ');
    expect(chat.calls).to.deep.equal([]);
  });

  it('gives the focus back to the message when its sheet is closed', async () => {
    const element = await show(new ScriptedChat({ messages: [message('one'), message('two')] }));
    await menuOf(element, 0);
    expect(inside(element).querySelector('.body')?.hasAttribute('inert')).to.equal(true);
    const sheet = await within(element, 'fc-sheet');
    sheet.querySelector('.sheet')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    await waitUntil(() => part(element, 'fc-message-list').activeElement === rows(element)[0]);
    expect(inside(element).querySelector('fc-sheet')).to.equal(null);
  });

  it('arrow keys move through the messages; one of them is where Tab enters', async () => {
    const element = await show(new ScriptedChat({ messages: [message('one'), message('two'), message('three')] }));
    const tabStops = (): (string | undefined)[] =>
      rows(element)
        .filter((row) => row.tabIndex === 0)
        .map((row) => row.dataset['id']);
    await waitUntil(() => tabStops().join() === rows(element)[2]?.dataset['id']);
    rows(element)[2]?.focus();
    rows(element)[2]?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp', bubbles: true, composed: true }));
    await waitUntil(() => tabStops().join() === rows(element)[1]?.dataset['id']);
    expect(part(element, 'fc-message-list').activeElement).to.equal(rows(element)[1]);
  });

  it('hides somebody’s messages on this device, and shows them again', async () => {
    const chat = new ScriptedChat({ messages: [message('spam', { by: 'Mallory' }), message('hello', { by: 'Noor' })] });
    const element = await show(chat);
    button(await menuOf(element, 0), 'Block Mallory').click();
    await waitUntil(() => rows(element).length === 1);
    inside(element).querySelector<HTMLElement>('.members')?.click();
    button(await within(element, 'fc-sheet', 'fc-member-list'), 'Unblock: Mallory').click();
    await waitUntil(() => rows(element).length === 2);
  });

  it('marks two people of one name', async () => {
    const twin = { ...author('Mallory'), name: 'NOOR' };
    const chat = new ScriptedChat({ messages: [message('me', { by: 'Noor' }), message('no, me', { author: twin })] });
    const element = await show(chat);
    await waitUntil(() => part(element, 'fc-message-list').querySelectorAll('.tag.shared').length === 2);
  });

  it('stays where it is read when messages come, and tells how many', async () => {
    const chat = new ScriptedChat({
      messages: Array.from({ length: 300 }, (_, index) => message(`line ${index}`, { by: `V${index % 5}` })),
    });
    const element = await show(chat);
    const { list, scroller } = await readyList(element);
    scroller.scrollTop -= 600;
    await waitUntil(() => list.querySelector('.new') !== null);
    const seen = rows(element).find((row) => row.getBoundingClientRect().top > scroller.getBoundingClientRect().top);
    const before = seen?.getBoundingClientRect().top ?? NaN;
    chat.receive(message('new one'), message('new two'));
    await waitUntil(() => list.querySelector('.new')?.textContent.includes('2 new messages') === true);
    expect(Math.abs((seen?.getBoundingClientRect().top ?? NaN) - before)).to.be.below(2);
    expect(rows(element).length).to.be.below(180);
    button(list, '2 new messages').click();
    await waitUntil(() => below(scroller) < 2);
    expect(rows(element).at(-1)?.textContent).to.contain('new two');
  });

  it('has as many rows at its end as fill it, on a phone and on a tall wall', async () => {
    const lines = Array.from({ length: 400 }, (_, index) => message(`line ${index}`, { by: 'Noor' }));
    const chat = new ScriptedChat({ messages: lines });
    const element = await show(chat);
    const { scroller } = await readyList(element);
    const isFilled = (): boolean => scroller.scrollHeight > scroller.clientHeight + 200;
    const isAtEnd = (): boolean => below(scroller) < 2;
    for (const height of ['400px', '4000px', '600px']) {
      element.style.height = height;
      await waitUntil(() => Math.abs(element.clientHeight - parseInt(height)) < 2);
      await waitUntil(() => isFilled() && isAtEnd(), height);
      await settled(element);
      // Each row that is drawn and not seen is work at every message that comes.
      await waitUntil(
        () => rows(element).length < 20 + parseInt(height) / 25,
        `${height}: ${rows(element).length} rows`,
      );
      expect(rows(element).at(-1)?.textContent).to.contain('line 399');
    }
    let moved = 0;
    for (let count = 0; count < 24; count += 1) {
      const [first] = rows(element);
      chat.receive(message(`then ${count}`, { by: 'Noor' }));
      await waitUntil(() => rows(element).at(-1)?.textContent.includes(`then ${count}`) === true);
      if (rows(element)[0] !== first) moved += 1;
      expect(isAtEnd()).to.equal(true);
    }
    expect(moved, 'rows above leave many at a time: each time all others move').to.be.within(1, 3);
  });

  it('has rows wherever a reader flings it, up and down again, and at rest while nobody sees it', async () => {
    const lines = Array.from({ length: 600 }, (_, index) => message(`line ${index}`, { by: `V${index % 5}` }));
    const chat = new ScriptedChat({ messages: lines });
    const element = await show(chat);
    const { scroller } = await readyList(element);
    const says = (text: string): boolean => rows(element).some((row) => row.textContent.includes(text));
    const fling = async (px: number): Promise<void> => {
      const moved = new Promise((resolve) => scroller.addEventListener('scroll', resolve, { once: true }));
      scroller.scrollTop += px;
      await moved;
      await settled(element);
    };
    for (let at = 0; !says('line 100'); at += 1) {
      if (at > 100) throw new Error(`still at ${rows(element)[0]?.textContent ?? ''}`);
      await fling(-900);
      expect(scroller.scrollTop, 'more above').to.be.above(900);
    }

    element.hidden = true;
    const shown = rows(element).length;
    await waitUntil(() => scroller.clientHeight === 0);
    chat.receive(message('while nobody looks'));
    await settled(element);
    expect(rows(element).length, 'hidden').to.equal(shown);
    expect(says('line 0')).to.equal(false);
    element.hidden = false;
    await waitUntil(() => scroller.clientHeight > 0);

    for (let at = 0; !says('while nobody looks'); at += 1) {
      if (at > 100) throw new Error(`still at ${rows(element).at(-1)?.textContent ?? ''}`);
      await fling(900);
      if (!says('while nobody looks')) expect(below(scroller), 'more below').to.be.above(900);
    }
    expect(rows(element).length).to.be.below(180);
  });

  it('reads back to what the server keeps, without a jump, and says when nothing earlier is kept', async () => {
    const lines = Array.from({ length: 300 }, (_, index) => message(`line ${index}`, { by: `V${index % 5}` }));
    const chat = new ScriptedChat({ earlier: lines.slice(0, 100), messages: lines.slice(100) });
    const element = await show(chat);
    const { list, scroller } = await readyList(element);
    // As a reader does: up to the top of what there is, again and again.
    let jump = 0;
    for (let at = 0; chat.messages.length < 300 || rows(element)[0]?.textContent.includes('line 0') !== true; at += 1) {
      if (at > 50) throw new Error(`still at ${rows(element)[0]?.textContent ?? ''}`);
      const first = rows(element)[0];
      scroller.scrollTop = 0;
      const top = (): number => first?.querySelector('.bubble')?.getBoundingClientRect().top ?? NaN;
      const before = top();
      await waitUntil(() => rows(element)[0] !== first);
      await settled(element);
      jump = Math.max(jump, Math.abs(top() - before));
    }
    expect(jump).to.be.below(2);
    expect(rows(element).length).to.be.below(180);
    expect(chat.calls.filter((call) => call === 'earlier').length).to.be.at.least(2);
    scroller.scrollTop = 0;
    await waitUntil(() => list.querySelector('.earlier')?.textContent.trim() === 'Nothing earlier is kept.');
  });

  it('offers earlier messages to whoever uses keys, and says when the server is away', async () => {
    const lines = Array.from({ length: 40 }, (_, index) => message(`line ${index}`));
    const chat = new ScriptedChat({ earlier: lines.slice(0, 37), messages: lines.slice(37) });
    const element = await show(chat);
    const list = part(element, 'fc-message-list');
    await waitUntil(() => list.querySelector('.earlier button') !== null);
    chat.setStatus({ connection: 'offline', isConnected: false, websocket: 'disconnected' });
    await waitUntil(() => list.querySelector('.earlier button') === null);
    chat.setStatus({ connection: 'online', isConnected: true, websocket: 'connected' });
    await waitUntil(() => list.querySelector('.earlier button') !== null);
    button(list, 'Show earlier messages').click();
    await waitUntil(() => chat.messages.length === 40 && rows(element).length > 20);
    expect(list.activeElement?.textContent, 'the focus stays where the reading was').to.contain('line 37');
    list.querySelector('.scroll')?.scrollTo({ top: 0 });
    await waitUntil(() => rows(element).length === 40);
    chat.setStatus({ history: 'more', connection: 'offline', isConnected: false, websocket: 'disconnected' });
    await waitUntil(() => list.querySelector('.earlier')?.textContent.includes('when the server is back') === true);
  });

  it('tells who types, in no live region, and says that the visitor does', async () => {
    const chat = new ScriptedChat({ messages: [message('hello', { by: 'Mallory' })] });
    const element = await show(chat);
    const list = part(element, 'fc-message-list');
    const says = (): string => list.querySelector('.typing')?.textContent.trim() ?? '';
    chat.setTyping([member('Noor')]);
    await waitUntil(() => says() === 'Noor is typing');
    expect(list.querySelector('.typing')?.closest('[aria-live], [role=status], [role=log]')).to.equal(null);
    chat.setTyping([member('Noor'), member('Mallory')], 10);
    await waitUntil(() => says() === '12 people are typing');
    button(await menuOf(element, 0), 'Block Mallory').click();
    await waitUntil(() => says() === '11 people are typing');
    chat.setTyping([]);
    await waitUntil(() => says() === '');
    element.focusComposer();
    type(element, 'h', { key: 'h' });
    expect(chat.calls).to.include('typing');
  });

  it('the panel shows whom it is linked to, why messages went their way, and how long a breaker waits', async () => {
    const mine = own('On my way', { state: 'stored', acknowledgedBy: 2 });
    const chat = new ScriptedChat({
      messages: [mine],
      faults: new LinkFaults(),
      decisions: [{ id: mine.id, atMs: mine.sentAtMs, route: 'p2p', peers: 2, reason: 'peers-linked' }],
      links: [
        link('Noor'),
        link('Tomás', { state: 'suspect', breaker: { state: 'open', outcomes: 6, failures: 4, retryInMs: 20_400 } }),
      ],
    });
    const element = await show(chat, { debug: '' });
    const panel = await within(element, 'fc-mesh-panel');
    const text = (): string => panel.textContent.replaceAll(/\s+/g, ' ');
    expect(text()).to.contain('p2p to 2, because peers are linked. On my way is stored, acknowledged by 2.');
    expect(text()).to.contain('open (4 of 6 failed), tries again in 21 s');
    const picture = panel.querySelector('.topology')?.getAttribute('aria-label');
    expect(picture).to.contain('Noor is linked, 4.2 ms; Tomás is linked, but silent');
    await waitUntil(() => (panel.querySelector('.link path')?.getAttribute('d') ?? '').includes('L'), 'no plot');
    const drop = panel.querySelector('select');
    if (drop === null) throw new Error('no faults');
    drop.value = '50';
    drop.dispatchEvent(new Event('change'));
    expect(chat.faults?.dropShare).to.equal(0.5);
    await expect(element).shadowDom.to.be.accessible();
  });

  it('one voice: a message is read out, a burst is summed up', async () => {
    const chat = new ScriptedChat();
    const element = await show(chat);
    const voice = (): string => inside(element).querySelector('.root > [role=status]')?.textContent.trim() ?? '';
    chat.receive(message('first', { by: 'Noor' }));
    await waitUntil(() => voice() === 'Noor: first');
    for (let index = 0; index < 5; index += 1) chat.receive(message(`more ${index}`, { by: 'Tomás' }));
    await settled(element);
    expect(voice()).to.equal('Noor: first');
    await waitUntil(() => voice() === '5 new messages, the latest from Tomás', 'no summary');
  });

  it('an answer to the organiser names the organiser, in the menu, above the field and in the quote', async () => {
    const said = announcement('Gates close at ten.');
    const element = await show(
      new ScriptedChat({ messages: [said, message('Thanks', { by: 'Noor', replyTo: said.id })] }),
    );
    await waitUntil(() => rows(element)[1]?.querySelector('.quote') != null);
    expect(rows(element)[1]?.querySelector('.quote bdi')?.textContent).to.equal('Organiser');
    const menu = await menuOf(element, 0);
    expect(menu.querySelector('.excerpt bdi')?.textContent).to.equal('Organiser');
    button(menu, 'Answer').click();
    await waitUntil(() => inside(composer(element)).querySelector('.context') !== null);
    expect(inside(composer(element)).querySelector('.context')?.textContent).to.contain('Answering Organiser');
  });

  it('a change goes on when the floating chat was closed meanwhile, and the draft waits', async () => {
    const chat = new ScriptedChat({ messages: [own('at seven')] });
    const element = await show(chat, { mode: 'floating', open: '' });
    composer(element).value = 'see you at 8';
    button(await menuOf(element, 0), 'Change').click();
    await waitUntil(() => composer(element).value === 'at seven');
    element.closeChat();
    await waitUntil(() => inside(element).querySelector('fc-composer') === null);
    element.openChat();
    await waitUntil(() => inside(element).querySelector('fc-composer')?.shadowRoot?.querySelector('.context') != null);
    expect(composer(element).value).to.equal('at seven');
    type(element, '', { key: 'Escape' });
    await waitUntil(() => composer(element).value === 'see you at 8');
  });

  it('another room begins at its end, with nothing of the room before', async () => {
    const element = await show(new ScriptedChat({ messages: many('here', 120) }));
    const { list, scroller } = await readyList(element);
    scroller.scrollTop -= 600;
    await waitUntil(() => list.querySelector('.new') !== null);
    element.client = new ScriptedChat({ crew: { state: 'open' }, messages: many('there', 120) });
    await waitUntil(() => rows(element).at(-1)?.textContent.includes('there 119') === true);
    await waitUntil(() => below(scroller) < 2);
    expect(list.querySelector('.new')).to.equal(null);
  });

  it('what was being answered in one room is not answered in another', async () => {
    const element = await show(new ScriptedChat());
    const place = { server: location.origin, festival: `rooms-${Math.random()}`, displayName: 'Ada' };
    Object.assign(element, place, { client: null, room: 'a' });
    await waitUntil(() => element.client?.selfId != null);
    await element.sendMessage('from a');
    await waitUntil(() => rows(element).length === 1);
    button(await menuOf(element, 0), 'Answer').click();
    await waitUntil(() => part(element, 'fc-composer').querySelector('.context') !== null);
    element.room = 'b';
    await waitUntil(() => element.client?.room === 'b' && element.client.selfId != null && rows(element).length === 0);
    await settled(element);
    expect(part(element, 'fc-composer').querySelector('.context')).to.equal(null);
    await element.wipe();
  });

  it('says to screen readers who is meant, and marks a mention only where the name ends', async () => {
    const element = await show(
      new ScriptedChat({ messages: [message('@Ada come'), message('@Adaline come', { by: 'Tomás' })] }),
    );
    await waitUntil(() => rows(element)[0]?.querySelector('.own-mention') != null);
    expect(rows(element)[0]?.textContent).to.contain('mentions you');
    expect(rows(element)[1]?.querySelector('.mention')?.textContent).to.equal('@Adaline');
    expect(rows(element)[1]?.querySelector('.own-mention')).to.equal(null);
    expect(rows(element)[1]?.textContent).to.not.contain('mentions you');
  });

  it('cuts a long text between letters, never within one', async () => {
    const family = '👨‍👩‍👧‍👦';
    const long = message(family.repeat(200));
    const element = await show(new ScriptedChat({ messages: [long, message('so many', { replyTo: long.id })] }));
    await waitUntil(() => rows(element)[1]?.querySelector('.quote') != null);
    expect(rows(element)[1]?.querySelector('.quote [dir]')?.textContent).to.match(new RegExp(`^(?:${family})+…$`, 'u'));
    expect((await menuOf(element, 0)).querySelector('.excerpt')?.textContent).to.match(
      new RegExp(`: (?:${family})+…$`, 'u'),
    );
  });

  it('lets a search among people go on when one of them leaves', async () => {
    const crowd = Array.from({ length: 12 }, (_, index) => member(`Visitor ${index}`));
    const chat = new ScriptedChat({ members: crowd });
    const element = await show(chat);
    inside(element).querySelector<HTMLElement>('.members')?.click();
    const people = await within(element, 'fc-sheet', 'fc-member-list');
    const search = (): HTMLInputElement | null => people.querySelector('input[type=search]');
    const field = search();
    if (field !== null) field.value = 'zed';
    field?.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await waitUntil(() => people.querySelectorAll('[part=member]').length === 0);
    chat.setMembers(crowd.slice(1));
    await settled(element);
    expect(search()?.value).to.equal('zed');
  });

  it('says when the browser does not let it copy', async () => {
    const element = await show(new ScriptedChat({ messages: [message('one')] }));
    const menu = await menuOf(element, 0);
    Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true });
    try {
      button(menu, 'Copy').click();
      await waitUntil(() => menu.querySelector('[role=alert]')?.textContent.includes('does not let') === true);
    } finally {
      Reflect.deleteProperty(navigator, 'clipboard');
    }
    expect(inside(element).querySelector('fc-sheet'), 'and stays').to.not.equal(null);
  });

  it('says the same words again when they are said again', async () => {
    const chat = new ScriptedChat();
    const element = await show(chat);
    const status = inside(element).querySelector('.root > [role=status]');
    if (status === null) throw new Error('no voice');
    let heard = 0;
    new MutationObserver(() => {
      heard += 1;
    }).observe(status, { childList: true, characterData: true, subtree: true });
    chat.receive(message('yes', { by: 'Noor' }));
    await waitUntil(() => status.textContent.trim() === 'Noor: yes' && heard > 0);
    const before = heard;
    chat.receive(message('yes', { by: 'Noor' }));
    await waitUntil(() => heard > before && status.textContent.trim() === 'Noor: yes', 'silent');
  });
});
