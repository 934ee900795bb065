import { css, html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { ChatError } from '../../engine/chat-error.js';
import type { PreparedPhoto } from '../../engine/photos/photo-room.js';
import type { RecordId } from '../../protocol/ids.js';
import { LIMITS } from '../../protocol/limits.js';
import { utf8Length } from '../../protocol/text.js';
import { DismissRequest } from '../extras/requests.js';
import { base } from '../tokens.js';
import { draw, sizeWithin } from './draw.js';
import { PhotoPart } from './photo-part.js';

/** Pixels of the canvas of the preview. */
const SIDE_MAX = 800;

const PROBLEMS = ['not-a-picture', 'photo-too-large', 'photos-off', 'no-space'] as const;
type Problem = (typeof PROBLEMS)[number] | 'other';

type Draft =
  | { readonly step: 'preparing' }
  | { readonly step: 'ready' | 'sending'; readonly prepared: PreparedPhoto }
  /** `prepared`: it is the sending that failed. */
  | { readonly step: 'failed'; readonly problem: Problem; readonly prepared: PreparedPhoto | null };

/**
 * A picture before it is sent: as it will be seen, with a caption. Says what is wrong with one that cannot be.
 *
 * @tagname fc-photo-draft
 * @csspart photo-preview - The picture.
 * @csspart caption - The field for the caption.
 */
export class FcPhotoDraft extends PhotoPart {
  static override styles = [
    base,
    css`
      form {
        display: grid;
        gap: 0.75rem;
      }
      canvas {
        display: block;
        max-width: 100%;
        max-height: 40vh;
        margin-inline: auto;
      }
      p {
        margin: 0;
      }
      .problem {
        color: var(--_danger);
      }
      .actions {
        display: flex;
        justify-content: flex-end;
        gap: 0.5rem;
      }
    `,
  ];

  @property({ attribute: false }) file: Blob | null = null;
  /** The message it answers. */
  @property({ attribute: false }) replyTo: RecordId | null = null;
  @state() private draft: Draft = { step: 'preparing' };

  protected override updated(changed: PropertyValues): void {
    if (changed.has('file') || changed.has('room')) void this.#prepare();
    if (changed.has('draft')) void this.#preview();
  }

  protected override render(): TemplateResult {
    const { all, draft } = this;
    const prepared = draft.step === 'preparing' ? null : draft.prepared;
    return html`<form @submit=${this.#handleSubmit}>
      ${prepared === null ? nothing : this.#picture(prepared)}
      ${
        draft.step === 'preparing'
          ? html`<p role="status">${all.say('preparingPhoto')}</p>`
          : draft.step === 'failed'
            ? html`<p class="problem" role="alert">${all.say(`problem-${draft.problem}`)}</p>`
            : nothing
      }
      <div class="actions">
        <button type="button" @click=${this.#dismiss}>${all.say('cancel')}</button>
        ${
          prepared === null
            ? nothing
            : html`<button class="primary" type="submit" ?disabled=${draft.step === 'sending'}>
                ${all.say(draft.step === 'failed' ? 'tryAgain' : 'sendPhoto')}
              </button>`
        }
      </div>
    </form>`;
  }

  #picture({ photo }: PreparedPhoto): TemplateResult {
    const { all } = this;
    const { width, height } = sizeWithin(photo, SIDE_MAX);
    const says = all.say('photo');
    return html`<canvas part="photo-preview" role="img" aria-label=${says} width=${width} height=${height}></canvas>
      <input part="caption" aria-label=${all.say('caption')} placeholder=${all.say('caption')} autocomplete="off" dir="auto" maxlength=${LIMITS.textBytesMax} />
      <p class="quiet">${all.say('photoPrivacy')}</p>`;
  }

  async #prepare(): Promise<void> {
    const { file, room } = this;
    if (file === null || room === null) return;
    this.draft = { step: 'preparing' };
    try {
      const prepared = await room.prepare(file);
      if (this.file === file) this.draft = { step: 'ready', prepared };
    } catch (error) {
      this.draft = { step: 'failed', problem: problemOf(error), prepared: null };
    }
  }

  async #preview(): Promise<void> {
    const { draft } = this;
    const canvas = this.renderRoot.querySelector('canvas');
    if (draft.step !== 'ready' || canvas === null) return;
    await draw(canvas, new Blob([draft.prepared.bytes], { type: draft.prepared.photo.type }));
    this.renderRoot.querySelector('input')?.focus();
  }

  async #handleSubmit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { draft, room, replyTo } = this;
    if (draft.step === 'preparing' || draft.step === 'sending' || draft.prepared === null) return;
    const { prepared } = draft;
    this.draft = { step: 'sending', prepared };
    try {
      await room?.send(prepared, this.#caption(), replyTo === null ? {} : { replyTo });
      this.#dismiss();
    } catch (error) {
      this.draft = { step: 'failed', problem: problemOf(error), prepared };
    }
  }

  /** The field counts letters; what may be sent is counted in bytes. */
  #caption(): string {
    let text = this.renderRoot.querySelector('input')?.value ?? '';
    while (utf8Length(text) > LIMITS.textBytesMax) text = text.slice(0, -1);
    return text;
  }

  #dismiss(): void {
    this.dispatchEvent(new DismissRequest());
  }
}

function problemOf(error: unknown): Problem {
  return PROBLEMS.find((code) => error instanceof ChatError && error.code === code) ?? 'other';
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-photo-draft': FcPhotoDraft;
  }
}
