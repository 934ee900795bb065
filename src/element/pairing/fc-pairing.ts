import { LitElement, html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Chat } from '../../engine/chat.js';
import type { Pairing, PairingState } from '../../engine/pairing/pairing-state.js';
import { DismissRequest } from '../extras/requests.js';
import { ScreenAwake } from '../extras/screen-awake.js';
import { base } from '../tokens.js';
import { FULL_ENGLISH } from '../words/english-more.js';
import { PAIRING_ENGLISH } from '../words/pairing/english.js';
import type { PairingPhraseKey } from '../words/pairing/english.js';
import { pairingWords } from '../words/pairing/pairing-words.js';
import type { PairingWords } from '../words/pairing/pairing-words.js';
import { Camera } from './camera.js';
import type { CameraProblem } from './camera.js';
import { pairingStyles } from './pairing-styles.js';
import { qrPicture } from './qr-picture.js';

/** The camera is used, was not asked for, or cannot be. */
type CameraState = Camera | CameraProblem | 'off';

/**
 * Links this device to one nearby without any server: shows a code, reads the other's by camera or from the clipboard,
 * and has the two people compare four digits. Keeps the screen on meanwhile; ends what it began when it is removed.
 *
 * @tagname fc-pairing
 * @csspart qr - The QR code.
 * @csspart digits - The four digits.
 */
export class FcPairing extends LitElement {
  static override styles = [base, pairingStyles];

  @property({ attribute: false }) chat: Chat | null = null;
  @property({ attribute: false }) words = FULL_ENGLISH;
  /** Null until the visitor has chosen how. One that is set from outside is shown, and ended, like one of its own. */
  @property({ attribute: false }) pairing: Pairing | null = null;
  /** Whether the other's code is looked for by camera, and if not, why. */
  @property({ attribute: false }) camera: CameraState = 'off';
  @state() private hasCopied = false;
  /** Something of it could not be fetched. */
  @state() private hasFailed = false;
  @state() private all: PairingWords = FULL_ENGLISH.with(PAIRING_ENGLISH);

  /** The browser may still be asking for the camera: one press is enough. */
  #isStarting = false;
  #shown: PairingState['step'] | undefined;

  readonly #awake = new ScreenAwake();

