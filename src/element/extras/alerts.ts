// Tells of others' messages by a sound and, while nobody looks at the page, by notifications. Both are off until the
// visitor switches them on, and remembered on the device.

import type { ReactiveController } from 'lit';
import type { ChatMessage } from '../../core/chat-view.js';
import { NOTICE_PREFIX } from '../../offline/notice.js';
import type { FestivalChat } from '../festival-chat.js';
import type { Words } from '../words/words.js';
import { Chime } from './chime.js';
import type { DeviceMemory } from './device-memory.js';
import { excerpt } from './excerpt.js';
import { Notices } from './notices.js';
import { textOf } from './photo-extras.js';
import { Reading, isReadSomewhere } from './reading.js';
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
  /** The messages are not behind a launcher. */
  isShown(): boolean;
  readonly memory: () => DeviceMemory;
  readonly words: () => Words;
}

/** What browsers let sounds begin with: of a mouse the press, of a finger that it is lifted again. */
const GESTURES = ['pointerdown', 'pointerup', 'keydown'] as const;

export class Alerts implements ReactiveController {
  readonly #parts: AlertParts;
  readonly #chime = new Chime();
  readonly #reading = new Reading();
  readonly #notices = new Notices(
    () => this.#tag,
    () => this.#parts.element.openChat(),
  );
  /** Which room was rendered last. */
  #place: string | null = null;
  /** The page is not hidden, and not being left. */
  #isInSight = false;
  /** Browsers make no sound before the page was touched. */
  readonly #handleGesture = (): void => {
    if (this.#parts.memory().sounds) this.#chime.unlock();
  };
  readonly #handleVisibility = (): void => {
    this.#isInSight = !document.hidden;
    if (this.#isInSight) this.#look();
    this.#tellOthers();
  };
  readonly #handleLeaving = (): void => {
    this.#isInSight = false;
    this.#tellOthers();
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
    this.#isInSight = !document.hidden;
    for (const gesture of GESTURES) addEventListener(gesture, this.#handleGesture);
    document.addEventListener('visibilitychange', this.#handleVisibility);
    addEventListener('pagehide', this.#handleLeaving);
    addEventListener('pageshow', this.#handleVisibility);
    this.#notices.listen();
  }

  hostUpdated(): void {
    const { place, notifies } = this.#parts.memory();
    // Switched off or erased, by another chat of the page or in another tab as well.
    if (!notifies) this.#notices.closeOwn();
    this.#tellOthers();
    if (place === this.#place) return;
    this.#place = place;
    void this.#notices.ask();
    this.#handleVisibility();
  }

  hostDisconnected(): void {
    for (const gesture of GESTURES) removeEventListener(gesture, this.#handleGesture);
    document.removeEventListener('visibilitychange', this.#handleVisibility);
    removeEventListener('pagehide', this.#handleLeaving);
    removeEventListener('pageshow', this.#handleVisibility);
    this.#reading.of(null);
    this.#chime.end();
    this.#notices.end();
  }

  /** Somebody else, who is not blocked, wrote this just now. A page in the background is silent of what another shows. */
  async heard(message: ChatMessage): Promise<void> {
    if (!this.#isWanted) return;
    if (document.hidden && (await isReadSomewhere(this.#tag))) return;
    if (this.#parts.memory().sounds) this.#chime.ring();
    if (this.#mayNotify && document.hidden) this.#notify(message);
  }

  /** Erasing leaves nothing on the screen either, of any room of the festival. */
  wipe(): void {
    const { rooms } = this.#parts.memory();
    if (rooms === '') this.#notices.close();
    else this.#notices.closeAll(`${NOTICE_PREFIX}${rooms}`);
  }

  /** What notifications of the room are tagged with, and its lock is called. */
  get #tag(): string {
    return `${NOTICE_PREFIX}${this.#parts.memory().place}`;
  }

  get #isWanted(): boolean {
    return this.#parts.memory().sounds || this.#mayNotify;
  }

  /** Also after one could not be shown: a worker may have come since. */
  get #mayNotify(): boolean {
    return this.#parts.memory().notifies && this.#notices.isAllowed;
  }

  /** Before it is relied on: a worker may be gone since it was switched on. */
  #look(): void {
    this.#notices.close();
    if (this.#mayNotify) void this.#notices.check().then(() => this.#parts.element.requestUpdate());
  }

  /** A room without a place is unknown to other tabs. */
  #tellOthers(): void {
    const { element, memory, isShown } = this.#parts;
    const isRead = element.isConnected && this.#isInSight && isShown() && memory().place !== '';
    this.#reading.of(isRead ? this.#tag : null);
  }

  #notifying(isWanted: boolean): Notifying {
    if (!this.#notices.canShow) return 'impossible';
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
      memory().notifies = isOn && (await this.#notices.allow());
    }
    element.requestUpdate();
  }

  #notify(message: ChatMessage): void {
    const words = this.#parts.words();
    const title = message.kind === 'message' ? message.author.name : words.say('organiser');
    const notice = { title, body: excerpt(textOf(message, words), TEXT_LENGTH_MAX) };
    // The switch says when it has turned out that nothing can be shown.
    void this.#notices.show(notice).then(() => this.#parts.element.requestUpdate());
  }
}
