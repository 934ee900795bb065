import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { PropertyValues } from 'lit';
import type { ChatMessage } from '../../core/chat-view.js';
import type { PhotoView } from '../../engine/photos/photo-room.js';
import type { Photo } from '../../protocol/record.js';
import { PhotoRequest, PhotoSizedEvent } from '../extras/requests.js';
import { ICONS } from '../icons.js';
import { base } from '../tokens.js';
import { draw, drawThumb, sizeWithin } from './draw.js';
import { PhotoPart } from './photo-part.js';

/** Pixels of the canvas in a list: twice what a phone has room for beside an avatar. */
const SIDE_MAX = 640;

/**
 * The photo of a message: its thumbnail at once, the picture when it is in view and here. Fetches it by itself unless the
 * device saves; says how far it is. Opens large when it is pressed.
 *
 * @tagname fc-photo
 * @csspart photo - The picture.
 * @csspart photo-state - How far it is, and what can be done.
 */
export class FcPhoto extends PhotoPart {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        margin-block-end: 0.25rem;
      }
      .open {
        display: block;
        padding: 0;
        border: 0;
        min-height: 0;
        border-radius: calc(var(--_radius) * 0.75);
        overflow: clip;
        max-width: 100%;
      }
      canvas {
        display: block;
        max-width: min(100%, 20rem);
        max-height: 22rem;
        background: var(--_line);
      }
      .open[data-state='here'] {
        cursor: zoom-in;
      }
      .state {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        margin: 0.3rem 0 0;
        font-size: 0.8125em;
        max-width: 20rem;
      }
      .state button {
        padding: 0 0.3rem;
      }
      @media (pointer: fine) {
        .state button {
          min-height: 2rem;
        }
      }
    `,
  ];

  @property({ attribute: false }) message: ChatMessage | null = null;
  readonly #seen = new IntersectionObserver((entries) => this.#looked(entries.at(-1)?.isIntersecting === true));
  #isInView = false;
  #heightPx = 0;
  /** What the canvas shows, of which photo. */
  #drawn = '';

  override connectedCallback(): void {
    super.connectedCallback();
    this.#seen.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#seen.disconnect();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('message') || changed.has('room')) this.#fetch();
    void this.#draw();
    const { offsetHeight } = this;
    if (offsetHeight === this.#heightPx) return;
    this.#heightPx = offsetHeight;
    this.dispatchEvent(new PhotoSizedEvent());
  }

  protected override render(): TemplateResult | typeof nothing {
    const photo = this.message?.photo;
    if (this.message === null || photo === undefined) return nothing;
    const view = this.#view(photo);
    const { width, height } = sizeWithin(photo, SIDE_MAX);
    const names = this.message.text || this.all.say('photoBy', { name: this.message.author.name });
    return html`<button class="open" data-state=${view.state} aria-label=${`${names}. ${this.#does(photo, view)}`} @click=${this.#handleClick}>
        <canvas part="photo" role="img" aria-label=${names} width=${width} height=${height}></canvas>
      </button>
      ${this.#state(photo, view)}`;
  }

  #view(photo: Photo): PhotoView {
    return this.room?.view(photo) ?? { state: 'absent' };
  }

  #does(photo: Photo, { state }: PhotoView): string {
    return state === 'here' ? this.all.say('openPhoto') : state === 'absent' ? this.#loadWords(photo) : '';
  }

  #loadWords({ bytes }: Photo): string {
    return this.all.say('loadPhoto', { kb: Math.ceil(bytes / 1024) });
  }

  #state(photo: Photo, view: PhotoView): TemplateResult | typeof nothing {
    const says = this.#says(photo, view);
    if (says === '') return nothing;
    const isLoading = view.state === 'loading';
    return html`<p class="state" part="photo-state">
      <span>${says}</span>
      ${isLoading ? html`<button aria-label=${this.all.say('stopPhoto')} @click=${() => this.room?.stop(photo)}>${ICONS.close}</button>` : nothing}
    </p>`;
  }

  #says(photo: Photo, view: PhotoView): string {
    switch (view.state) {
      case 'absent':
        return this.room?.savesData === true || this.#isStopped ? this.#loadWords(photo) : '';
      case 'loading':
        return this.all.say('loadingPhoto', { percent: Math.floor(view.share * 100) });
      case 'waiting':
        return this.all.say('waitingPhoto');
      case 'here':
        return view.sending === null ? '' : this.all.say('sendingPhoto', { percent: Math.floor(view.sending * 100) });
    }
  }

  /** In view, it is fetched by itself, unless the device saves or somebody has stopped it. */
  #fetch(): void {
    const { room, message } = this;
    if (!this.#isInView || room === null || message === null || room.savesData || this.#isStopped) return;
    room.load(message);
    this.#wasAsked = true;
  }

  #wasAsked = false;

  get #isStopped(): boolean {
    const photo = this.message?.photo;
    return this.#wasAsked && photo !== undefined && this.#view(photo).state === 'absent';
  }

  #looked(isInView: boolean): void {
    this.#isInView = isInView;
    this.#fetch();
    void this.#draw();
  }

  #handleClick(): void {
    const { message, room } = this;
    if (message?.photo === undefined || room === null) return;
    const { state } = room.view(message.photo);
    if (state === 'here') this.dispatchEvent(new PhotoRequest(message));
    else if (state === 'absent') room.load(message);
    this.#wasAsked = true;
  }

  /** Out of view the thumbnail is enough: pictures that nobody sees are not decoded. */
  async #draw(): Promise<void> {
    const photo = this.message?.photo;
    const canvas = this.renderRoot.querySelector('canvas');
    if (photo === undefined || canvas === null) return;
    const isWhole = this.#isInView && this.#view(photo).state === 'here';
    const wanted = `${photo.hash} ${String(isWhole)}`;
    if (this.#drawn === wanted || this.#drawn === `${photo.hash} true`) return;
    this.#drawn = wanted;
    const blob = isWhole ? await this.room?.blob(photo).catch(() => null) : null;
    const isDrawn = blob ? await draw(canvas, blob) : await drawThumb(canvas, photo);
    this.toggleAttribute('data-whole', isWhole && isDrawn);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-photo': FcPhoto;
  }
}