  override connectedCallback(): void {
    super.connectedCallback();
    this.#awake.want(true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#awake.want(false);
    this.#stopCamera();
    this.pairing?.removeEventListener('change', this.#changed);
    this.pairing?.end();
    this.pairing = null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('words')) void pairingWords(this.words).then((words) => (this.all = words));
    if (!changed.has('pairing')) return;
    changed.get('pairing')?.removeEventListener('change', this.#changed);
    this.pairing?.addEventListener('change', this.#changed);
  }

  protected override updated(): void {
    this.#follow();
    const video = this.renderRoot.querySelector('video');
    const { camera } = this;
    if (video === null || !(camera instanceof Camera) || video.srcObject === camera.stream) return;
    video.srcObject = camera.stream;
    // It is cut short when the dialog is closed.
    video.play().catch(() => undefined);
    camera.watch(video, (text) => this.pairing?.read(text)).catch(() => this.#fail());
  }

  protected override render(): TemplateResult {
    const state = this.pairing?.state;
    return html`<div class="steps" tabindex="-1">${state === undefined ? this.#introduction() : this.#step(state)}</div>`;
  }

  /** With another step the focused button may be gone: reading goes on at the top. */
  #follow(): void {
    const step = this.pairing?.state.step === 'linking' ? 'showing' : this.pairing?.state.step;
    if (step === this.#shown) return;
    this.#shown = step;
    this.renderRoot.querySelector<HTMLElement>('.steps')?.focus();
  }

  #introduction(): TemplateResult {
    return html`<p>${this.#say('intro')}</p>
      <p class="quiet">${this.#say('introCamera')}</p>
      ${this.#failure()}
      <div class="buttons">
        <button class="primary" @click=${this.#withCamera}>${this.#say('useCamera')}</button>
        <button @click=${this.#withoutCamera}>${this.#say('noCamera')}</button>
      </div>
      <p class="quiet">${this.#say('keepOpen')}</p>`;
  }

  #step(state: PairingState): TemplateResult {
    switch (state.step) {
      case 'preparing':
        return html`<p role="status">${this.#say('preparing')}</p>`;
      case 'showing':
      case 'linking':
        return this.#exchange(state);
      case 'comparing':
        return this.#comparison(state);
      case 'paired':
        return html`<p class="good" role="status">${this.all.say('paired', { name: state.name })}</p>
          <div class="buttons">
            <button class="primary" @click=${this.#dismiss}>${this.#say('done')}</button>
          </div>`;
      case 'failed':
        return html`<p class="note" role="alert">${this.#say(`failure-${state.reason}`)}</p>
          <div class="buttons"><button class="primary" @click=${this.#again}>${this.all.say('retry')}</button></div>`;
    }
  }

  #exchange(state: Extract<PairingState, { step: 'showing' | 'linking' }>): TemplateResult {
    const { camera } = this;
    const isSeeing = camera instanceof Camera;
    const task = state.step === 'linking' ? 'linking' : isSeeing ? 'showing' : 'exchanging';
    const note = state.step === 'showing' ? state.note : null;
    return html`
      <p role="status">${this.#say(task)}</p>
      ${note === null ? nothing : html`<p class="note" role="alert">${this.#say(`note-${note}`)}</p>`}
      ${this.#failure()}
      ${isSeeing || camera === 'off' ? nothing : html`<p class="note" role="alert">${this.#say(`camera-${camera}`)}</p>`}
      <div class="pictures">
        ${qrPicture(state.code, this.#say('yourCode'))}
        ${isSeeing ? html`<video muted playsinline aria-label=${this.#say('cameraView')}></video>` : nothing}
      </div>
      <details ?open=${!isSeeing}>
        <summary>${this.#say('typeInstead')}</summary>
        ${this.#exchangeByText(state)}
      </details>
      <p class="quiet">${this.#say('keepOpen')}</p>
    `;
  }

  #failure(): TemplateResult | typeof nothing {
    return this.hasFailed ? html`<p class="note" role="alert">${this.all.say('loadFailed')}</p>` : nothing;
  }

  #exchangeByText({ code, step }: Extract<PairingState, { step: 'showing' | 'linking' }>): TemplateResult {
    return html`<div class="buttons">
        <button @click=${() => void this.#copy(code)}>${this.#say('copyCode')}</button>
        <span role="status">${this.hasCopied ? this.#say('copied') : ''}</span>
      </div>
      <form @submit=${this.#readPasted}>
        <label for="theirs">${this.#say('theirCode')}</label>
        <textarea
          id="theirs"
          autocapitalize="characters"
          autocomplete="off"
          spellcheck="false"
          ?disabled=${step === 'linking'}
        ></textarea>
        <div class="buttons">
          <button class="primary" type="submit" ?disabled=${step === 'linking'}>${this.#say('useCode')}</button>
        </div>
      </form>`;
  }

  #comparison({ digits, name, hasAgreed }: Extract<PairingState, { step: 'comparing' }>): TemplateResult {
    return html`<p id="question">${this.all.say('calledItself', { name })}</p>
      <p class="digits" part="digits" role="status" aria-label=${Array.from(digits).join(' ')}>${digits}</p>
      ${
        hasAgreed
          ? html`<p role="status">${this.all.say('awaited', { name })}</p>`
          : html`<div class="buttons" role="group" aria-labelledby="question">
              <button class="primary" @click=${() => this.pairing?.agree()}>${this.#say('same')}</button>
              <button @click=${() => this.pairing?.refuse()}>${this.#say('differ')}</button>
            </div>`
      }`;
  }

  #withCamera(): void {
    void this.#start(async () => {
      await this.#openCamera();
      await this.#begin();
    });
  }

  #withoutCamera(): void {
    void this.#start(() => this.#begin());
  }

  #again(): void {
    void this.#start(async () => {
      if (this.camera !== 'off') await this.#openCamera();
      this.pairing?.again();
    });
  }

  async #start(act: () => Promise<void>): Promise<void> {
    if (this.#isStarting) return;
    this.#isStarting = true;
    this.hasFailed = false;
    try {
      await act();
    } catch {
      this.#fail();
    }
    this.#isStarting = false;
  }

  /** What cannot be fetched is said; the camera does not stay on for it, and codes can still be copied. */
  #fail(): void {
    this.#stopCamera();
    this.camera = 'off';
    this.hasFailed = true;
  }

  /** Before the code is made: browsers tell a page that may use the camera addresses that work. */
  async #openCamera(): Promise<void> {
    this.camera = await Camera.open();
    if (!this.isConnected) this.#stopCamera();
  }

  async #begin(): Promise<void> {
    const pairing = (await this.chat?.pair()) ?? null;
    if (this.isConnected) this.pairing = pairing;
    else pairing?.end();
  }

  readonly #changed = (): void => {
    const step = this.pairing?.state.step;
    if (step === 'comparing' || step === 'paired' || step === 'failed') this.#stopCamera();
    this.hasCopied = false;
    this.requestUpdate();
  };

  #stopCamera(): void {
    if (this.camera instanceof Camera) this.camera.stop();
  }

  async #copy(code: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(code);
      this.hasCopied = true;
    } catch {
      // Not allowed, or plain http: the code is put where it can be copied by hand.
      const area = this.renderRoot.querySelector('textarea');
      if (area === null) return;
      area.value = code;
      area.select();
    }
  }

  #readPasted(event: SubmitEvent): void {
    event.preventDefault();
    const area = this.renderRoot.querySelector('textarea');
    if (area !== null) this.pairing?.read(area.value);
  }

  #dismiss(): void {
    this.dispatchEvent(new DismissRequest());
  }

  #say(key: PairingPhraseKey): string {
    return this.all.say(key);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-pairing': FcPairing;
  }
}
