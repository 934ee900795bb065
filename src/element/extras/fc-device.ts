import { LitElement, css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { base } from '../tokens.js';
import { FULL_ENGLISH } from '../words/english-more.js';
import type { AlertChoices } from './alerts.js';
import { switchStyles } from './people-styles.js';
import { AlertRequest, EraseRequest } from './requests.js';

/**
 * What the chat may do on this device, and what it keeps there: sound, notifications, and erasing everything.
 *
 * @tagname fc-device
 * @csspart erase - The button that erases everything.
 */
export class FcDevice extends LitElement {
  static override styles = [
    base,
    switchStyles,
    css`
      h3 {
        margin: 1rem 0 0.25rem;
        font-size: 0.8125em;
        color: var(--_muted);
      }
      p {
        margin: 0.35rem 0 0;
      }
      .danger {
        width: 100%;
        margin-block-start: 0.75rem;
        border: 1px solid var(--_line);
        color: var(--_danger);
      }
    `,
  ];

  @property({ attribute: false }) choices: AlertChoices = { sound: false, notify: 'off' };
  @property({ attribute: false }) words = FULL_ENGLISH;
  @state() private isSure = false;

  protected override render(): TemplateResult {
    const { words, choices } = this;
    const { sound, notify } = choices;
    const why = notify === 'refused' ? 'notifyRefused' : notify === 'impossible' ? 'notifyCannot' : null;
    return html`<section aria-labelledby="title">
      <h3 id="title">${words.say('onDevice')}</h3>
      ${this.#switch('sound', sound, false)} ${this.#switch('notify', notify === 'on', why !== null)}
      <p id="why" class="quiet" role="status" ?hidden=${why === null}>${why === null ? nothing : words.say(why)}</p>
      <button class="danger" part="erase" aria-describedby="what" @click=${this.#erase}>
        ${words.say(this.isSure ? 'eraseSure' : 'erase')}
      </button>
      <p id="what" class="quiet">${words.say('eraseWhat')}</p>
    </section>`;
  }

  #switch(kind: AlertRequest['kind'], isOn: boolean, isDisabled: boolean): TemplateResult {
    return html`<label class="switch">
      <input
        type="checkbox"
        role="switch"
        name=${kind}
        aria-describedby=${isDisabled ? 'why' : nothing}
        .checked=${live(isOn)}
        aria-disabled=${isDisabled}
        @click=${this.#keep}
        @change=${this.#choose}
      />
      <span>${this.words.say(kind)}</span>
    </label>`;
  }

  /** One that cannot be switched any more keeps the focus, so that its reason is read. */
  #keep(event: Event): void {
    if (event.target instanceof HTMLInputElement && event.target.ariaDisabled === 'true') event.preventDefault();
  }

  #choose({ target }: Event): void {
    if (!(target instanceof HTMLInputElement)) return;
    this.dispatchEvent(new AlertRequest(target.name === 'sound' ? 'sound' : 'notify', target.checked));
  }

  /** Asks twice: there is no way back. */
  #erase(): void {
    if (this.isSure) this.dispatchEvent(new EraseRequest());
    this.isSure = !this.isSure;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-device': FcDevice;
  }
}
