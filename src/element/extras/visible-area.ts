// Keeps a chat that fills the screen above the on-screen keyboard: some browsers lay the keyboard over the page and
// tell only the visual viewport.

import type { LitElement, ReactiveController } from 'lit';

export class VisibleArea implements ReactiveController {
  readonly #host: LitElement;
  readonly #handleChange = (): void => this.#apply();

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    globalThis.visualViewport?.addEventListener('resize', this.#handleChange);
    globalThis.visualViewport?.addEventListener('scroll', this.#handleChange);
    // The keyboard may have been there first.
    this.#apply();
  }

  hostDisconnected(): void {
    globalThis.visualViewport?.removeEventListener('resize', this.#handleChange);
    globalThis.visualViewport?.removeEventListener('scroll', this.#handleChange);
  }

  #apply(): void {
    const view = globalThis.visualViewport;
    const root = this.#host.renderRoot.querySelector<HTMLElement>('.root');
    if (!view || root === null) return;
    // Zoomed in by hand, the visitor decides what is seen.
    const isCovered = view.scale === 1 && view.height < innerHeight - 1;
    // Set through the object model: a strict page policy forbids only the attribute.
    root.style.setProperty('--_visible-height', isCovered ? `${view.height}px` : '');
    root.style.setProperty('--_visible-top', isCovered ? `${view.offsetTop}px` : '');
  }
}
