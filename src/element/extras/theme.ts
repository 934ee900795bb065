// A ready look: a style sheet that is fetched when an attribute names it.

import type { LitElement } from 'lit';
import { adoptStyles } from 'lit';
import { FETCH_AGAIN_MS } from '../../engine/begin-with.js';

export class Theme {
  /** The theme that is shown. */
  name: string | undefined;
  readonly #host: LitElement;
  #wanted = '';

  constructor(host: LitElement) {
    this.#host = host;
  }

  use(wanted = ''): void {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    if (wanted === '') this.name = undefined;
    else void this.#fetch(wanted);
  }

  async #fetch(wanted: string): Promise<void> {
    try {
      const { themes } = await import('../themes.js');
      const root = this.#host.shadowRoot;
      if (this.#wanted !== wanted || root === null) return;
      const { elementStyles } = this.#host.constructor as typeof LitElement;
      adoptStyles(root, [...elementStyles, themes]);
      this.name = wanted;
      this.#host.requestUpdate();
    } catch (error) {
      console.warn(`<festival-chat theme="${wanted}"> could not be fetched.`, error);
      setTimeout(() => {
        this.#wanted = '';
        this.#host.requestUpdate();
      }, FETCH_AGAIN_MS);
    }
  }
}
