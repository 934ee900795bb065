import { LitElement, html } from 'lit';
import type { TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { AdminApi, ApiProblem } from './api.js';
import { base, tokens } from './look.js';
import { keepSession, keptSession } from './session.js';
import type { Session } from './session.js';
import type { SignInRequest } from './admin-sign-in.js';

/**
 * The dashboard: asks for the token, then shows the desk. Goes back to asking when the server does not take it any more.
 *
 * @tagname admin-app
 */
export class AdminApp extends LitElement {
  static override styles = [tokens, base];

  @state() private api: AdminApi | null = null;
  @state() private problem: ApiProblem | null = null;
  @state() private isBusy = false;

  constructor() {
    super();
    const session = keptSession();
    if (session !== null) this.#open(new AdminApi(session.token, session.name));
  }

  protected override render(): TemplateResult {
    if (this.api === null) {
      return html`<admin-sign-in
        .problem=${this.problem}
        .isBusy=${this.isBusy}
        @admin-sign-in=${this.#signIn}
      ></admin-sign-in>`;
    }
    return html`<admin-desk .api=${this.api} @admin-sign-out=${this.#signOut}></admin-desk>`;
  }

  async #signIn({ session }: SignInRequest): Promise<void> {
    const api = new AdminApi(session.token, session.name);
    this.isBusy = true;
    this.problem = null;
    try {
      await api.get('overview');
      keepSession(session satisfies Session);
      this.#open(api);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.problem = error;
    } finally {
      this.isBusy = false;
    }
  }

  readonly #signOut = (): void => this.#close(null);

  #open(api: AdminApi): void {
    this.api = api;
    api.addEventListener('reached', () => {
      const { lastProblem } = api;
      // A lock-out passes: somebody else behind this address may have caused it.
      if (api === this.api && lastProblem?.kind === 'unauthorized') this.#close(lastProblem);
    });
  }

  #close(problem: ApiProblem | null): void {
    keepSession(null);
    this.api = null;
    this.problem = problem;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'admin-app': AdminApp;
  }
}
