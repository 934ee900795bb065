// The pieces of a row that are fetched later: day, name, quote, rich text, tools, reactions.

import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { ChatMessage } from '../../core/chat-view.js';
import type { RowPieces } from '../message-row.js';
import type { Row } from '../message-rows.js';
import { MessageRequest } from '../requests.js';
import { ReactRequest } from './requests.js';
import { deliveryWords } from '../words/status-words.js';
import type { Words } from '../words/words.js';
import { excerpt } from './excerpt.js';
import { hueClass, initial } from './names.js';
import { textOf } from './photo-extras.js';
import { isOnlyEmoji, mentions, richText } from './rich-text.js';
import { SHEET_ICONS } from './sheet-icons.js';

/** Longer texts, or of more lines, are shown in part until they are asked for. */
const LONG_LENGTH = 900;
const LONG_LINES = 12;

const QUOTE_LENGTH_MAX = 140;
/** Kinds of reactions shown; a crowd's further ideas are counted with them when they are chosen. */
const REACTIONS_MAX = 12;

export interface RowView {
  readonly words: Words;
  readonly selfName: string | null;
  readonly answered: ChatMessage | undefined;
  readonly isFirstUnread: boolean;
  readonly isNameShared: boolean;
  /** Under the pointer, or focused: shows its tools. */
  readonly isActive: boolean;
  /** The one row the Tab key stops at. */
  readonly isTabStop: boolean;
  readonly isReadonly: boolean;
  /** Shows a long text whole; null when it is. */
  readonly open: (() => void) | null;
  readonly photo: TemplateResult | typeof nothing;
  readonly jump: (id: string) => void;
}

export function rowPieces(row: Row, view: RowView): RowPieces {
  const { message } = row;
  const { words, selfName } = view;
  const isForSelf = !message.mine && mentions(message.text, selfName);
  const hasQuote = message.replyTo !== undefined && !message.retracted;
  return {
    above: above(row, view, isForSelf),
    name: row.isFirst && !message.mine ? name(message, view) : nothing,
    photo: message.retracted ? nothing : view.photo,
    quote: hasQuote ? quote(message.replyTo, view) : nothing,
    more: view.open !== null && isLong(message.text) ? more(words, view.open) : nothing,
    text: richText(message.text, selfName),
    tools: view.isActive && !view.isReadonly ? tools(message, words) : nothing,
    below: below(message, view),
    isTabStop: view.isTabStop,
    isJumbo: !hasQuote && isOnlyEmoji(message.text),
    isForSelf,
  };
}

/** Day, unread line, and for screen readers that the visitor is meant: others see it by the colour. */
function above({ message, isNewDay }: Row, { words, isFirstUnread }: RowView, isForSelf: boolean): TemplateResult {
  return html`${
    isNewDay ? html`<div class="day" part="day"><span>${words.day(message.sentAtMs)}</span></div>` : nothing
  }${isFirstUnread ? html`<div class="unread" part="unread"><span>${words.say('unread')}</span></div>` : nothing}${isForSelf ? html`<span class="hidden">${words.say('mentionsYou')}</span>` : nothing}`;
}

function name({ author }: ChatMessage, { words, isNameShared }: RowView): TemplateResult {
  return html`<span class="avatar ${hueClass(author)}" part="avatar" aria-hidden="true">${initial(author.name)}</span>
    <bdi class=${hueClass(author)}>${author.name}</bdi>
    ${author.verified ? verifiedMark(words) : nothing}
    <span class="tag ${isNameShared ? 'shared' : ''}" title=${isNameShared ? words.say('sameName') : nothing}
      >${author.tag}</span
    >`;
}

/** Says that the visitor has compared keys with somebody. */
export function verifiedMark(words: Words): TemplateResult {
  const says = words.say('verified');
  return html`<span class="verified" role="img" aria-label=${says} title=${says}>${SHEET_ICONS.verified}</span>`;
}

function quote(id: string | undefined, { words, answered, jump }: RowView): TemplateResult {
  if (answered === undefined || id === undefined) {
    return html`<span class="quote">${words.say('earlierMessage')}</span>`;
  }
  const { retracted, removed } = answered;
  const text = retracted
    ? words.say(removed === null ? 'retracted' : 'removed')
    : excerpt(textOf(answered, words), QUOTE_LENGTH_MAX);
  return html`<button class="quote ${hueClass(answered.author)}" part="quote" @click=${() => jump(id)}>
    <bdi>${answered.author.name}</bdi><span dir="auto">${text}</span
    ><span class="hidden">${words.say('goToAnswered')}</span>
  </button>`;
}

function more(words: Words, open: () => void): TemplateResult {
  return html`<button class="all" @click=${open}>${words.say('showAll')}</button>`;
}

function isLong(text: string): boolean {
  return text.length > LONG_LENGTH || text.split('\n', LONG_LINES + 1).length > LONG_LINES;
}

function tools(message: ChatMessage, words: Words): TemplateResult {
  const button = (action: MessageRequest['action'], says: string, icon: TemplateResult): TemplateResult =>
    html`<button aria-label=${says} title=${says} @click=${request(action, message)}>${icon}</button>`;
  return html`<div class="tools" part="tools">
    ${
      message.retracted
        ? nothing
        : [
            button('emoji', words.say('react'), SHEET_ICONS.smile),
            button('reply', words.say('reply'), SHEET_ICONS.reply),
          ]
    }${button('menu', words.say('more'), SHEET_ICONS.more)}
  </div>`;
}

function below(message: ChatMessage, { words, isReadonly }: RowView): TemplateResult | typeof nothing {
  const { delivery, reactions } = message;
  const isFailed = delivery.state === 'failed';
  const isWaiting = delivery.waitsFor !== undefined;
  if (reactions.length === 0 && !isFailed && !isWaiting) return nothing;
  return html`<div class="below">
    ${reactions.slice(0, REACTIONS_MAX).map(
      ({ emoji, count, mine }) =>
        html`<button
          class="reaction"
          part="reaction"
          aria-pressed=${mine}
          aria-label=${words.say('reactions', { emoji, n: count })}
          ?disabled=${isReadonly}
          @click=${send(() => new ReactRequest(message, emoji))}
        >
          ${emoji} ${words.number(count)}
        </button>`,
    )}
    ${
      isFailed
        ? html`<span class="failed">${deliveryWords(words, delivery)}</span>
            ${again(message, words)}`
        : nothing
    }
    ${isWaiting ? html`<span class="waits">${SHEET_ICONS.clock} ${deliveryWords(words, delivery)}</span>` : nothing}
  </div>`;
}

/** What is to be said differently is changed first; what a mute holds back goes by itself when that ends. */
function again(message: ChatMessage, words: Words): TemplateResult | typeof nothing {
  const { code } = message.delivery;
  if (code === 'muted' || code === 'banned') return nothing;
  const [action, says] = code === 'filtered' ? (['edit', 'editAgain'] as const) : (['retry', 'retry'] as const);
  return html`<button class="retry" part="retry" @click=${request(action, message)}>${words.say(says)}</button>`;
}

function request(action: MessageRequest['action'], message: ChatMessage): (event: Event) => void {
  return send(() => new MessageRequest(action, message));
}

function send(make: () => Event): (event: Event) => void {
  return (event) => event.currentTarget?.dispatchEvent(make());
}
