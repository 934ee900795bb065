// Where in the messages the reader is: rows are taken in at the edge that is neared, and what is read stays where it is
// on the screen, whatever arrives above or below.

import type { ChatMessage } from '../../core/chat-view.js';
import { NEAR_END_PX } from '../fc-message-list.js';
import type { FcMessageList } from '../fc-message-list.js';
import { canReadBack } from './earlier-line.js';
import { ListWindow } from './list-window.js';
import { EarlierRequest } from './requests.js';

/** Nearer to an edge of the window than this, more rows are taken in: two screens of a phone. */
const NEAR_EDGE_PX = 1_200;

/** A message that is to stay where it is on the screen, and where that is. */
interface Anchor {
  readonly id: string;
  readonly topPx: number;
}

export class ListPosition {
  /** Others' messages that came while something else was read. */
  unseen = 0;
  readonly #list: FcMessageList;
  readonly #window: ListWindow;
  #anchor: Anchor | null = null;
  /** The edge at which rows were taken in last; null when there was no need. */
  #growing: 'earlier' | 'later' | null = null;
  #messages: readonly ChatMessage[];

  constructor(list: FcMessageList) {
    this.#list = list;
    this.#window = new ListWindow((count) => list.firstAtEnd(count));
    this.#messages = list.messages;
  }

  /** Rows to show now. Before they are, the place of what is read is noted. */
  range(): readonly [start: number, end: number] {
    const { messages, isAtEnd } = this.#list;
    if (isAtEnd) this.#window.follow();
    else {
      if (messages !== this.#messages) this.unseen += countNew(messages, this.#messages.at(-1)?.id);
      this.#window.stay(this.#messages);
      this.#anchor ??= this.#topRow();
      this.#growing = this.#edge;
      if (this.#growing !== null) this.#window[this.#growing](messages);
    }
    this.#messages = messages;
    return this.#window.over(messages);
  }

  /** The oldest message that is here is in the document. */
  get isAtStart(): boolean {
    return this.#window.over(this.#list.messages)[0] === 0;
  }

  /** Messages that are not here will soon be wanted. */
  get #isNearBeginning(): boolean {
    return this.#isNearTop && this.isAtStart;
  }

  /** Nobody reads back in a list that is not shown, or at its end. */
  get #isReadingBack(): boolean {
    return !this.#list.isAtEnd && this.#list.scroller.clientHeight > 0;
  }

  get #isNearTop(): boolean {
    return this.#isReadingBack && this.#list.scroller.scrollTop < NEAR_EDGE_PX;
  }

  /** The latest message that is here is in the document. */
  get #hasEnd(): boolean {
    const { messages } = this.#list;
    return this.#window.over(messages)[1] === messages.length;
  }

  /** Where rows will soon be wanted that are here and not in the document. */
  get #edge(): 'earlier' | 'later' | null {
    if (this.#isNearTop && !this.isAtStart) return 'earlier';
    const { scrollTop, scrollHeight, clientHeight } = this.#list.scroller;
    const isNearEnd = this.#isReadingBack && scrollHeight - scrollTop - clientHeight < NEAR_EDGE_PX;
    return isNearEnd && !this.#hasEnd ? 'later' : null;
  }

  updated(): void {
    const row = this.#anchor === null ? null : this.#list.rowOf(this.#anchor.id);
    if (row !== null && this.#anchor !== null && !this.#list.isAtEnd) {
      this.#list.scroller.scrollTop += bubbleTop(row) - this.#anchor.topPx;
    }
    this.#anchor = null;
    // On in the same direction only: in a window that is lower than what is near, one edge would be after the other for ever.
    if (this.#growing !== null && this.#growing === this.#edge) this.#list.requestUpdate();
    else if (this.#isNearBeginning && canReadBack(this.#list.status)) this.#list.dispatchEvent(new EarlierRequest());
  }

  /** True while the latest message is in view. */
  scrolled(belowPx: number): boolean {
    if (belowPx < NEAR_END_PX && this.#hasEnd) {
      this.latest();
      return true;
    }
    if (this.#list.isAtEnd || this.#edge !== null || this.#isNearBeginning) this.#list.requestUpdate();
    return false;
  }

  latest(): void {
    this.unseen = 0;
    this.#window.follow();
    this.#list.requestUpdate();
  }

  /** Shows a message in the middle of the list. Null when it is not here. */
  async reveal(id: string): Promise<HTMLElement | null> {
    const list = this.#list;
    if (!this.#window.show(list.messages, id)) return null;
    list.isAtEnd = false;
    list.requestUpdate();
    await list.updateComplete;
    const row = list.rowOf(id);
    row?.scrollIntoView({ block: 'center' });
    return row;
  }

  /** The first row in view. */
  #topRow(): Anchor | null {
    const { top } = this.#list.scroller.getBoundingClientRect();
    for (const row of this.#list.renderRoot.querySelectorAll<HTMLElement>('.row')) {
      const box = row.getBoundingClientRect();
      if (box.bottom > top) return { id: row.dataset['id'] ?? '', topPx: bubbleTop(row) };
    }
    return null;
  }
}

/** Of the text itself: the day and the name above it go when it is no longer the first. */
function bubbleTop(row: HTMLElement): number {
  return (row.querySelector('.bubble') ?? row).getBoundingClientRect().top;
}

/** Others' messages after the one that was last. */
function countNew(messages: readonly ChatMessage[], last: string | undefined): number {
  let count = 0;
  for (let index = messages.length - 1; index >= 0 && messages[index]?.id !== last; index -= 1) {
    if (messages[index]?.mine === false) count += 1;
  }
  return count;
}
