// The way into private rooms and out again: by a link's fragment, or by what the visitor chooses. The key leaves the
// address bar before anything else is done with it; the room's name stays there, so that a reload opens it again (rule K2).

import { html, nothing } from 'lit';
import type { ReactiveController, TemplateResult } from 'lit';
import type { Chat } from '../../engine/chat.js';
import type { CrewDesk } from '../../engine/crew/crew-desk.js';
import { isCrewRoom } from '../../protocol/record.js';
import { CREW_FRAGMENT } from '../../protocol/crew/crew-invite.js';
import { problemOf } from './problem.js';
import type { ChatHost } from '../extras/chat-extras.js';
import type { CrewPhraseKey } from '../words/crew/english.js';
import type { CrewWords } from '../words/crew/crew-words.js';
import type { Words } from '../words/words.js';

interface Home {
  readonly room: string | null;
  readonly name: string | null;
}

export class CrewDoor implements ReactiveController {
  readonly #host: ChatHost;
  /** Why nothing can be written here, or that one can again. */
  readonly #changed: () => void;
  /** The page's own room, while a private one is shown in its place. */
  #home: Home | null = null;
  #chat: Chat | null = null;
  #desk: CrewDesk | null = null;
  /** Whose desk is here or under way; null when it could not be had. */
  #asked: Chat | null = null;
  #words: { readonly of: Words; readonly words: CrewWords } | null = null;
  /** What the private room was called last, in place of the page's own room. */
  #title: string | undefined;
  /** Why the last link did not open. */
  #problem: CrewPhraseKey | null = null;

  constructor(host: ChatHost, changed: () => void) {
    this.#host = host;
    this.#changed = changed;
    host.element.addController(this);
    host.element.renderRoot.addEventListener('enter-request', (event) => {
      if ('room' in event) this.#enter(event.room as string | null);
    });
  }

  hostConnected(): void {
    addEventListener('hashchange', this.#look);
    this.#look();
  }

  hostDisconnected(): void {
    removeEventListener('hashchange', this.#look);
  }

  /** What people call the page's own room; null while it is shown. */
  get home(): string | null {
    return this.#home === null ? null : (this.#home.name ?? this.#home.room ?? 'lobby');
  }

  /** Why nothing can be written in this private room; empty when one can, and in all others. */
  get says(): string {
    const state = this.#desk?.state ?? 'open';
    return state === 'open' ? '' : (this.#words?.words.say(`state-${state}`) ?? '');
  }

  /** Before each rendering: another room, or another language. */
  update(): void {
    const { client } = this.#host.element;
    if (client !== this.#chat) this.#follow(client);
    if (client !== null && client !== this.#asked && this.#isPrivate) void this.#ask(client);
    if (this.#home !== null && !isCrewRoom(this.#host.element.room ?? '')) this.#leave(this.#home.name);
    if (!this.#isPrivate && this.#problem === null) return;
    void this.#speak(this.#host.words());
    const title = this.#words?.words.say('privateRoom', { tag: client?.room.slice(5, 9) ?? '' });
    if (this.#home !== null && title !== undefined && this.#title !== title) {
      this.#title = title;
      this.#host.element.roomName = title;
    }
  }

  /** The keys of private rooms are erased with everything else: what is left is the page's own room. */
  wiped(): void {
    this.#follow(null);
    if (this.#home !== null) this.#enter(null);
  }

  /** For below the status: that the room is private, or why a link did not open. */
  mark(): TemplateResult | typeof nothing {
    const words = this.#words?.words;
    if (this.#problem !== null && words !== undefined) {
      return html`<p class="failure" part="failure" role="alert">${words.say(this.#problem)}</p>`;
    }
    if (!this.#isPrivate) return nothing;
    return html`<fc-crew-mark
      exportparts="private"
      .state=${this.#desk?.state ?? null}
      .words=${words ?? null}
    ></fc-crew-mark>`;
  }

  get #isPrivate(): boolean {
    return isCrewRoom(this.#chat?.room ?? '');
  }

  /** Is there a private room in the address? Of several chats on a page the first takes it. */
  readonly #look = (): void => {
    const { element } = this.#host;
    const isFirst = (document.querySelector(element.localName) ?? element) === element;
    const isOwnClient = element.client === null || this.#host.options() !== null;
    if (!location.hash.startsWith(CREW_FRAGMENT) || !isFirst || !isOwnClient) {
      queueMicrotask(() => this.#goHome());
      return;
    }
    const said = location.hash.slice(CREW_FRAGMENT.length);
    if (isCrewRoom(said)) this.#enter(said);
    else void this.#open(said);
  };

  async #open(invite: string): Promise<void> {
    this.#address('');
    this.#problem = null;
    try {
      this.#enter(await this.#take(invite));
    } catch (error) {
      this.#problem = problemOf(error);
      this.#goHome();
      this.#host.element.requestUpdate();
    }
  }

  /** As if the page had just named its own room: the element takes a client for it, if it has none. */
  #goHome(): void {
    this.#host.element.requestUpdate('room', NaN);
  }

  /** Keeps the key, before there is a client or beside it. */
  async #take(invite: string): Promise<string> {
    const { client } = this.#host.element;
    if (client !== null) return (await client.crews()).join(invite);
    const { takeInviteTo } = await import('../../engine/crew/take-invite.js');
    const wanted = this.#host.wanted();
    if (wanted === null) throw new TypeError('no server is known');
    return takeInviteTo(wanted, invite);
  }

  #enter(room: string | null): void {
    const { element } = this.#host;
    this.#problem = null;
    if (room === null) {
      const home = this.#home ?? { room: null, name: null };
      element.room = home.room;
      this.#leave(home.name);
      return;
    }
    this.#home ??= { room: element.room, name: element.roomName };
    element.room = room;
    this.#address(CREW_FRAGMENT + room);
  }

  /** The private room is behind: by the visitor's choice, or because the page has named a room of its own. */
  #leave(name: string | null): void {
    const { element } = this.#host;
    // A name that the page has given since is its own.
    if (element.roomName === this.#title) element.roomName = name;
    this.#home = null;
    this.#title = undefined;
    this.#address('');
  }

  /** Without a step in the page's history: going back must not bring the key back. */
  #address(fragment: string): void {
    history.replaceState(history.state, '', `${location.pathname}${location.search}${fragment}`);
  }

  #follow(chat: Chat | null): void {
    this.#desk?.removeEventListener('change', this.#tell);
    this.#chat = chat;
    this.#desk = null;
    this.#asked = null;
  }

  /** On a bad network, or while the chat itself has not begun, there is no desk yet: the next rendering asks again. */
  async #ask(chat: Chat): Promise<void> {
    this.#asked = chat;
    try {
      await this.#host.load('crew');
      const desk = await chat.crews();
      if (this.#chat !== chat) return;
      this.#desk = desk;
      desk.addEventListener('change', this.#tell);
      this.#tell();
    } catch {
      if (this.#asked === chat) this.#asked = null;
    }
  }

  readonly #tell = (): void => {
    this.#host.element.requestUpdate();
    this.#changed();
  };

  async #speak(words: Words): Promise<void> {
    if (this.#words?.of === words) return;
    const { crewWords } = await import('../words/crew/crew-words.js');
    const all = await crewWords(words);
    if (this.#host.words() !== words || this.#words?.of === words) return;
    this.#words = { of: words, words: all };
    this.#tell();
  }
}
