import { LitElement, css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import type { ApiProblem } from './api.js';
import { duration } from './figures.js';
import { base, states } from './look.js';
import type { Session } from './session.js';

/** The administrator wants in. */
export class SignInRequest extends Event {
  readonly session: Session;

  constructor(session: Session) {
    super('admin-sign-in', { bubbles: true, composed: true });
    this.session = session;
  }
}

/**
 * Asks for the token, in a form that a password manager fills.
 *
 * @tagname admin-sign-in
 * @fires admin-sign-in
 */
export class AdminSignIn extends LitElement {
  static override styles = [
    base,
    states,
    css`
      main {
        min-height: 100svh;
        display: grid;
        place-content: center;
        grid-template-columns: minmax(0, 23rem);
        gap: 1.25rem;
        padding: 1.5rem 1rem;
      }
      form {
        display: grid;
        gap: 0.9rem;
      }
      label {
        display: grid;
        gap: 0.25rem;
        font-weight: 550;
      }
      label .quiet {
        font-weight: 400;
      }
      button {
        min-height: 2.75rem;
      }
    `,
  ];

  @property({ attribute: false }) problem: ApiProblem | null = null;
  @property({ attribute: false }) isBusy = false;
  @query('#token') private token!: HTMLInputElement;
  @query('#name') private name!: HTMLInputElement;

  protected override firstUpdated(): void {
    document.title = 'Sign in · festival-chat control';
    this.name.focus();
  }

  protected override updated(): void {
    if (this.problem === null) return;
    this.token.focus();
    this.token.select();
  }

  protected override render(): TemplateResult {
    const { problem, isBusy } = this;
    return html`<main>
      <div>
        <p class="quiet">festival-chat</p>
        <h1>Control</h1>
      </div>
      <form class="card" @submit=${this.#submit}>
        <label for="name"
          >Your name
          <span class="quiet">Stands beside what you do, in the audit.</span>
          <input id="name" name="username" autocomplete="username" maxlength="40" />
        </label>
        <label for="token"
          >Administrator’s token
          <input
            id="token"
            name="password"
            type="password"
            autocomplete="current-password"
            required
            aria-invalid=${problem?.kind === 'unauthorized' ? 'true' : 'false'}
            aria-describedby="outcome"
          />
        </label>
        <div id="outcome" role="alert">
          ${problem === null ? nothing : html`<p class="problem">${wordsOf(problem)} <code>${problem.code}</code></p>`}
        </div>
        <button class="primary" ?disabled=${isBusy}>${isBusy ? 'Asking the server…' : 'Open the dashboard'}</button>
      </form>
      <p class="quiet">The token stays in this tab and goes with it. It is what FESTIVAL_CHAT_ADMIN_TOKEN says.</p>
    </main>`;
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    this.dispatchEvent(new SignInRequest({ token: this.token.value, name: this.name.value.trim() }));
  }
}

function wordsOf({ kind, code, message, retryAfterMs }: ApiProblem): string {
  switch (kind) {
    case 'unauthorized':
      return code === 'closed' ? message : 'The server does not take this token.';
    case 'locked':
      return retryAfterMs === null
        ? message
        : `Too many wrong tokens. This address may try again in ${duration(retryAfterMs)}.`;
    case 'unreachable':
      return 'The server does not answer. Is it running, and are you online?';
    case 'refused':
      return message;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'admin-sign-in': AdminSignIn;
  }
  interface HTMLElementEventMap {
    'admin-sign-in': SignInRequest;
  }
}
