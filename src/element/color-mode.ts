// `auto` follows the device, while the device changes its mind.

import type { ReactiveController, ReactiveControllerHost } from 'lit';

export class ColorMode implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #prefersDark = matchMedia('(prefers-color-scheme: dark)');
  readonly #handleChange = (): void => this.#host.requestUpdate();

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#prefersDark.addEventListener('change', this.#handleChange);
  }

  hostDisconnected(): void {
    this.#prefersDark.removeEventListener('change', this.#handleChange);
  }

  resolve(wanted: string | undefined): 'light' | 'dark' {
    if (wanted === 'light' || wanted === 'dark') return wanted;
    return this.#prefersDark.matches ? 'dark' : 'light';
  }
}
