// What is done with the messages of a list: moving through them by keys, their tools and menus, jumping to what was
// answered. Made for one list, when it is fetched.

import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ChatMessage } from '../../core/chat-view.js';
import type { FcMessageList, ListExtras } from '../fc-message-list.js';
import { asShown } from '../message-row.js';
import type { RowPieces } from '../message-row.js';
import type { Row } from '../message-rows.js';
import { MessageRequest } from '../requests.js';
import type { Words } from '../words/words.js';
import { typingLine } from './typing-line.js';
import { earlierLine } from './earlier-line.js';
import { rowForKey, rowOf } from './feed-keys.js';
import { listExtrasStyles } from './list-extras-styles.js';
import { ListPosition } from './list-position.js';
import { EarlierRequest } from './requests.js';
import { nameKey, sharedNames } from './names.js';
import { peopleStyles } from './people-styles.js';
import type { PhotoExtras } from './photo-extras.js';
import { rowPieces } from './row-pieces.js';
import { SHEET_ICONS } from './sheet-icons.js';

const FLASH_MS = 1_600;

/** The messages as people see them, by id. */
interface ShownMessages {
  readonly from: readonly ChatMessage[];
  readonly words: Words;
  readonly map: ReadonlyMap<string, ChatMessage>;
}

export class MessageListExtras implements ListExtras {
  readonly styles = [peopleStyles, listExtrasStyles];
  readonly #list: FcMessageList;
  readonly #position: ListPosition;
  readonly #photos: PhotoExtras;
  /** Under the pointer, or focused. */
  #active: string | null = null;
  /** Where the Tab key enters the list; the latest message unless another was focused. */
  #focused: string | null = null;
  #tabStop: string | undefined;
  /** Long messages the visitor has opened. */
  readonly #opened = new Set<string>();
  #sharedNames: ReadonlySet<string> = new Set();
  /** Made when a quote or a menu asks for it. */
  #byId: ShownMessages | null = null;

