import { LitElement, html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Chat } from '../../engine/chat.js';
import type { CrewDesk, CrewMember } from '../../engine/crew/crew-desk.js';
import type { AuthorId } from '../../protocol/ids.js';
import { peopleRows, peopleStyles } from '../extras/people-styles.js';
import { DismissRequest, EnterRequest } from '../extras/requests.js';
import { qrPicture } from '../pairing/qr-picture.js';
import { base } from '../tokens.js';
import { CREW_ENGLISH } from '../words/crew/english.js';
import type { CrewPhraseKey } from '../words/crew/english.js';
import { crewWords } from '../words/crew/crew-words.js';
import type { CrewWords } from '../words/crew/crew-words.js';
import { FULL_ENGLISH } from '../words/english-more.js';
import { crewStyles } from './crew-styles.js';
import { inviteLink, roomTag } from './invite-link.js';
import { problemOf } from './problem.js';

/**
 * Private rooms: making one, opening one, and in one its invite, who is in it, and whom the founder removes.
 *
 * @tagname fc-crew
 * @csspart qr - The QR code of the invite.
 */
export class FcCrew extends LitElement {
  static override styles = [base, peopleStyles, peopleRows, crewStyles];

  @property({ attribute: false }) chat: Chat | null = null;
  /** What people call the page's own room; null while it is the one that is shown. */
  @property({ attribute: false }) home: string | null = null;
  @property({ attribute: false }) words = FULL_ENGLISH;
  @state() private all: CrewWords = FULL_ENGLISH.with(CREW_ENGLISH);
  @state() private desk: CrewDesk | null = null;
  @state() private kept: readonly string[] = [];
  /** The link that invites; empty while there is none. */
  @state() private link = '';
  @state() private problem: CrewPhraseKey | null = null;
  /** What could not be fetched is tried once more. */
  @state() private isTrying = false;
  @state() private hasCopied = false;
  /** Whom the founder is asked about once more. */
  @state() private removing: AuthorId | null = null;

