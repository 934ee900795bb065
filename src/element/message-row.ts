// One message as people see it. What is fetched later adds its pieces.

import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { ChatMessage } from '../core/chat-view.js';
import { ICONS } from './icons.js';
import type { Row } from './message-rows.js';
import { MessageRequest } from './requests.js';
import { deliveryWords } from './words/status-words.js';
import type { Words } from './words/words.js';

type Piece = TemplateResult | typeof nothing;

/** What stands on, in and around a message beside its text. */
export interface RowPieces {
  /** Day and unread line. */
  readonly above: Piece;
  readonly name: Piece;
  readonly quote: Piece;
  readonly photo: Piece;
  /** The text with its links and mentions. */
  readonly text: readonly (string | TemplateResult)[];
  /** Opens a long text that is shown in part. */
  readonly more: Piece;
  readonly tools: Piece;
  /** Reactions, and a retry. */
  readonly below: Piece;
  readonly isTabStop: boolean;
  readonly isJumbo: boolean;
  readonly isForSelf: boolean;
}

/** The organiser has no name of its own, and what it removed is shown as taken back. */
export function asShown<Of extends Pick<Row, 'message'>>(row: Of, words: Words): Of {
  const { message } = row;
  if (message.removed !== null) return { ...row, message: { ...message, retracted: true } };
  if (message.kind === 'message') return row;
  return { ...row, message: { ...message, author: { ...message.author, name: words.say('organiser') } } };
}

export function messageRow(
  { message, position, isFirst, isLast }: Row,
  words: Words,
  pieces: RowPieces | null,
): TemplateResult {
  const { author, mine, retracted, removed } = message;
  const classes = classNames({ message: true, mine, first: isFirst, last: isLast, 'for-self': pieces?.isForSelf });
  const bubble = classNames({
    bubble: true,
    retracted,
    announcement: message.kind === 'announcement',
    clamped: pieces !== null && pieces.more !== nothing,
    jumbo: pieces?.isJumbo,
  });
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
          ${pieces?.quote}${pieces?.photo}<span class="text" dir="auto">${removed !== null ? `${words.say('removed')} ${removed.reason ?? ''}` : retracted ? words.say('retracted') : (pieces?.text ?? message.text)}</span
          >${pieces?.more}<span
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
