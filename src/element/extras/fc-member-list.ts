import { LitElement, css, html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { ChatAuthor, ChatMember } from '../../core/chat-view.js';
import type { AlertChoices } from './alerts.js';
import type { BlockedAuthor } from './device-memory.js';
import { hueClass, initial, nameKey, sharedNames } from './names.js';
import { AwakeRequest, BlockRequest, DismissRequest, InsertRequest } from './requests.js';
import { OpenRequest } from '../requests.js';
import { peopleRows, peopleStyles, switchStyles } from './people-styles.js';
import { verifiedMark } from './row-pieces.js';
import { SHEET_ICONS } from './sheet-icons.js';
import { base } from '../tokens.js';
import { FULL_ENGLISH } from '../words/english-more.js';

/** Names listed at a time; the rest of a crowd is its number, and found by name. */
const LISTED_MAX = 50;
/** From here on a name is looked for faster than read. */
const FIND_FROM = 12;

/**
 * Who is here: names with their key's tag, people of one name told apart, whom to mention and whom to block.
 *
 * @tagname fc-member-list
 * @csspart member - One person.
 */
export class FcMemberList extends LitElement {
  static override styles = [
    base,
    peopleStyles,
    peopleRows,
    switchStyles,
    css`
      [type='search'] {
        width: 100%;
        margin-block-end: 0.5rem;
      }
      .who {
        overflow: clip;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .who svg {
        vertical-align: -0.15em;
        color: var(--_good);
      }
      h3 {
        margin: 1rem 0 0.25rem;
      }
      .nearby,
      .private {
        width: 100%;
        margin-block-start: 0.75rem;
        border: 1px solid var(--_line);
      }
      .awake {
        margin-block-start: 1rem;
      }
      li button {
        color: var(--_muted);
      }
      li .unblock {
        color: var(--_text);
        border: 1px solid var(--_line);
      }
    `,
  ];

  @property({ attribute: false }) members: readonly ChatMember[] = [];
  /** The whole number, which may be larger than the list. */
  @property({ type: Number }) count = 0;
  @property({ attribute: false }) blockedAuthors: readonly BlockedAuthor[] = [];
  /** Whether the screen stays on while this device passes on what others write; null where there is nothing to choose. */
  @property({ attribute: false }) awake: boolean | null = null;
  /** How the visitor is told of messages. */
  @property({ attribute: false }) alerts: AlertChoices = { sound: false, notify: 'off' };
  @property({ attribute: false }) words = FULL_ENGLISH;
  @state() private wanted = '';
  #isMoving = false;

  /** The button that was pressed has moved to the other list: the focus goes where it can be undone. */
  protected override updated(changed: PropertyValues<this>): void {
    if (!this.#isMoving || !changed.has('blockedAuthors')) return;
    this.#isMoving = false;
    [...this.renderRoot.querySelectorAll<HTMLElement>('li button, .nearby')].at(-2)?.focus();
  }

  protected override render(): TemplateResult {
    const { words } = this;
    const shared = sharedNames(this.members.map(({ author }) => author));
    const found = this.members.filter(({ author }) => nameKey(author.name).includes(nameKey(this.wanted)));
    const listed = found.slice(0, LISTED_MAX);
    const rest = this.wanted === '' ? this.count - listed.length : found.length - listed.length;
    return html`
      ${
        this.members.length >= FIND_FROM || this.wanted !== ''
          ? html`<input
              type="search"
              aria-label=${words.say('findPerson')}
              placeholder=${words.say('findPerson')}
              @input=${this.#handleInput}
            />`
          : nothing
      }
      <ul aria-label=${words.say('people')}>
        ${listed.map((member) => this.#member(member, shared.has(nameKey(member.author.name))))}
        ${rest > 0 ? html`<li class="quiet">${words.say('andMore', { n: rest })}</li>` : nothing}
      </ul>
      ${this.blockedAuthors.length > 0 ? this.#blocked() : nothing}
      <button class="private" @click=${this.#openPrivate}>${SHEET_ICONS.locked} ${words.say('privateRooms')}</button>
      <button class="nearby" @click=${this.#pair}>${SHEET_ICONS.mesh} ${words.say('pairNearby')}</button>
      ${this.awake === null ? nothing : this.#awakeChoice(this.awake)}
      <fc-device exportparts="erase" .choices=${this.alerts} .words=${words}></fc-device>
    `;
  }

  #awakeChoice(isOn: boolean): TemplateResult {
    const { words } = this;
    return html`<label class="switch awake">
        <input type="checkbox" role="switch" aria-describedby="why" .checked=${isOn} @change=${this.#chooseAwake} />
        <span>${words.say('keepAwake')}</span>
      </label>
      <p class="quiet" id="why">${words.say('keepAwakeWhy')}</p>`;
  }

  #member({ author, mine, isLinked }: ChatMember, isShared: boolean): TemplateResult {
    const { words } = this;
    const isBlocked = this.blockedAuthors.some(({ id }) => id === author.id);
    return html`<li part="member">
      <span class="avatar ${hueClass(author)}" aria-hidden="true">${initial(author.name)}</span>
      <span class="who">
        <bdi>${author.name}</bdi>
        ${author.verified ? verifiedMark(words) : nothing}
        <span class="tag ${isShared ? 'shared' : ''}" title=${isShared ? words.say('sameName') : nothing}>${author.tag}</span>
        ${mine ? html`<span class="quiet">· ${words.say('you')}</span>` : nothing}
        ${isLinked ? html`<span class="quiet">· ${words.say('direct')}</span>` : nothing}
      </span>
      ${mine || isBlocked ? nothing : this.#actions(author)}
    </li>`;
  }

  #actions(author: ChatAuthor): TemplateResult {
    const { words } = this;
    const says = words.say('block', { name: author.name });
    return html`<button
        aria-label="${words.say('mention')} ${author.name}"
        title=${words.say('mention')}
        @click=${() => this.#mention(author)}
      >
        @</button
      ><button aria-label=${says} title=${says} @click=${() => this.#block(author, true)}>
        ${SHEET_ICONS.block}
      </button>`;
  }

  #blocked(): TemplateResult {
    const { words } = this;
    return html`<h3 id="blocked">${words.say('blockedPeople')}</h3>
      <ul aria-labelledby="blocked">
        ${this.blockedAuthors.map((author) => {
          return html`<li>
            <span class="who"><bdi>${author.name}</bdi> <span class="tag">${author.tag}</span></span>
            <button
              class="unblock"
              aria-label="${words.say('unblock')}: ${author.name}"
              @click=${() => this.#block({ ...author, verified: false }, false)}
            >
              ${words.say('unblock')}
            </button>
          </li>`;
        })}
      </ul>`;
  }

  #block(author: ChatAuthor, isBlocked: boolean): void {
    this.#isMoving = true;
    this.dispatchEvent(new BlockRequest(author, isBlocked));
  }

  #chooseAwake(event: Event): void {
    if (event.target instanceof HTMLInputElement) this.dispatchEvent(new AwakeRequest(event.target.checked));
  }

  #openPrivate(): void {
    this.dispatchEvent(new OpenRequest('crew'));
  }

  #pair(): void {
    this.dispatchEvent(new OpenRequest('pairing'));
  }

  #mention({ name }: ChatAuthor): void {
    this.dispatchEvent(new DismissRequest());
    this.dispatchEvent(new InsertRequest(`@${name} `));
  }

  #handleInput(event: InputEvent): void {
    if (event.target instanceof HTMLInputElement) this.wanted = event.target.value;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-member-list': FcMemberList;
  }
}
