// Keeps the screen on while others hear each other through this device, if its visitor has agreed: as a supernode, or
// linked to peers while there is no server.

import type { ReactiveController } from 'lit';
import type { Chat } from '../../engine/chat.js';
import type { FestivalChat } from '../festival-chat.js';
import type { DeviceMemory } from './device-memory.js';
import { AwakeRequest } from './requests.js';
import { ScreenAwake } from './screen-awake.js';

export class RelayAwake implements ReactiveController {
  readonly #element: FestivalChat;
  readonly #memory: () => DeviceMemory;
  readonly #awake = new ScreenAwake();

  constructor(element: FestivalChat, memory: () => DeviceMemory) {
    this.#element = element;
    this.#memory = memory;
    element.addController(this);
    element.renderRoot.addEventListener('awake-request', (request) => {
      if (request instanceof AwakeRequest) this.#choose(request);
    });
  }

  /** What the visitor has chosen; null where there is nothing to choose. */
  get choice(): boolean | null {
    return ScreenAwake.isPossible && this.#element.client?.meshEnabled === true ? this.#memory().keepsAwake : null;
  }

  hostUpdated(): void {
    const { client } = this.#element;
    this.#awake.want(client !== null && this.choice === true && isRelaying(client));
  }

  hostDisconnected(): void {
    this.#awake.want(false);
  }

  #choose({ isOn }: AwakeRequest): void {
    this.#memory().keepsAwake = isOn;
    this.#element.requestUpdate();
  }
}

function isRelaying(chat: Chat): boolean {
  return chat.status.connection === 'mesh-only' || chat.glance?.isSupernode === true;
}
