import { LitElement, css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { Action, Field } from './action.js';
import { ApiProblem } from './api.js';
import type { AdminApi } from './api.js';
import { base, states } from './look.js';
import { problemWords } from './states.js';

type Progress =
  | { readonly phase: 'asking' }
  | { readonly phase: 'running' }
  | { readonly phase: 'done'; readonly effect: string }
  | { readonly phase: 'failed'; readonly problem: ApiProblem };

/**
 * Asks whether an action is meant, carries it out, and stays to say what was seen of it. Focus goes back to where it was.
 *
 * @tagname admin-confirm
 */
export class AdminConfirm extends LitElement {
  static override styles = [
    base,
    states,
    css`
      dialog {
        width: min(30rem, calc(100vw - 1.5rem));
        max-height: calc(100svh - 2rem);
        color: var(--text);
        background: var(--surface);
        border: 1px solid var(--line);
        border-radius: 14px;
        padding: 1.25rem;
        box-shadow: 0 1.5rem 4rem rgb(0 0 0 / 0.35);
      }
      dialog::backdrop {
        background: rgb(10 8 12 / 0.55);
      }
      form {
        display: grid;
        gap: 0.9rem;
      }
      h2 {
        font-size: 1.125rem;
        overflow-wrap: anywhere;
      }
      .words {
        overflow-wrap: anywhere;
        display: -webkit-box;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 12;
        overflow: hidden;
      }
      label {
        display: grid;
        gap: 0.25rem;
        font-weight: 550;
      }
      label .quiet {
        font-weight: 400;
      }
      label.check {
        grid-template-columns: auto 1fr;
        align-items: center;
        gap: 0.5rem;
      }
      textarea {
        min-height: 6rem;
        resize: vertical;
      }
      .buttons {
        display: flex;
        justify-content: flex-end;
        gap: 0.5rem;
      }
      .effect {
        background: var(--good-ground);
        border: 1px solid var(--good);
        border-radius: 8px;
        padding: 0.6rem 0.8rem;
      }
    `,
  ];

  @property({ attribute: false }) api!: AdminApi;
  @state() private action: Action | null = null;
  @state() private progress: Progress = { phase: 'asking' };
  @query('dialog') private dialog!: HTMLDialogElement;
  @query('form') private form!: HTMLFormElement;

  /** One at a time: what is being typed is not taken away. */
  open(action: Action): void {
    if (this.action !== null) return;
    this.action = action;
    this.progress = { phase: 'asking' };
    void this.updateComplete.then(() => {
      this.form.reset();
      this.dialog.showModal();
    });
  }

  protected override render(): TemplateResult {
    return html`<dialog aria-labelledby="title" aria-describedby="words" @close=${this.#closed}>
      ${this.action === null ? nothing : this.#content(this.action)}
    </dialog>`;
  }

  #content(action: Action): TemplateResult {
    const { progress } = this;
    const isDone = progress.phase === 'done';
    return html`<form @submit=${this.#submit}>
      <h2 id="title">${action.title}</h2>
      <p class="words" id="words">${action.words}</p>
      ${isDone ? nothing : action.fields.map((field) => fieldOf(field))}
      <div role="status">
        ${isDone ? html`<p class="effect">${progress.effect}</p>` : nothing}
        ${progress.phase === 'running' ? html`<p class="quiet">Done when the server says so…</p>` : nothing}
      </div>
      ${progress.phase === 'failed' ? problemWords(progress.problem) : nothing}
      <div class="buttons">
        <button type="button" @click=${this.#cancel}>${isDone ? 'Close' : 'Cancel'}</button>
        ${
          isDone
            ? nothing
            : html`<button class="primary ${action.isDangerous ? 'danger' : ''}" ?disabled=${progress.phase === 'running'}>
                ${action.verb}
              </button>`
        }
      </div>
    </form>`;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { action } = this;
    if (action === null || this.progress.phase === 'running') return;
    const values: Record<string, string> = {};
    for (const [name, value] of new FormData(this.form)) if (typeof value === 'string') values[name] = value;
    this.progress = { phase: 'running' };
    const progress = await outcome(action, this.api, values);
    // Closed meanwhile: it was done all the same, and the audit says so.
    if (this.action !== action) return;
    this.progress = progress;
    await this.updateComplete;
    if (progress.phase === 'done') this.renderRoot.querySelector<HTMLElement>('.buttons button')?.focus();
  }

  #cancel(): void {
    this.dialog.close();
  }

  #closed(): void {
    this.action = null;
  }
}

async function outcome(action: Action, api: AdminApi, values: Record<string, string>): Promise<Progress> {
  try {
    return { phase: 'done', effect: await action.run(api, values) };
  } catch (error) {
    if (error instanceof ApiProblem) return { phase: 'failed', problem: error };
    throw error;
  }
}

/** The browser counts characters only. */
function measure(input: HTMLInputElement, bytesMax = Infinity): void {
  const bytes = new TextEncoder().encode(input.value).length;
  input.setCustomValidity(bytes > bytesMax ? `Too long: ${bytes} of at most ${bytesMax} bytes.` : '');
}

function fieldOf(field: Field): TemplateResult {
  const hint = field.hint === undefined ? nothing : html`<span class="quiet">${field.hint}</span>`;
  switch (field.kind) {
    case 'text':
      return html`<label>
        ${field.label} ${hint}
        ${
          field.isLong === true
            ? html`<textarea name=${field.name} maxlength=${field.lengthMax} ?required=${field.isRequired}></textarea>`
            : html`<input
                name=${field.name}
                maxlength=${field.lengthMax}
                ?required=${field.isRequired}
                autocomplete="off"
                @input=${(event: InputEvent) => measure(event.target as HTMLInputElement, field.bytesMax)}
              />`
        }
      </label>`;
    case 'choice':
      return html`<label>
        ${field.label} ${hint}
        <select name=${field.name}>
          ${field.choices.map(([value, words]) => html`<option value=${value}>${words}</option>`)}
        </select>
      </label>`;
    case 'check':
      return html`<label class="check"><input type="checkbox" name=${field.name} value="yes" /> ${field.label}</label>`;
    case 'word':
      return html`<label>
        ${field.label} ${hint}
        <input name=${field.name} required pattern=${field.word} autocomplete="off" autocapitalize="none" spellcheck="false" />
      </label>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'admin-confirm': AdminConfirm;
  }
}
