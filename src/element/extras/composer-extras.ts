// What the composer can do beyond plain text: answers and changes, mentions with completion, emoji, the draft.

import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { ChatMember } from '../../core/chat-view.js';
import { LIMITS } from '../../protocol/limits.js';
import { normalizeText, utf8Length } from '../../protocol/text.js';
import type { ComposerExtras, FcComposer, Writing } from '../fc-composer.js';
import { ICONS } from '../icons.js';
import { OpenRequest } from '../requests.js';
import { NEW } from '../sending.js';
import { CancelRequest, TypingRequest } from './requests.js';
import { SHEET_ICONS } from './sheet-icons.js';
import { composerExtrasStyles } from './composer-extras-styles.js';
import type { DeviceMemory } from './device-memory.js';
import { excerpt } from './excerpt.js';
import { textOf } from './photo-extras.js';
import type { PhotoExtras } from './photo-extras.js';
import type { Standing } from './standing.js';
import { matchingMembers, mentionList } from './mention-list.js';

/** An `@` that begins a word, and what was typed after it. */
const MENTION_BEFORE_CARET = /(?:^|[\s([{])@([\p{L}\p{N}\p{M}_.-]{0,20})$/u;
const CONTEXTS = { edit: 'editing', rewrite: 'rewriting', reply: 'answering' } as const;
const EXCERPT_LENGTH_MAX = 120;
/** The room left is told from here on. */
const NEAR_LIMIT = 0.8;

export class WritingExtras implements ComposerExtras {
  readonly styles = composerExtrasStyles;
  readonly #composer: FcComposer;
  readonly #memory: () => DeviceMemory;
  readonly #standing: Standing;
  readonly #photos: PhotoExtras;
  /** Whose draft stands in the field. */
  #restored: DeviceMemory | null = null;
  /** What the field shows: a change that goes on takes the place of the draft in another composer too. */
  #shown: Writing = NEW;
  /** What stands after the `@`, and where it begins. */
  #mention: { readonly typed: string; readonly at: number } | null = null;
  #chosen = 0;
  /** Bytes of the text. */
  #used = 0;

  constructor(
    composer: FcComposer,
    {
      memory,
      standing,
      photos,
    }: { readonly memory: () => DeviceMemory; readonly standing: Standing; readonly photos: PhotoExtras },
  ) {
    this.#photos = photos;
    this.#composer = composer;
    this.#memory = memory;
    this.#standing = standing;
  }

  get activeOption(): string | undefined {
    return this.#offered().length > 0 ? `mention-${this.#chosen}` : undefined;
  }

  above(): TemplateResult {
    const { writing, words } = this.#composer;
    const offered = this.#offered();
    return html`${
      offered.length > 0 ? mentionList(offered, this.#chosen, words, (member) => this.#choose(member)) : nothing
    }${this.#notice()}${writing.kind === 'new' ? nothing : this.#context(writing)}`;
  }

  get isHeld(): boolean {
    const { kind } = this.#composer.writing;
    return this.#isOver || this.isLocked || (kind !== 'edit' && this.#standing.isWaiting);
  }

  get isLocked(): boolean {
    return this.#standing.isLocked;
  }

  below(): TemplateResult {
    const { words } = this.#composer;
    const isOver = this.#isOver;
    const max = LIMITS.textBytesMax;
    const used = words.say('lengthUsed', { used: this.#used, max });
    return html`<div id="limit" class="limit quiet ${isOver ? 'over' : ''}" role="status">
      ${this.#used > max * NEAR_LIMIT ? `${isOver ? words.say('tooLong') : ''} ${used}` : nothing}
    </div>`;
  }

  within(): TemplateResult {
    return html`<button
      class="emoji"
      part="emoji-button"
      type="button"
      aria-label=${this.#composer.words.say('emoji')}
      @click=${() => this.#composer.dispatchEvent(new OpenRequest('emoji'))}
    >
        ${SHEET_ICONS.smile}</button
      >${this.isLocked ? nothing : this.#photos.button()}`;
  }

  typed(area: HTMLTextAreaElement): void {
    this.#used = utf8Length(normalizeText(area.value));
    if (!isRewriting(this.#composer.writing)) this.#memory().draft = area.value;
    // A draft that is put back is not being written.
    if (area.value !== '' && area.matches(':focus')) this.#composer.dispatchEvent(new TypingRequest());
    const match = MENTION_BEFORE_CARET.exec(area.value.slice(0, area.selectionStart));
    const typed = match?.[1] ?? '';
    this.#mention = match === null ? null : { typed, at: area.selectionStart - typed.length - 1 };
    this.#chosen = 0;
  }

  pressed({ key }: KeyboardEvent): boolean {
    const offered = this.#offered();
    const member = offered[this.#chosen];
    if (member === undefined) {
      if (key !== 'Escape' || this.#composer.writing.kind === 'new') return false;
      this.#cancel();
      return true;
    }
    if (key === 'ArrowDown') this.#chosen = (this.#chosen + 1) % offered.length;
    else if (key === 'ArrowUp') this.#chosen = (this.#chosen + offered.length - 1) % offered.length;
    else if (key === 'Enter' || key === 'Tab') this.#choose(member);
    else if (key === 'Escape') this.#mention = null;
    else return false;
    this.#composer.requestUpdate();
    return true;
  }

  updated(): void {
    this.#restore();
    const { writing } = this.#composer;
    const before = this.#shown;
    if (writing === before) return;
    this.#shown = writing;
    if (isRewriting(writing)) this.#composer.value = writing.message.text;
    else if (isRewriting(before)) this.#composer.value = this.#memory().draft;
  }

  /** The room's draft, unless something was typed before it could be read. */
  #restore(): void {
    const memory = this.#memory();
    if (memory === this.#restored) return;
    const isFirst = this.#restored === null;
    this.#restored = memory;
    if (!isFirst || this.#composer.value === '') this.#composer.value = memory.draft;
  }

  get #isOver(): boolean {
    return this.#used > LIMITS.textBytesMax;
  }

  /** What the organiser allows just now, and until when. */
  #notice(): TemplateResult | typeof nothing {
    const { says, isLocked } = this.#standing;
    if (says === '') return nothing;
    return html`<p id="notice" class="notice ${isLocked ? 'locked' : ''}" part="notice">
      ${isLocked ? SHEET_ICONS.locked : SHEET_ICONS.clock}<span dir="auto">${says}</span>
    </p>`;
  }

  #context({ kind, message }: Exclude<Writing, { kind: 'new' }>): TemplateResult {
    const { words } = this.#composer;
    const says = words.say(CONTEXTS[kind], { name: message.author.name });
    return html`<div class="context" part="context">
      <span><strong>${says}</strong><bdi>${excerpt(textOf(message, words), EXCERPT_LENGTH_MAX)}</bdi></span>
      <button type="button" aria-label=${words.say('cancel')} @click=${() => this.#cancel()}>${ICONS.close}</button>
    </div>`;
  }

  #offered(): readonly ChatMember[] {
    if (this.#mention === null) return [];
    const blocked = new Set(this.#memory().blocked.map(({ id }) => id));
    const members = this.#composer.members.filter(({ author }) => !blocked.has(author.id));
    return matchingMembers(members, this.#mention.typed);
  }

  #choose({ author }: ChatMember): void {
    if (this.#mention === null) return;
    const { at, typed } = this.#mention;
    this.#composer.insert(`@${author.name} `, at, at + 1 + typed.length);
  }

  #cancel(): void {
    this.#composer.dispatchEvent(new CancelRequest());
    this.#composer.focus();
  }
}

/** A text that was written before stands in the field, in place of the draft. */
function isRewriting(writing: Writing): writing is Extract<Writing, { kind: 'edit' | 'rewrite' }> {
  return writing.kind === 'edit' || writing.kind === 'rewrite';
}
