// What a person sees, hears and types at <festival-chat>, with a scripted chat behind it.

import { expect } from '@open-wc/testing';
import type { ChatStatus } from '../../../src/core/chat-view.js';
import type { FestivalChat } from '../../../src/element/festival-chat.js';
import { ScriptedChat, member, message, own } from '../../../stories/scripted-chat.js';
import { composerText, hasExtras, inside, part, settled, show, type, within } from './show.js';
import { waitUntil } from '../../support/wait-in-browser.js';

describe('<festival-chat>', () => {
  it('sends with Enter and empties the composer', async () => {
    const chat = new ScriptedChat();
    const element = await show(chat);
    type(element, 'hello there');
    await waitUntil(() => composerText(element) === '');
    expect(chat.calls).to.include('send hello there');
  });

  it('sends once what is sent again before it is kept, and says what failed until something else is done', async () => {
    const chat = new ScriptedChat();
    const element = await show(chat);
    let keep = (): void => undefined;
    const { sendMessage } = chat;
    chat.sendMessage = async (...said) => {
      chat.calls.push('asked');
      await new Promise<void>((resolve) => (keep = resolve));
      return sendMessage.apply(chat, said);
    };
    type(element, 'only once');
    type(element, 'only once');
    await settled(element);
    keep();
    await waitUntil(() => composerText(element) === '');
    expect(chat.calls.filter((call) => call === 'asked').length).to.equal(1);

    chat.sendMessage = () => Promise.reject(new Error('the device is full'));
    type(element, 'not kept');
    await waitUntil(() => inside(element).querySelector('.failure') !== null);
    element.client = new ScriptedChat();
    await settled(element);
    expect(inside(element).querySelector('.failure')).to.equal(null);
  });

  it('lets go of a client of the page’s own when it is removed, hears it again when it is back', async () => {
    const chat = new ScriptedChat();
    const element = await show(chat);
    const parent = element.parentElement;
    let heard = 0;
    element.addEventListener('fc-message', () => (heard += 1));
    element.remove();
    await Promise.resolve();
    chat.receive(message('while it is gone'));
    expect(heard).to.equal(0);
    parent?.append(element);
    chat.receive(message('and back'));
    expect(heard).to.equal(1);
  });

  it('is read when it is opened by its attribute', async () => {
    const chat = new ScriptedChat();
    const element = await show(chat, { mode: 'floating' });
    chat.receive(message('ping'));
    const counts: number[] = [];
    element.addEventListener('fc-unread', ({ count }) => counts.push(count));
    await waitUntil(() => inside(element).querySelector('.badge') !== null);
    element.open = true;
    await waitUntil(() => counts.includes(0));
  });

  it('is not closed by the Escape that ends a composition, and is by one in the field for the name', async () => {
    const element = await show(new ScriptedChat(), { mode: 'floating', open: '' });
    type(element, 'かな', { key: 'Escape', isComposing: true });
    expect(element.open).to.equal(true);
    element.client = new ScriptedChat({ displayName: null });
    const name = await within(element, 'fc-name-prompt');
    name
      .querySelector('input')
      ?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true }));
    expect(element.open).to.equal(false);
  });

  it('leaves Shift+Enter, an input method and blank text alone', async () => {
    const chat = new ScriptedChat();
    const element = await show(chat);
    type(element, 'first line', { shiftKey: true });
    type(element, 'かな', { isComposing: true });
    type(element, '   ');
    await settled(element);
    expect(chat.calls).to.deep.equal([]);
  });

  it('keeps the text when the page cancels fc-send', async () => {
    const chat = new ScriptedChat();
    const element = await show(chat);
    element.addEventListener('fc-send', (event) => event.preventDefault());
    type(element, 'not now');
    await settled(element);
    expect(chat.calls).to.deep.equal([]);
    expect(composerText(element)).to.equal('not now');
  });

  it('asks for a name before the first message, and says what a name is', async () => {
    const chat = new ScriptedChat({ displayName: null });
    const element = await show(chat);
    const prompt = part(element, 'fc-name-prompt');
    const input = prompt.querySelector('input');
    if (input === null) throw new Error('no input');
    input.value = '\u200b';
    prompt.querySelector('form')?.requestSubmit();
    await settled(element);
    expect(prompt.querySelector('[role=alert]')?.textContent).to.contain('1 to 40 characters');
    input.value = ' Ada ';
    prompt.querySelector('form')?.requestSubmit();
    await waitUntil(() => inside(element).querySelector('fc-composer') !== null);
    expect(chat.calls).to.deep.equal(['name Ada']);
  });

  const offline = { connection: 'offline', isConnected: false, websocket: 'disconnected' } as const;
  const statuses: readonly (readonly [change: Partial<ChatStatus>, words: RegExp])[] = [
    [{}, /Online/],
    [{ peers: 2 }, /linked to 2 devices/],
    [{ connection: 'mesh-only', peers: 1, queued: 2 }, /Mesh only.*1 linked device.*2 messages wait/s],
    [{ ...offline, reason: 'server-unreachable', queued: 1 }, /Offline.*cannot be reached.*1 message waits/s],
    [{ ...offline, reason: 'no-network' }, /no network/],
    [{ ...offline, reason: 'server-closing' }, /restarts/],
    [{ ...offline, reason: 'version-mismatch' }, /Reload the page/],
    [{ ...offline, reason: 'room-full' }, /full/],
    [{ reason: 'not-stored', queued: 1 }, /Online.*cannot save.*1 message waits/s],
    [{ reason: 'slow-mode', queued: 1 }, /Online.*Waits for its turn/s],
    [{ connection: 'connecting', reason: 'joining' }, /Connecting/],
  ];
  for (const [change, words] of statuses) {
    it(`says in words what is: ${words.source}`, async () => {
      const chat = new ScriptedChat();
      const element = await show(chat);
      chat.setStatus(change);
      await settled(element);
      const status = part(element, 'fc-status').querySelector('[role=status]');
      expect(status?.textContent).to.match(words);
      expect(element.getAttribute('data-connection')).to.equal(change.connection ?? 'online');
    });
  }

  it('tells how far each own message got, and offers a retry for a refused one', async () => {
    const chat = new ScriptedChat({
      messages: [
        own('a', { state: 'queued', acknowledgedBy: 0 }),
        own('b', { state: 'sent', acknowledgedBy: 2 }),
        own('c', { state: 'stored', acknowledgedBy: 0 }),
        own('d', { state: 'failed', acknowledgedBy: 0, reason: 'Too loud' }),
      ],
    });
    const element = await show(chat);
    const list = part(element, 'fc-message-list');
    const words = [...list.querySelectorAll('.delivery')].map((delivery) => delivery.textContent.trim());
    expect(words).to.deep.equal([
      'Kept on this device',
      'Reached 2 devices',
      'On the server',
      'Not accepted: Too loud',
    ]);
    list.querySelector<HTMLElement>('.retry')?.click();
    expect(chat.calls.some((call) => call.startsWith('retry '))).to.equal(true);
  });

  it('acknowledgements of many peers, one after the other, are drawn once a frame', async () => {
    const chat = new ScriptedChat({ messages: [own('hello', { state: 'sent', acknowledgedBy: 0 })] });
    const element = await show(chat);
    const { status } = chat;
    let looks = 0;
    Object.defineProperty(chat, 'status', { get: () => ((looks += 1), status) });
    const acknowledged = (acknowledgedBy: number): void =>
      chat.change(chat.messages[0]?.id ?? '', () => ({ delivery: { state: 'sent', acknowledgedBy } }));
    acknowledged(1);
    await settled(element);
    const ofOneUpdate = looks;
    let frames = 0;
    const count = (): void => {
      frames += 1;
      next = requestAnimationFrame(count);
    };
    let next = requestAnimationFrame(count);
    looks = 0;
    for (let by = 2; by <= 60; by += 1) {
      acknowledged(by);
      await new Promise((resolve) => setTimeout(resolve));
    }
    await settled(element);
    cancelAnimationFrame(next);
    expect(part(element, 'fc-message-list').querySelector('.delivery')?.textContent).to.contain('60 devices');
    expect(looks).to.be.within(1, ofOneUpdate * (frames + 2));
  });

  it('lists who is here when asked, and counts the whole crowd', async () => {
    const chat = new ScriptedChat({ members: [member('Ada'), member('Noor')], status: { members: 412 } });
    const element = await show(chat);
    const button = inside(element).querySelector<HTMLElement>('.members');
    expect(button?.textContent).to.contain('412 here');
    button?.click();
    await settled(element);
    const list = await within(element, 'fc-sheet', 'fc-member-list');
    expect(list.querySelector('ul')?.textContent).to.match(/Ada.*you.*Noor.*410/s);
  });

  it('floating: counts what came while closed, opens, closes, and gives the focus back', async () => {
    const chat = new ScriptedChat();
    const element = await show(chat, { mode: 'floating' });
    const counts: number[] = [];
    element.addEventListener('fc-unread', (event) => counts.push(event.count));
    chat.receive(message('psst'));
    await waitUntil(() => counts.join() === '1');
    await settled(element);
    const launcher = inside(element).querySelector<HTMLElement>('.launcher');
    expect(launcher?.getAttribute('aria-label')).to.contain('1 new message');
    launcher?.click();
    await waitUntil(() => inside(element).activeElement?.localName === 'fc-composer');
    inside(element).querySelector<HTMLElement>('[part=close]')?.click();
    await waitUntil(() => inside(element).activeElement?.classList.contains('launcher') === true);
    expect(element.open).to.equal(false);
  });

  it('floating: a page opens and closes it, and hears of each once; in other modes nothing is opened', async () => {
    const element = await show(new ScriptedChat(), { mode: 'floating' });
    const heard: string[] = [];
    for (const type of ['fc-open', 'fc-close']) element.addEventListener(type, () => heard.push(type));
    element.toggleChat();
    element.openChat();
    expect(element.open).to.equal(true);
    element.toggleChat();
    element.closeChat();
    expect(element.open).to.equal(false);
    expect(heard).to.deep.equal(['fc-open', 'fc-close']);
    element.setAttribute('mode', 'inline');
    element.toggleChat();
    expect(element.open).to.equal(false);
    expect(heard.length).to.equal(2);
  });

  it('floating: opened and removed in the same moment, it fails nothing, and is open when it is back', async () => {
    const element = await show(new ScriptedChat(), { mode: 'floating' });
    const parent = element.parentElement;
    const failed: unknown[] = [];
    const note = (event: PromiseRejectionEvent): unknown => failed.push(event.reason);
    addEventListener('unhandledrejection', note);
    element.openChat();
    element.remove();
    await element.updateComplete;
    // Rejections that nobody handles are told in a task of their own.
    await new Promise((resolve) => setTimeout(resolve));
    removeEventListener('unhandledrejection', note);
    expect(failed).to.deep.equal([]);
    parent?.append(element);
    await waitUntil(() => inside(element).querySelector('fc-composer') !== null);
    expect(element.open).to.equal(true);
  });

  it('stands above a keyboard that came before the rest of it was fetched', async () => {
    const view = visualViewport as VisualViewport;
    const height = innerHeight - 300;
    Object.defineProperty(view, 'height', { configurable: true, value: height });
    try {
      const element = await show(new ScriptedChat(), { mode: 'fullscreen' });
      const root = inside(element).querySelector<HTMLElement>('.root');
      await waitUntil(() => root?.style.getPropertyValue('--_visible-height') === `${height}px`);
    } finally {
      Reflect.deleteProperty(view, 'height');
    }
  });

  it('a property is as good as its attribute: frameworks set those', async () => {
    const told: unknown[] = [];
    const { warn } = console;
    console.warn = (text: unknown) => told.push(text);
    const element = document.createElement('festival-chat');
    try {
      const given = { festival: 'properties', room: 'main-stage', displayName: 'Ada', mesh: 'off', mode: 'fullscreen' };
      // Some give numbers as they are, and what they do not know as undefined.
      Object.assign(element, given, { server: location.origin, maxPeers: 3, location: undefined, theme: 'plaid' });
      document.body.append(element);
      await waitUntil(() => element.client !== null);
      // What is fetched later reads some of them.
      await hasExtras(element);
      expect(element.client?.room).to.equal('main-stage');
      expect(element.client?.displayName).to.equal('Ada');
      expect(inside(element).querySelector('.root')?.getAttribute('data-layout')).to.equal('fullscreen');
      element.room = 'second-stage';
      await waitUntil(() => element.client?.room === 'second-stage');
      expect(told.filter((text) => String(text).startsWith('<festival-chat'))).to.deep.equal([
        '<festival-chat theme="plaid">: allowed is low-tide, neon, meadow, desert.',
      ]);
    } finally {
      console.warn = warn;
      element.remove();
    }
  });

  it('an invalid attribute counts as absent and is told once', async () => {
    const told: unknown[] = [];
    const { warn } = console;
    console.warn = (text: unknown) => told.push(text);
    try {
      const element = await show(new ScriptedChat(), { mode: 'sideways', 'color-mode': 'plaid' });
      element.setAttribute('location', 'somewhere / else');
      element.requestUpdate();
      await settled(element);
      expect(inside(element).querySelector('.root')?.getAttribute('data-layout')).to.equal('inline');
      expect(told.length).to.equal(3);
      expect(told.join()).to.match(/mode="sideways".*inline, floating, fullscreen, overlay/);
    } finally {
      console.warn = warn;
    }
  });

  it('tells its chat where in the venue the visitor is, as that changes', async () => {
    const chat = new ScriptedChat();
    const element = await show(chat, { location: 'camp' });
    element.setAttribute('location', 'main-stage');
    await settled(element);
    element.removeAttribute('location');
    await settled(element);
    expect(chat.calls.filter((call) => call.startsWith('location'))).to.deep.equal([
      'location camp',
      'location main-stage',
      'location none',
    ]);
  });

  it('survives a move in the document, and being removed and added again', async () => {
    const chat = new ScriptedChat({ messages: [message('still here')] });
    const element = await show(chat);
    const home = document.createElement('section');
    document.body.append(home);
    home.append(element);
    await settled(element);
    element.remove();
    await new Promise((resolve) => setTimeout(resolve));
    home.append(element);
    await settled(element);
    expect(part(element, 'fc-message-list').textContent).to.contain('still here');
    home.remove();
  });

  it('readonly and overlay have no composer', async () => {
    expect(inside(await show(new ScriptedChat(), { readonly: '' })).querySelector('fc-composer')).to.equal(null);
    expect(inside(await show(new ScriptedChat(), { mode: 'overlay' })).querySelector('fc-composer')).to.equal(null);
  });

  it('keystrokes do not reach the page', async () => {
    const element = await show(new ScriptedChat());
    let heard = 0;
    const listen = (): number => (heard += 1);
    addEventListener('keydown', listen);
    type(element, 'shortcut?', { key: 'k' });
    removeEventListener('keydown', listen);
    expect(heard).to.equal(0);
  });

  it('shows whatever strangers write as text and nothing else', async () => {
    const vectors = [
      '<img src=x onerror=hacked()>',
      '<script>hacked()</script>',
      '"><svg onload=hacked()>',
      "'-hacked()-'",
      '${hacked()}',
      '{{hacked()}}',
      'javascript:hacked()',
      'java\nscript:hacked()',
      '<a href="javascript:hacked()">x</a>',
      '<iframe srcdoc="<script>hacked()</script>">',
      '<math><mi//xlink:href="data:x,<script>hacked()</script>">',
      '</div></section><h1>big</h1>',
      '<!--',
      '<style>*{display:none}</style>',
      '<template shadowrootmode="open"><b>x</b></template>',
      '<input autofocus onfocus=hacked()>',
      '&lt;script&gt;',
      '\u202e<script>',
      'http://a"onmouseover="hacked()',
      'https://evil.example/<script>hacked()</script>',
      'data:text/html,<script>hacked()</script>',
      'vbscript:hacked()',
      '<fc-mesh-panel>',
      '<festival-chat>',
    ];
    const wrapped = vectors.flatMap((vector) => [
      vector,
      `x ${vector} y`,
      `${vector}${vector}`,
      vector.toUpperCase(),
      `[${vector}](${vector})`,
    ]);
    const known = await show(new ScriptedChat({ messages: [message('plain https://festival.example/ text')] }));
    const kinds = (element: FestivalChat): Set<string> => {
      const names = [...inside(element).querySelectorAll('*')].flatMap((each) => [
        each,
        ...(each.shadowRoot?.querySelectorAll('*') ?? []),
      ]);
      return new Set(names.map((each) => each.localName));
    };
    const allowed = kinds(known);
    // As few as are in the document at a time, whatever the height.
    for (let from = 0; from < wrapped.length; from += 12) {
      const messages = wrapped.slice(from, from + 12).map((vector) => message(vector, { by: vector.slice(0, 40) }));
      const members = vectors.map((vector) => member(vector));
      const element = await show(new ScriptedChat({ messages, members }), {
        'room-name': '<img src=x onerror=hacked()>',
      });
      for (const kind of kinds(element)) expect(allowed.has(kind) || kind === 'button', kind).to.equal(true);
      const list = part(element, 'fc-message-list');
      expect(list.querySelectorAll('.bubble').length).to.equal(messages.length);
      for (const link of list.querySelectorAll('a')) expect(link.protocol).to.match(/^https?:$/);
      element.remove();
    }
  });

  it('a hundred thousand characters of addresses cost little and make few links', async () => {
    const { richText } = await import('../../../src/element/extras/rich-text.js');
    const parts = richText('http://a.'.repeat(10_000), null);
    expect(parts.filter((each) => typeof each !== 'string').length).to.be.at.most(21);
  });

  for (const mode of ['light', 'dark']) {
    it(`is accessible, ${mode}`, async () => {
      const chat = new ScriptedChat({ messages: [message('hello'), own('hi')] });
      await expect(await show(chat, { 'color-mode': mode })).to.be.accessible();
    });
  }
});
