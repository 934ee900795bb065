// What the parts that show photos share: the room's photos, their changes, and the words.

import { LitElement } from 'lit';
import type { PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Chat } from '../../engine/chat.js';
import { PhotoChangeEvent } from '../../engine/photos/photo-room.js';
import type { PhotoRoom } from '../../engine/photos/photo-room.js';
import { FULL_ENGLISH } from '../words/english-more.js';
import { PHOTO_ENGLISH } from '../words/photos/english.js';
import type { PhotoPhraseKey } from '../words/photos/english.js';
import { photoWords } from '../words/photos/photo-words.js';
import type { PhotoWords } from '../words/photos/photo-words.js';

export abstract class PhotoPart extends LitElement {
  @property({ attribute: false }) chat: Chat | null = null;
  @property({ attribute: false }) words = FULL_ENGLISH;
  @state() protected all: PhotoWords = FULL_ENGLISH.with<PhotoPhraseKey>(PHOTO_ENGLISH);
  /** Null until it is fetched. */
  @state() protected room: PhotoRoom | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.room?.addEventListener(PhotoChangeEvent.type, this.#changed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.room?.removeEventListener(PhotoChangeEvent.type, this.#changed);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('words')) void photoWords(this.words).then((words) => (this.all = words));
    if (changed.has('chat')) void this.#open();
  }

  readonly #changed = (): void => this.requestUpdate();

  async #open(): Promise<void> {
    const { chat } = this;
    this.room?.removeEventListener(PhotoChangeEvent.type, this.#changed);
    this.room = null;
    // Where it cannot be fetched the thumbnail stays; the next message tries again.
    const room = (await chat?.photos().catch(() => null)) ?? null;
    if (this.chat !== chat) return;
    this.room = room;
    if (this.isConnected) room?.addEventListener(PhotoChangeEvent.type, this.#changed);
  }
}
