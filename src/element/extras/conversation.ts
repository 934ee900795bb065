// What is done with messages and people: answering, changing, reacting, blocking, looking at a sheet. Hears the requests
// of the parts and asks the chat.

import type { LitElement } from 'lit';
import type { Chat } from '../../engine/chat.js';
import type { FestivalChat } from '../festival-chat.js';
import type { MessageRequest, OpenRequest } from '../requests.js';
import type { AttachRequest, BlockRequest, InsertRequest, NameRequest, ReactRequest, RequestMap } from './requests.js';
import { NEW } from '../sending.js';
import type { ChatHost } from './chat-extras.js';
import type { DeviceMemory } from './device-memory.js';
import type { Sheet } from './fc-sheet.js';

export class Conversation {
  sheet: Sheet | null = null;
  readonly #host: ChatHost;
  readonly #memory: () => DeviceMemory;

  constructor(host: ChatHost, memory: () => DeviceMemory) {
    this.#host = host;
    this.#memory = memory;
    this.#listen('message-request', (request) => this.#actOn(request));
    this.#listen('name-request', (request) => this.#rename(request));
    this.#listen('react-request', (request) => this.#react(request));
    this.#listen('block-request', (request) => this.#block(request));
    this.#listen('erase-request', () => this.#erase());
    this.#listen('jump-request', ({ id }) => part(this.#host.element, 'fc-message-list')?.jump(id));
    this.#listen('earlier-request', () => this.#host.element.client?.loadEarlier());
    this.#listen('typing-request', () => this.#host.element.client?.tellTyping());
    this.#listen('insert-request', (request) => this.#insert(request));
    this.#listen('photo-request', ({ message }) => this.#show({ kind: 'photo', message }));
    this.#listen('attach-request', (request) => this.#attach(request));
    this.#listen('cancel-request', () => this.#host.sending.write(NEW));
    this.#listen('dismiss-request', () => this.#dismiss());
  }

  /** Another client, perhaps of the same room. */
  reset(): void {
    this.sheet = null;
  }

  /** Another room: nothing of the old one is looked at or answered, and the new one is read from its end. */
  leave(): void {
    this.#host.sending.write(NEW);
    part(this.#host.element, 'fc-message-list')?.scrollToLatest();
  }

  open({ sheet }: OpenRequest): void {
    this.#show(sheet === 'emoji' ? { kind: 'emoji', message: null } : { kind: sheet });
  }

  #listen<Name extends keyof RequestMap>(name: Name, handle: (request: RequestMap[Name]) => void): void {
    this.#host.element.renderRoot.addEventListener(name, (event) => handle(event as unknown as RequestMap[Name]));
  }

  #actOn({ action, message }: MessageRequest): void {
    const { sending } = this.#host;
    switch (action) {
      case 'menu':
      case 'details':
      case 'emoji':
      case 'report':
        this.#show({ kind: action, message });
        return;
      case 'reply':
      case 'edit':
        this.sheet = null;
        // What was refused nobody has: another message takes its place.
        sending.write({ kind: message.delivery.state === 'failed' ? 'rewrite' : action, message });
        this.#focus(() => this.#host.element.focusComposer());
        return;
      case 'retract':
        this.#dismiss();
        this.#ask((chat) => chat.retractMessage(message.id));
        return;
      case 'retry':
        this.#dismiss();
        this.#ask((chat) => chat.retryMessage(message.id));
    }
  }

  #rename({ displayName }: NameRequest): void {
    const { element } = this.#host;
    element.client?.setDisplayName(displayName);
    element.requestUpdate();
    this.#focus(() => element.focusComposer());
  }

  #react({ message, emoji }: ReactRequest): void {
    const { element } = this.#host;
    if (element.client?.displayName === null) {
      // Whoever has no name yet is asked for one first.
      this.sheet = null;
      element.requestUpdate();
      this.#focus(() => element.focusComposer());
    } else this.#ask((chat) => chat.react(message.id, emoji));
  }

  /** Never oneself; the organiser is no author of messages. */
  #block({ author, isBlocked }: BlockRequest): void {
    if (author.id === this.#host.element.client?.selfId) return;
    this.#memory().block(author, isBlocked);
    this.#host.element.requestUpdate();
  }

  #erase(): void {
    const { element, sending } = this.#host;
    this.sheet = null;
    void sending.attempt(() => element.wipe()).then(() => this.#focus(() => element.focusComposer()));
  }

  #insert({ text }: InsertRequest): void {
    this.#focus(() => part(this.#host.element, 'fc-composer')?.insert(text));
  }

  /** A photo answers what is being answered. */
  #attach({ file }: AttachRequest): void {
    const { writing } = this.#host.sending;
    this.#show({ kind: 'attach', file, replyTo: writing.kind === 'reply' ? writing.message.id : null });
  }

  #ask(act: (chat: Chat) => Promise<unknown>): void {
    const { client } = this.#host.element;
    if (client !== null) void this.#host.sending.attempt(() => act(client));
  }

  #show(sheet: Sheet): void {
    this.sheet = sheet;
    this.#host.element.requestUpdate();
  }

  /** Closes the sheet and gives the focus back to where it came from. */
  #dismiss(): void {
    const { sheet } = this;
    if (sheet === null) return;
    this.sheet = null;
    this.#host.element.requestUpdate();
    this.#focus(() => {
      if (sheet.kind === 'diagnosis') part(this.#host.element, 'fc-finding')?.focus();
      else if (sheet.kind === 'attach') this.#host.element.focusComposer();
      else if (!('message' in sheet)) this.#host.element.renderRoot.querySelector<HTMLElement>('.members')?.focus();
      else if (sheet.message === null) this.#host.element.focusComposer();
      else void focusList(this.#host.element, sheet.message.id);
    });
  }

  /** Once the chat is no longer inert under the sheet. */
  #focus(act: () => void): void {
    void this.#host.element.updateComplete.then(() => {
      if (this.sheet === null) act();
    });
  }
}

/** Goes on in the messages: at this one, or where the Tab key enters them; without any, where one is written. */
export async function focusList(element: FestivalChat, id = ''): Promise<void> {
  const list = part(element, 'fc-message-list');
  await list?.updateComplete;
  const row = list?.rowOf(id) ?? list?.renderRoot.querySelector<HTMLElement>('.row[tabindex="0"]') ?? null;
  if (row === null) element.focusComposer();
  else row.focus({ preventScroll: true });
}

/** A part of the element, while it is there. */
export function part<Tag extends keyof HTMLElementTagNameMap>(
  element: LitElement,
  tag: Tag,
): HTMLElementTagNameMap[Tag] | null {
  return element.renderRoot.querySelector(tag);
}
