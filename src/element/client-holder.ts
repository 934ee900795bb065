// The chat behind the element: the page's own client for what the attributes say, or one that was set from outside.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ChatClientOptions } from '../engine/chat-client-options.js';
import type { ChatClient } from '../engine/chat-client.js';
import { ChatError } from '../engine/chat-error.js';
import {
  FcAnnouncementEvent,
  FcDeliveryEvent,
  FcDiagnosisEvent,
  FcErrorEvent,
  FcMembersEvent,
  FcMessageEvent,
  FcModerationEvent,
  FcPeerEvent,
  FcReadyEvent,
  FcRouteEvent,
  FcStatusEvent,
  FcTypingEvent,
} from '../engine/chat-events.js';
import type { ChatEventMap } from '../engine/chat-events.js';
import type { Chat } from '../engine/chat.js';
import { acquireClient, releaseClient } from '../engine/shared-clients.js';

/** How the element makes each event of its client its own. */
const REPEATED: { [Name in keyof ChatEventMap]: (event: ChatEventMap[Name]) => Event } = {
  'fc-ready': (event) => new FcReadyEvent(event.room),
  'fc-message': (event) => new FcMessageEvent(event.message, event.isNew),
  'fc-delivery': (event) => new FcDeliveryEvent(event.message),
  'fc-status': (event) => new FcStatusEvent(event.status),
  'fc-route': (event) => new FcRouteEvent(event.decision),
  'fc-peer': (event) => new FcPeerEvent(event.change),
  'fc-members': (event) => new FcMembersEvent(event.members),
  'fc-diagnosis': (event) => new FcDiagnosisEvent(event.findings),
  'fc-typing': (event) => new FcTypingEvent(event.typing),
  'fc-announcement': (event) => new FcAnnouncementEvent(event.text),
  'fc-moderation': (event) => new FcModerationEvent(event.action),
  'fc-error': (event) => new FcErrorEvent(event.error),
};

export class ClientHolder implements ReactiveController {
  chat: Chat | null = null;
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #options: () => ChatClientOptions | null;
  readonly #heard: (event: Event) => void;
  /** The client this element has acquired, and for what; not one that was set from outside. */
  #acquired: { readonly client: ChatClient; readonly options: ChatClientOptions; readonly key: string } | null = null;
  #listening: AbortController | null = null;
  #hasUpdated = false;

  /** `heard` is told of each event before the page is. */
  constructor(
    host: ReactiveControllerHost & HTMLElement,
    options: () => ChatClientOptions | null,
    heard: (event: Event) => void,
  ) {
    this.#host = host;
    this.#options = options;
    this.#heard = heard;
    host.addController(this);
  }

  hostConnected(): void {
    if (!this.#hasUpdated) return;
    if (this.chat === null) this.acquire();
    else this.#use(this.chat);
  }

  hostUpdated(): void {
    this.#hasUpdated = true;
  }

  hostDisconnected(): void {
    // A move within the document disconnects and connects at once: only what stays away is ended.
    queueMicrotask(() => {
      if (this.#host.isConnected) return;
      this.#listening?.abort();
      this.#release();
    });
  }

  /** What the element's own client was made with; null for one that was set from outside. */
  get options(): ChatClientOptions | null {
    return this.#acquired?.options ?? null;
  }

  /** Uses a chat of somebody else's making; null gives it back. */
  replace(chat: Chat | null): void {
    this.#release();
    this.#use(chat);
    if (this.#host.isConnected) this.hostConnected();
  }

  /** Takes the page's client for what the attributes say now, unless one was set from outside. */
  acquire(): void {
    if (this.chat !== null && this.#acquired === null) return;
    const options = this.#options();
    const key = JSON.stringify(options);
    if (options === null || this.#acquired?.key === key) return;
    this.#release();
    const client = acquireClient(options);
    this.#acquired = { client, options, key };
    this.#use(client);
  }

  #release(): void {
    if (this.#acquired === null) return;
    releaseClient(this.#acquired.options, this.#acquired.client);
    this.#acquired = null;
    this.#use(null);
  }

  #use(chat: Chat | null): void {
    this.#listening?.abort();
    this.chat = chat;
    this.#host.requestUpdate();
    if (chat === null) return;
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    chat.addEventListener('wipe', this.#heard, { signal });
    for (const name of Object.keys(REPEATED) as (keyof ChatEventMap)[]) {
      chat.addEventListener(name, (event) => this.#repeat(name, event), { signal });
    }
  }

  #repeat<Name extends keyof ChatEventMap>(name: Name, event: ChatEventMap[Name]): void {
    this.#heard(event);
    this.#host.requestUpdate();
    this.#host.dispatchEvent(REPEATED[name](event));
  }
}

/** @throws {ChatError} `closed` outside a document */
export function requireChat(chat: Chat | null): Chat {
  if (chat === null) throw new ChatError('closed', 'The chat is not in a document.', { isRetryable: true });
  return chat;
}