  /** A move within the document ends and begins it. */
  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated && this.chat !== null) void this.#follow(this.chat);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.desk?.removeEventListener('change', this.#changed);
    this.desk = null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('words')) void crewWords(this.words).then((words) => (this.all = words));
    if (!changed.has('chat')) return;
    this.problem = null;
    if (this.chat !== null) void this.#follow(this.chat);
  }

  protected override render(): TemplateResult {
    const { desk, problem } = this;
    if (desk === null && problem === null) return html`<p role="status">${this.all.say('loading')}</p>`;
    return html`
      ${problem === null ? nothing : html`<p class="note" role="alert">${this.isTrying ? this.all.say('loading') : this.#say(problem)}</p>`}
      ${desk === null ? this.#again() : desk.state === null ? this.#introduction() : this.#room(desk)}
    `;
  }

  /** Stays while it is tried, and with it the focus. */
  #again(): TemplateResult {
    return html`<div class="buttons">
      <button class="primary" aria-disabled=${this.isTrying} @click=${this.#tryAgain}>${this.all.say('retry')}</button>
    </div>`;
  }

  #introduction(): TemplateResult {
    return html`<p>${this.#say('intro')}</p>
      <div class="buttons">
        <button class="primary" @click=${this.#create}>${this.#say('create')}</button>
      </div>
      ${this.kept.length === 0 ? nothing : this.#keptRooms()} ${this.#joining()}`;
  }

  #keptRooms(): TemplateResult {
    return html`<h3 id="kept">${this.#say('yourRooms')}</h3>
      <ul aria-labelledby="kept">
        ${this.kept.map((room) => {
          const name = this.all.say('privateRoom', { tag: roomTag(room) });
          return html`<li>
            <button class="plain" @click=${() => this.#enter(room)}>${this.all.say('enter', { room: name })}</button>
          </li>`;
        })}
      </ul>`;
  }

  #joining(): TemplateResult {
    return html`<form @submit=${this.#join}>
      <label for="invite">${this.#say('haveLink')}</label>
      <input id="invite" placeholder=${this.#say('pasteLink')} autocomplete="off" spellcheck="false" />
      <div class="buttons"><button class="plain" type="submit">${this.#say('join')}</button></div>
    </form>`;
  }

  #room(desk: CrewDesk): TemplateResult {
    const { home } = this;
    const state = desk.state ?? 'open';
    return html`
      ${state === 'open' ? this.#invitation() : html`<p class="note" role="alert">${this.#say(`state-${state}`)}</p>`}
      ${state === 'open' ? this.#people(desk) : this.#joining()}
      ${
        home === null
          ? nothing
          : html`<div class="buttons">
              <button class="plain" @click=${() => this.#enter(null)}>${this.all.say('leave', { room: home })}</button>
            </div>`
      }
    `;
  }

  #invitation(): TemplateResult | typeof nothing {
    if (this.link === '') return nothing;
    return html`<h3>${this.#say('inviteTitle')}</h3>
      <p>${this.#say('inviteHow')}</p>
      ${qrPicture(this.link, this.#say('qr'), 'byte')}
      <label for="link">${this.#say('link')}</label>
      <input id="link" readonly .value=${this.link} @focus=${this.#select} />
      <div class="buttons">
        <button class="primary" @click=${this.#copy}>${this.#say('copyLink')}</button>
        ${canShare() ? html`<button class="plain" @click=${this.#share}>${this.#say('shareLink')}</button>` : nothing}
        <span role="status">${this.hasCopied ? this.#say('copied') : ''}</span>
      </div>`;
  }

  #people({ people, isFounder }: CrewDesk): TemplateResult {
    return html`<h3 id="people">${this.#say('inHere')}</h3>
      <ul aria-labelledby="people">
        ${people.map((person) => this.#person(person, isFounder))}
      </ul>
      ${this.removing === null ? nothing : html`<p class="quiet" role="status">${this.#say('removeNote')}</p>`}`;
  }

  #person({ author, name, tag, mine, isFounder }: CrewMember, canRemove: boolean): TemplateResult {
    const isAsked = this.removing === author;
    return html`<li>
      <span class="who">
        <bdi>${name}</bdi> <span class="tag">${tag}</span>
        ${mine ? html`<span class="quiet">· ${this.all.say('you')}</span>` : nothing}
        ${isFounder ? html`<span class="quiet">· ${this.#say('founder')}</span>` : nothing}
      </span>
      ${
        canRemove && !isFounder
          ? html`<button class="danger" @click=${() => this.#remove(author)}>
              ${this.all.say(isAsked ? 'removeSure' : 'remove', { name })}
            </button>`
          : nothing
      }
    </li>`;
  }

  async #tryAgain(): Promise<void> {
    if (this.chat === null || this.isTrying) return;
    this.isTrying = true;
    await this.#follow(this.chat);
    this.isTrying = false;
    await this.updateComplete;
    // The button that was pressed is gone.
    if (this.desk !== null) this.renderRoot.querySelector<HTMLElement>('button')?.focus();
  }

  async #follow(chat: Chat): Promise<void> {
    const isWanted = (): boolean => this.isConnected && chat === this.chat;
    try {
      const desk = await chat.crews();
      if (!isWanted()) return;
      this.desk?.removeEventListener('change', this.#changed);
      desk.addEventListener('change', this.#changed);
      this.desk = desk;
      this.problem = null;
      this.kept = await desk.kept();
      this.#changed();
    } catch (error) {
      if (isWanted()) this.problem = problemOf(error);
    }
  }

  readonly #changed = (): void => {
    this.requestUpdate();
    void this.#invite();
  };

  async #invite(): Promise<void> {
    const isOpen = this.desk?.state === 'open';
    const link = isOpen && this.desk !== null ? inviteLink(await this.desk.invite()) : '';
    if (link !== this.link) this.hasCopied = false;
    this.link = link;
  }

  #create(): void {
    void this.#attempt(async (desk) => this.#enter(await desk.create()));
  }

  #join(event: SubmitEvent): void {
    event.preventDefault();
    const text = this.renderRoot.querySelector<HTMLInputElement>('#invite')?.value ?? '';
    void this.#attempt(async (desk) => this.#enter(await desk.join(text)));
  }

  /** Asks twice: there is no way back but another invite. */
  #remove(author: AuthorId): void {
    if (this.removing !== author) {
      this.removing = author;
      return;
    }
    this.removing = null;
    void this.#attempt((desk) => desk.remove(author));
  }

  async #attempt(act: (desk: CrewDesk) => Promise<void>): Promise<void> {
    this.problem = null;
    if (this.desk === null) return;
    try {
      await act(this.desk);
    } catch (error) {
      this.problem = problemOf(error);
    }
  }

  #enter(room: string | null): void {
    this.dispatchEvent(new DismissRequest());
    this.dispatchEvent(new EnterRequest(room));
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.link);
      this.hasCopied = true;
    } catch {
      // Not allowed: the link is selected, to be copied by hand.
      this.renderRoot.querySelector<HTMLInputElement>('#link')?.focus();
    }
  }

  async #share(): Promise<void> {
    try {
      await navigator.share({ url: this.link });
    } catch {
      // The visitor has thought better of it.
      this.hasCopied = false;
    }
  }

  #select(event: FocusEvent): void {
    if (event.target instanceof HTMLInputElement) event.target.select();
  }

  #say(key: CrewPhraseKey): string {
    return this.all.say(key);
  }
}

function canShare(): boolean {
  return typeof (navigator as Partial<Navigator>).share === 'function';
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-crew': FcCrew;
  }
}
