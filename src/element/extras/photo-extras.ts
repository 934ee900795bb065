// Photos in the list and in the composer: the places where they stand, and the ways in. What shows them is fetched when
// the first is there.

import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { ChatMessage } from '../../core/chat-view.js';
import type { FestivalChat } from '../festival-chat.js';
import type { Words } from '../words/words.js';
import type { LazyParts } from './lazy-parts.js';
import { AttachRequest, PhotoSizedEvent } from './requests.js';
import { SHEET_ICONS } from './sheet-icons.js';

export interface PhotoHost {
  readonly element: FestivalChat;
  readonly parts: LazyParts;
  words(): Words;
  /** The organiser lets this visitor write now. */
  mayWrite(): boolean;
  /** What photos may be sent has changed. */
  changed(): void;
}

/** What stands for the text of a photo without a caption. */
export function textOf({ text, photo }: ChatMessage, words: Words): string {
  return text === '' && photo !== undefined ? words.say('photo') : text;
}

export class PhotoExtras {
  readonly #host: PhotoHost;
  #isOffered = false;

  constructor(host: PhotoHost) {
    this.#host = host;
    const { renderRoot } = host.element;
    renderRoot.addEventListener('paste', (event) => this.#bring(event, (event as ClipboardEvent).clipboardData));
    renderRoot.addEventListener('drop', (event) => this.#bring(event, (event as DragEvent).dataTransfer));
    renderRoot.addEventListener(PhotoSizedEvent.type, () =>
      renderRoot.querySelector('fc-message-list')?.requestUpdate(),
    );
    renderRoot.addEventListener('dragover', (event) => {
      // Else the browser would leave the page for the file.
      if ((event as DragEvent).dataTransfer?.types.includes('Files') === true) event.preventDefault();
    });
  }

  /** True when what shows photos is here. */
  get isHere(): boolean {
    return this.#host.parts.has('photos');
  }

  /** After each rendering of the element: what a reload has interrupted goes on. */
  updated(messages: readonly ChatMessage[]): void {
    const { client } = this.#host.element;
    const isOffered = client !== null && client.photoBytesMax !== null;
    if (isOffered !== this.#isOffered) {
      this.#isOffered = isOffered;
      this.#host.changed();
    }
    if (messages.some(({ photo, mine }) => mine && photo !== undefined)) void client?.photos().catch(() => undefined);
  }

  /** The photo of a message, in its bubble. */
  piece(message: ChatMessage): TemplateResult | typeof nothing {
    if (message.photo === undefined || !this.isHere) return nothing;
    const { element } = this.#host;
    return html`<fc-photo
      exportparts="photo, photo-state"
      .message=${message}
      .chat=${element.client}
      .words=${this.#host.words()}
    ></fc-photo>`;
  }

  /** Takes a picture, on a phone by its camera too. */
  button(): TemplateResult | typeof nothing {
    if (!this.#isOffered) return nothing;
    const says = this.#host.words().say('attachPhoto');
    return html`<button class="attach" part="attach" type="button" aria-label=${says} title=${says} @click=${choose}>
        ${SHEET_ICONS.picture}</button
      ><input class="hidden" type="file" accept="image/*" tabindex="-1" aria-hidden="true" @change=${chosen} />`;
  }

  /** Pasted, or dropped on the chat. */
  #bring(event: Event, data: DataTransfer | null): void {
    const { element, mayWrite } = this.#host;
    const file = [...(data?.files ?? [])].find(({ type }) => type.startsWith('image/'));
    const isWriting = element.renderRoot.querySelector('fc-composer') !== null;
    const isBusy = element.renderRoot.querySelector('fc-sheet') !== null;
    // Tables and documents put a picture of themselves beside their text.
    const isText = event.type === 'paste' && data?.types.includes('text/plain') === true;
    if (event.type === 'drop' && (data?.files.length ?? 0) > 0) event.preventDefault();
    if (file === undefined || isText || isBusy || !isWriting || !this.#isOffered || !mayWrite()) return;
    event.preventDefault();
    element.renderRoot.firstElementChild?.dispatchEvent(new AttachRequest(file));
  }
}

function choose({ currentTarget }: Event): void {
  const input = (currentTarget as HTMLElement).nextElementSibling;
  if (input instanceof HTMLInputElement) input.click();
}

function chosen({ currentTarget: input }: Event): void {
  if (!(input instanceof HTMLInputElement)) return;
  const [file] = input.files ?? [];
  if (file !== undefined) input.dispatchEvent(new AttachRequest(file));
  // The same file may be chosen again.
  input.value = '';
}
