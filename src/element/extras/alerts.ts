// Tells of others' messages by a sound and, while nobody looks at the page, by the browser's notifications. Both are off
// until the visitor switches them on, and remembered on the device.

import type { ReactiveController } from 'lit';
import type { ChatMessage } from '../../core/chat-view.js';
import type { FestivalChat } from '../festival-chat.js';
import type { Words } from '../words/words.js';
import { Chime } from './chime.js';
import type { DeviceMemory } from './device-memory.js';
import { excerpt } from './excerpt.js';
import { textOf } from './photo-extras.js';
import { AlertRequest } from './requests.js';

/** What systems show of a notification that is folded. */
const TEXT_LENGTH_MAX = 120;

/** `refused` by the visitor or the page; `impossible` in this browser. */
export type Notifying = 'on' | 'off' | 'refused' | 'impossible';

export interface AlertChoices {
  readonly sound: boolean;
  readonly notify: Notifying;
}

export interface AlertParts {
  readonly element: FestivalChat;
  readonly memory: () => DeviceMemory;
  readonly words: () => Words;
}

export class Alerts implements ReactiveController {
  readonly #parts: AlertParts;
  readonly #chime = new Chime();
  #canNotify = typeof Notification === 'function';
  #shown: Notification | null = null;
  /** Browsers make no sound before the page was touched. */
  readonly #handleGesture = (): void => {
    if (this.#parts.memory().sounds) this.#chime.unlock();
  };
  readonly #handleVisibility = (): void => {
    if (!document.hidden) this.#shown?.close();
  };

  constructor(parts: AlertParts) {
    this.#parts = parts;
    const { element } = parts;
    element.addController(this);
    element.renderRoot.addEventListener('alert-request', (request) => {
      if (request instanceof AlertRequest) void this.#choose(request);
    });
  }

  get choices(): AlertChoices {
    const { sounds: sound, notifies } = this.#parts.memory();
    return { sound, notify: this.#notifying(notifies) };
  }

  hostConnected(): void {
    addEventListener('pointerdown', this.#handleGesture);
    addEventListener('keydown', this.#handleGesture);
    document.addEventListener('visibilitychange', this.#handleVisibility);
  }

  hostDisconnected(): void {
    removeEventListener('pointerdown', this.#handleGesture);
    removeEventListener('keydown', this.#handleGesture);
    document.removeEventListener('visibilitychange', this.#handleVisibility);
    this.#chime.end();
    this.#shown?.close();
  }

  /** Somebody else, who is not blocked, wrote this just now. */
  heard(message: ChatMessage): void {
    const { sound, notify } = this.choices;
    if (sound) this.#chime.ring();
    if (notify === 'on' && document.hidden) this.#notify(message);
  }

  #notifying(isWanted: boolean): Notifying {
    if (!this.#canNotify) return 'impossible';
    if (Notification.permission === 'denied') return 'refused';
    return isWanted && Notification.permission === 'granted' ? 'on' : 'off';
  }

  /** Within the tap: browsers ask, and make sounds, in answer to one only. */
  async #choose({ kind, isOn }: AlertRequest): Promise<void> {
    const { element, memory } = this.#parts;
    if (kind === 'sound') {
      memory().sounds = isOn;
      if (isOn) this.#chime.unlock();
    } else {
      this.#canNotify &&= canConstruct();
      memory().notifies = isOn && this.#canNotify && (await Notification.requestPermission()) === 'granted';
    }
    element.requestUpdate();
  }

  /** One for the room: the next takes its place without another sound. */
  #notify(message: ChatMessage): void {
    const { element, memory, words } = this.#parts;
    const name = message.kind === 'message' ? message.author.name : words().say('organiser');
    const tag = `festival-chat:${memory().place}`;
    try {
      this.#shown = new Notification(name, {
        body: excerpt(textOf(message, words()), TEXT_LENGTH_MAX),
        tag,
        dir: 'auto',
      });
    } catch {
      this.#canNotify = false;
      return;
    }
    this.#shown.onclick = () => {
      window.focus();
      element.openChat();
      this.#shown?.close();
    };
  }
}

/**
 * Chrome on Android lets only service workers notify: there the constructor throws. Asked while nothing may be shown yet,
 * so that nothing is. https://crbug.com/481856
 */
function canConstruct(): boolean {
  if (Notification.permission === 'granted') return true;
  try {
    new Notification('').close();
    return true;
  } catch {
    return false;
  }
}
