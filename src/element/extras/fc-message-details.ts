import { LitElement, css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { ChatMessage } from '../../core/chat-view.js';
import { ICONS } from '../icons.js';
import { MessageRequest } from '../requests.js';
import { excerpt } from './excerpt.js';
import { textOf } from './photo-extras.js';
import { base } from '../tokens.js';
import { duration } from '../words/spans.js';
import { deliveryWords } from '../words/status-words.js';
import { FULL_ENGLISH } from '../words/english-more.js';

/** Shorter delays are within what clocks of two phones differ by. */
const LATE_MIN_MS = 1_000;

/** What is refused with these would be refused again as it is. */
const CHANGED_FIRST: ReadonlySet<string | undefined> = new Set(['filtered', 'muted', 'banned']);

/**
 * How a message travelled: its way, how many devices lay between, how late it came, who has it.
 *
 * @tagname fc-message-details
 * @csspart details - The list of facts.
 */
export class FcMessageDetails extends LitElement {
  static override styles = [
    base,
    css`
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0.5rem 1rem;
        margin: 0;
      }
      dt {
        color: var(--_muted);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
        font-variant-numeric: tabular-nums;
      }
      .state {
        display: flex;
        gap: 0.4em;
        align-items: center;
      }
      .failed {
        color: var(--_danger);
      }
      .key {
        font-family: ui-monospace, monospace;
        font-size: 0.8125em;
      }
      .primary {
        margin-block-start: 1rem;
      }
      .excerpt {
        margin: 0 0 0.75rem;
        overflow-wrap: anywhere;
        max-height: 6em;
        overflow: clip;
      }
    `,
  ];

  @property({ attribute: false }) message: ChatMessage | null = null;
  @property({ attribute: false }) words = FULL_ENGLISH;

  protected override render(): TemplateResult | typeof nothing {
    const { message, words } = this;
    if (message === null) return nothing;
    const { delivery, path, mine, author } = message;
    const lateMs = message.receivedAtMs - message.sentAtMs;
    const isFailed = delivery.state === 'failed';
    return html`
      <p class="excerpt quiet"><bdi>${excerpt(textOf(message, words), 200)}</bdi></p>
      <dl part="details">
        ${
          mine
            ? this.#fact(
                words.say('state'),
                html`<span class="state ${isFailed ? 'failed' : ''}"
                  >${ICONS[delivery.state]} ${deliveryWords(words, delivery)}</span
                >`,
              )
            : nothing
        }
        ${this.#fact(words.say('wroteAt'), `${words.day(message.sentAtMs)}, ${words.time(message.sentAtMs)}`)}
        ${mine ? nothing : this.#fact(words.say('arrivedAt'), `${words.day(message.receivedAtMs)}, ${words.time(message.receivedAtMs)}`)}
        ${!mine && lateMs >= LATE_MIN_MS ? this.#fact(words.say('late'), duration(words, lateMs)) : nothing}
        ${this.#fact(words.say('route'), words.say(`route-${path.route}`))}
        ${mine ? nothing : this.#fact(words.say('hops'), words.number(path.hops))}
        ${mine ? this.#fact(words.say('acknowledged'), words.number(delivery.acknowledgedBy)) : nothing}
        ${this.#fact(words.say('key'), html`<span class="key">${author.id}</span>`)}
      </dl>
      ${
        isFailed && !CHANGED_FIRST.has(message.delivery.code)
          ? html`<button class="primary" @click=${() => this.dispatchEvent(new MessageRequest('retry', message))}>
              ${words.say('retry')}
            </button>`
          : nothing
      }
    `;
  }

  #fact(name: string, value: string | TemplateResult): TemplateResult {
    return html`<dt>${name}</dt>
      <dd>${value}</dd>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-message-details': FcMessageDetails;
  }
}