  constructor(list: FcMessageList, photos: PhotoExtras) {
    this.#list = list;
    this.#photos = photos;
    this.#position = new ListPosition(list);
    const scroller = list.renderRoot.querySelector<HTMLElement>('.scroll');
    scroller?.addEventListener('keydown', (event) => this.#handleKey(event));
    scroller?.addEventListener('focusin', (event) => this.#handleFocus(event));
    scroller?.addEventListener('pointerover', (event) => this.#handlePointer(event));
    scroller?.addEventListener('pointerleave', (event) => this.#handlePointer(event));
    scroller?.addEventListener('click', (event) => this.#handleClick(event));
  }

  range(): readonly [start: number, end: number] {
    return this.#position.range();
  }

  updated(): void {
    this.#position.updated();
  }

  scrolled(belowPx: number): boolean {
    return this.#position.scrolled(belowPx);
  }

  latest(): void {
    this.#position.latest();
  }

  before(): TemplateResult | typeof nothing {
    const { status, words, isAtEnd } = this.#list;
    if (!this.#position.isAtStart) return nothing;
    return earlierLine(status, words, !isAtEnd, () => this.#readBack());
  }

  after(): TemplateResult | typeof nothing {
    const { typing, words } = this.#list;
    return typing === null ? nothing : typingLine(typing, words);
  }

  /** The way back to the latest message, with what came meanwhile. */
  above(): TemplateResult | typeof nothing {
    const { words, isAtEnd } = this.#list;
    const { unseen } = this.#position;
    if (isAtEnd) return nothing;
    const says = unseen > 0 ? words.say('newMessages', { n: unseen }) : null;
    return html`<button
      class="new ${says === null ? 'plain' : ''}"
      part="new-messages"
      aria-label=${says ?? words.say('latest')}
      @click=${() => void this.#goToLatest()}
    >
      ${SHEET_ICONS.down} ${says}
    </button>`;
  }

  update(rows: readonly Row[]): void {
    const shown = rows.map(({ message }) => message.author);
    this.#sharedNames = sharedNames([...shown, ...this.#list.members.map(({ author }) => author)]);
    const focused = rows.find(({ message }) => message.id === this.#focused) ?? rows.at(-1);
    this.#tabStop = focused?.message.id;
  }

  rows(rows: readonly Row[], draw: (row: Row) => TemplateResult): unknown {
    return repeat(
      rows,
      ({ message }) => message.id,
      (row) => guard(this.#dependencies(row), () => draw(row)),
    );
  }

  /** All that a row is drawn from. */
  #dependencies({ message, position, isNewDay, isFirst, isLast }: Row): unknown[] {
    const { id, replyTo, author } = message;
    const { unreadFrom, selfName, readonly, words } = this.#list;
    const answered = replyTo === undefined ? undefined : this.#message(replyTo);
    const isShared = this.#sharedNames.has(nameKey(author.name));
    const isOpened = this.#opened.has(id);
    return [
      message,
      position,
      isNewDay,
      isFirst,
      isLast,
      words,
      isOpened,
      answered,
      isShared,
      id === unreadFrom,
      id === this.#active,
      id === this.#tabStop,
      selfName,
      readonly,
      message.photo !== undefined && this.#photos.isHere,
    ];
  }

  pieces(row: Row): RowPieces {
    const { message } = row;
    const { unreadFrom, selfName, readonly, words } = this.#list;
    return rowPieces(row, {
      words,
      selfName,
      answered: message.replyTo === undefined ? undefined : this.#message(message.replyTo),
      isFirstUnread: message.id === unreadFrom,
      isNameShared: this.#sharedNames.has(nameKey(message.author.name)),
      isActive: message.id === this.#active,
      isTabStop: message.id === this.#tabStop,
      isReadonly: readonly,
      open: this.#opened.has(message.id) ? null : () => this.#open(message.id),
      photo: this.#photos.piece(message),
      jump: (id) => this.jump(id),
    });
  }

  jump(id: string): void {
    void this.#jump(id);
  }

  #open(id: string): void {
    this.#opened.add(id);
    this.#list.requestUpdate();
  }

  #message(id: string): ChatMessage | undefined {
    const { messages, words } = this.#list;
    if (this.#byId?.from !== messages || this.#byId.words !== words) {
      const map = new Map(messages.map((message) => [message.id, asShown({ message }, words).message]));
      this.#byId = { from: messages, words, map };
    }
    return this.#byId.map.get(id);
  }

  /** The focus goes to the oldest message here: what comes stands right above it. */
  #readBack(): void {
    this.#list.renderRoot.querySelector<HTMLElement>('.row')?.focus({ preventScroll: true });
    this.#list.isAtEnd = false;
    this.#list.dispatchEvent(new EarlierRequest());
  }

  async #goToLatest(): Promise<void> {
    this.#list.scrollToLatest();
    await this.#list.updateComplete;
    // The button is gone: the focus goes where it led.
    this.#list.renderRoot.querySelector<HTMLElement>('.row:last-child')?.focus({ preventScroll: true });
  }

  async #jump(id: string): Promise<void> {
    const row = await this.#position.reveal(id);
    row?.focus({ preventScroll: true });
    row?.classList.add('flash');
    setTimeout(() => row?.classList.remove('flash'), FLASH_MS);
  }

  #handleKey(event: KeyboardEvent): void {
    const row = event.target;
    if (!(row instanceof HTMLElement) || !row.matches('.row')) return;
    const next = rowForKey(event.key, [...this.#list.renderRoot.querySelectorAll<HTMLElement>('.row')], row);
    if (next !== null) {
      next.focus({ preventScroll: true });
      next.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' || event.key === ' ') this.#openMenu(row);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #handleFocus(event: FocusEvent): void {
    this.#focused = rowOf(event)?.dataset['id'] ?? null;
    this.#activate(this.#focused);
  }

  #handlePointer(event: PointerEvent): void {
    if (event.pointerType !== 'mouse') return;
    this.#activate(event.type === 'pointerover' ? (rowOf(event)?.dataset['id'] ?? null) : null);
  }

  /** Where nothing can hover, a tap on the text opens what the tools would offer. */
  #handleClick(event: MouseEvent): void {
    const target = event.composedPath()[0];
    if (!matchMedia('(hover: none)').matches || !(target instanceof Element)) return;
    if (target.closest('a, button') === null && target.closest('.bubble') !== null) this.#openMenu(rowOf(event));
  }

  #openMenu(row: HTMLElement | null): void {
    const message = this.#message(row?.dataset['id'] ?? '');
    if (message !== undefined && !this.#list.readonly) {
      this.#list.dispatchEvent(new MessageRequest('menu', message));
    }
  }

  #activate(id: string | null): void {
    if (id === this.#active) return;
    this.#active = id;
    this.#list.requestUpdate();
  }
}
