// One message as people see it. What is fetched later adds its pieces.

import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { ChatMessage } from '../core/chat-view.js';
import { ICONS } from './icons.js';
import type { Row } from './message-rows.js';
import { MessageRequest } from './requests.js';
import { deliveryWords } from './words/status-words.js';
import type { Words } from './words/words.js';

/** Longer texts, or of more lines, are shown in part until they are asked for. */
const LONG_LENGTH = 900;
const LONG_LINES = 12;

type Piece = TemplateResult | typeof nothing;

/** What stands on, in and around a message beside its text. */
export interface RowPieces {
  /** Day and unread line. */
  readonly above: Piece;
  readonly name: Piece;
  readonly quote: Piece;
  /** The text with its links and mentions. */
  readonly text: readonly (string | TemplateResult)[];
  readonly tools: Piece;
  /** Reactions, and a retry. */
  readonly below: Piece;
  readonly isTabStop: boolean;
  readonly isJumbo: boolean;
  readonly isForSelf: boolean;
}

export function messageRow(
  { message, position, isFirst, isLast }: Row,
  words: Words,
  pieces: RowPieces | null,
  open: (() => void) | null,
): TemplateResult {
  const { author, mine, retracted } = message;
  const isClamped = open !== null && isLong(message.text);
  const classes = classNames({ message: true, mine, first: isFirst, last: isLast, 'for-self': pieces?.isForSelf });
  const bubble = classNames({ bubble: true, retracted, clamped: isClamped, jumbo: pieces?.isJumbo });
  return html`<div
    class="row"
    role="article"
    data-id=${message.id}
    tabindex=${pieces?.isTabStop === true ? 0 : -1}
    aria-posinset=${position}
    aria-setsize="-1"
    aria-label=${words.say('messageBy', { name: author.name, time: words.time(message.sentAtMs) })}
  >
    ${pieces?.above}
    <div class=${classes} part=${mine ? 'message message-own' : 'message'}>
      ${
        isFirst && !mine
          ? html`<div class="author" part="author">${pieces?.name ?? html`<bdi>${author.name}</bdi>`}</div>`
          : nothing
      }
      <div class="line">
        <div class=${bubble} part="bubble">
          ${pieces?.quote}<span class="text" dir="auto">${retracted ? words.say('retracted') : (pieces?.text ?? message.text)}</span
          >${isClamped ? html`<button class="all" @click=${open}>${words.say('showAll')}</button>` : nothing}<span
            class="meta"
            >${message.edited ? html`<span>${words.say('edited')}</span>` : nothing}<time
              datetime=${new Date(message.sentAtMs).toISOString()}
              >${words.time(message.sentAtMs)}</time
            >${mine ? delivery(message, words) : nothing}</span
          >
        </div>
        ${pieces?.tools}
      </div>
      ${pieces?.below}
    </div>
  </div>`;
}

function delivery(message: ChatMessage, words: Words): TemplateResult {
  const says = deliveryWords(words, message.delivery);
  return html`<button
    class="delivery"
    part="delivery"
    data-state=${message.delivery.state}
    title=${says}
    @click=${(event: Event) => event.target?.dispatchEvent(new MessageRequest('details', message))}
  >
    ${ICONS[message.delivery.state]}<span class="hidden">${says}</span>
  </button>`;
}

function classNames(classes: Readonly<Record<string, boolean | undefined>>): string {
  return Object.keys(classes)
    .filter((name) => classes[name])
    .join(' ');
}

function isLong(text: string): boolean {
  return text.length > LONG_LENGTH || text.split('\n', LONG_LINES + 1).length > LONG_LINES;
}
