import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { ChatMessage } from '../../core/chat-view.js';
import { base } from '../tokens.js';
import { draw, sizeWithin } from './draw.js';
import { PhotoPart } from './photo-part.js';

/** Pixels of the canvas: the photo's own, which writers keep below 1,600. */
const SIDE_MAX = 2_048;

/**
 * A photo as large as there is room for, with its caption.
 *
 * @tagname fc-photo-view
 * @csspart photo-large - The picture.
 */
export class FcPhotoView extends PhotoPart {
  static override styles = [
    base,
    css`
      canvas {
        display: block;
        max-width: 100%;
        max-height: 70vh;
        margin-inline: auto;
      }
      p {
        margin: 0.6rem 0 0;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) message: ChatMessage | null = null;
  #drawn: string | null = null;

  protected override updated(): void {
    void this.#draw();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { message, all } = this;
    if (message?.photo === undefined) return nothing;
    const { width, height } = sizeWithin(message.photo, SIDE_MAX);
    const by = all.say('photoBy', { name: message.author.name });
    return html`<canvas part="photo-large" role="img" aria-label=${message.text || by} width=${width} height=${height}></canvas>
      <p>${message.text === '' ? nothing : html`<bdi>${message.text}</bdi> · `}<span class="quiet">${by}</span></p>`;
  }

  async #draw(): Promise<void> {
    const photo = this.message?.photo;
    const canvas = this.renderRoot.querySelector('canvas');
    if (photo === undefined || canvas === null || this.room === null || this.#drawn === photo.hash) return;
    this.#drawn = photo.hash;
    const blob = await this.room.blob(photo).catch(() => null);
    if (blob !== null) this.toggleAttribute('data-whole', await draw(canvas, blob));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-photo-view': FcPhotoView;
  }
}
