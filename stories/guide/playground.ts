// The playground: options on one side, the real element on the other, and the lines to paste below it.

import { html, nothing, render } from 'lit';
import type { TemplateResult } from 'lit';
import type { ScriptedChat } from '../scripted-chat.js';
import { snippetOf } from './options.js';
import type { Option } from './options.js';
import { PLAYGROUND_STYLE } from './playground-style.js';

export class Playground {
  readonly root = document.createElement('div');
  readonly #chat = document.createElement('festival-chat');
  readonly #chosen = new Map<string, string>();
  readonly #options: readonly Option[];
  #server = 'https://chat.example.org';
  #note = '';

  constructor(options: readonly Option[], chat: ScriptedChat, chosen: Readonly<Record<string, string>>) {
    this.#options = options;
    this.root.className = 'playground';
    this.#chat.client = chat;
    for (const [name, value] of Object.entries(chosen)) this.#choose(name, value);
    this.#render();
  }

  #choose(name: string, value: string | null): void {
    if (value === null) this.#chosen.delete(name);
    else this.#chosen.set(name, value);
    if (value === null) this.#chat.removeAttribute(name);
    else this.#chat.setAttribute(name, value);
    this.#note = '';
  }

  #render(): void {
    render(this.#page(), this.root);
  }

  #page(): TemplateResult {
    const snippet = snippetOf(this.#server, this.#chosen);
    return html`<style>
        ${PLAYGROUND_STYLE}
      </style>
      <form class="options" aria-label="Options" @submit=${(event: Event) => event.preventDefault()}>
        <div class="option">
          <label for="of-server">companion server</label>
          <input
            id="of-server"
            .value=${this.#server}
            @input=${(event: InputEvent) => {
              this.#server = valueOf(event);
              this.#render();
            }}
          />
        </div>
        ${this.#options.map((option) => this.#option(option))}
      </form>
      <div class="result">
        <div class="stage">${this.#chat}</div>
        <h2 id="paste">To paste</h2>
        <pre tabindex="0" role="region" aria-labelledby="paste"><code>${snippet}</code></pre>
        <button @click=${() => this.#copy(snippet)}>Copy</button>
        <span role="status">${this.#note}</span>
      </div>`;
  }

  #option(option: Option): TemplateResult {
    const { name, description } = option;
    return html`<div class="option">
      <label for=${`of-${name}`}>${name}</label>
      ${this.#input(option)}
      ${description === '' ? nothing : html`<small id=${`about-${name}`}>${description.replaceAll('`', '')}</small>`}
    </div>`;
  }

  #input({ name, field }: Option): TemplateResult {
    const id = `of-${name}`;
    const about = `about-${name}`;
    const value = this.#chosen.get(name) ?? '';
    const take = (event: Event): void => {
      const taken = valueOf(event);
      this.#choose(name, taken === '' ? null : taken);
      this.#render();
    };
    switch (field.kind) {
      case 'switch':
        return html`<input
          type="checkbox"
          id=${id}
          aria-describedby=${about}
          .checked=${this.#chosen.has(name)}
          @change=${(event: Event) => {
            this.#choose(name, (event.target as HTMLInputElement).checked ? '' : null);
            this.#render();
          }}
        />`;
      case 'choice':
        return html`<select id=${id} aria-describedby=${about} @change=${take}>
          <option value="" ?selected=${value === ''}>default</option>
          ${field.values.map((each) => html`<option ?selected=${each === value}>${each}</option>`)}
        </select>`;
      case 'number':
        return html`<input
          type="number"
          id=${id}
          aria-describedby=${about}
          min=${field.low}
          max=${field.high}
          .value=${value}
          @input=${take}
        />`;
      case 'text':
        return html`<input id=${id} aria-describedby=${about} .value=${value} @input=${take} />`;
    }
  }

  async #copy(snippet: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(snippet);
      this.#note = 'Copied.';
    } catch {
      this.#note = 'The browser does not let this page copy: select the lines.';
    }
    this.#render();
  }
}

function valueOf(event: Event): string {
  return (event.target as HTMLInputElement | HTMLSelectElement).value;
}
