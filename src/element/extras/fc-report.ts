import { LitElement, css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { ChatMessage } from '../../core/chat-view.js';
import { ChatError } from '../../engine/chat-error.js';
import type { Chat } from '../../engine/chat.js';
import { LIMITS } from '../../protocol/limits.js';
import { excerpt } from './excerpt.js';
import { textOf } from './photo-extras.js';
import { base } from '../tokens.js';
import type { PhraseKey } from '../words/english.js';
import { FULL_ENGLISH } from '../words/english-more.js';
import { BlockRequest, DismissRequest } from './requests.js';

/** What the organiser reads, whatever language the visitor reads. */
const REASONS = {
  spam: 'Spam',
  insult: 'Insult or threat',
  private: 'Private things of somebody',
  danger: 'Somebody is in danger',
  other: 'Something else',
} as const;

type Reason = keyof typeof REASONS;

/** Characters of the visitor's own words: what a report may have beside the longest reason and a colon. */
const WORDS_LENGTH_MAX = LIMITS.errorMessageLengthMax - 40;

/**
 * Reports a message to the organiser: a reason, and words of one's own. Says whether the server has it; nothing is sent
 * later by itself.
 *
 * @tagname fc-report
 * @csspart report - The form.
 */
export class FcReport extends LitElement {
  static override styles = [
    base,
    css`
      form,
      .done {
        display: grid;
        gap: 0.75rem;
      }
      p {
        margin: 0;
      }
      .excerpt {
        overflow: clip;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      fieldset {
        border: 0;
        margin: 0;
        padding: 0;
      }
      legend {
        font-weight: 650;
        padding: 0;
      }
      .reason {
        display: flex;
        align-items: center;
        gap: 0.6rem;
        min-height: 2.25rem;
        cursor: pointer;
      }
      .reason input {
        width: 1.25rem;
        height: 1.25rem;
        min-height: 0;
        margin: 0;
        accent-color: var(--_accent);
        flex: none;
      }
      textarea {
        width: 100%;
        resize: vertical;
      }
      .problem {
        color: var(--_danger);
      }
      .problem:empty {
        display: none;
      }
      .done p:focus-visible {
        outline: 0;
      }
      @media (pointer: coarse) {
        .reason {
          min-height: 2.75rem;
        }
      }
      .done button {
        min-height: 2.75rem;
        border: 1px solid var(--_line);
      }
    `,
  ];

  @property({ attribute: false }) message: ChatMessage | null = null;
  @property({ attribute: false }) chat: Chat | null = null;
  @property({ attribute: false }) words = FULL_ENGLISH;
  @state() private reason: Reason = 'spam';
  @state() private state: 'asking' | 'sending' | 'done' = 'asking';
  @state() private problem: PhraseKey | null = null;

  protected override render(): TemplateResult | typeof nothing {
    const { message } = this;
    if (message === null) return nothing;
    return this.state === 'done' ? this.#done(message) : this.#form(message);
  }

  #form(message: ChatMessage): TemplateResult {
    const { words, problem } = this;
    const isSending = this.state === 'sending';
    return html`<form part="report" @submit=${(event: SubmitEvent) => void this.#handleSubmit(event, message)}>
      <p class="excerpt quiet"><bdi>${message.author.name}</bdi>: <bdi>${excerpt(textOf(message, words), 200)}</bdi></p>
      <fieldset>
        <legend>${words.say('reportWhat')}</legend>
        ${(Object.keys(REASONS) as Reason[]).map(
          (reason) =>
            html`<label class="reason"
              ><input
                type="radio"
                name="reason"
                value=${reason}
                .checked=${this.reason === reason}
                @change=${() => (this.reason = reason)}
              />${words.say(`report-${reason}`)}</label
            >`,
        )}
      </fieldset>
      <label
        >${words.say('reportMore')}
        <textarea
          rows="2"
          maxlength=${WORDS_LENGTH_MAX}
          dir="auto"
          @keydown=${(event: KeyboardEvent) => event.key !== 'Escape' && event.stopPropagation()}
        ></textarea>
      </label>
      <p class="problem" role="alert">${problem === null ? '' : words.say(problem)}</p>
      <button class="primary" type="submit" aria-disabled=${isSending}>
        ${words.say(isSending ? 'reportSending' : 'reportSend')}
      </button>
    </form>`;
  }

  #done({ author }: ChatMessage): TemplateResult {
    const { words } = this;
    return html`<div class="done">
      <p role="status" tabindex="-1">${words.say('reportDone')}</p>
      <button @click=${() => this.#block(author)}>${words.say('block', { name: author.name })}</button>
      <button class="primary" @click=${() => this.dispatchEvent(new DismissRequest())}>${words.say('dismiss')}</button>
    </div>`;
  }

  async #handleSubmit(event: SubmitEvent, { id }: ChatMessage): Promise<void> {
    event.preventDefault();
    if (this.state !== 'asking') return;
    this.state = 'sending';
    this.problem = null;
    const more = this.renderRoot.querySelector('textarea')?.value.trim() ?? '';
    try {
      await this.chat?.reportMessage(id, more === '' ? REASONS[this.reason] : `${REASONS[this.reason]}: ${more}`);
      this.state = 'done';
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>('[tabindex]')?.focus();
    } catch (error) {
      this.problem = error instanceof ChatError && error.code === 'rate-limited' ? 'reportOften' : 'reportAway';
      this.state = 'asking';
      await this.updateComplete;
      this.renderRoot.querySelector('[type=submit]')?.scrollIntoView({ block: 'nearest' });
    }
  }

  #block(author: ChatMessage['author']): void {
    this.dispatchEvent(new BlockRequest(author, true));
    this.dispatchEvent(new DismissRequest());
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-report': FcReport;
  }
}
