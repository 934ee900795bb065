// The look in one place: custom properties a site may set, and what holds when it does not.

import { css } from 'lit';

/**
 * Set on the host's inner root, so that nothing a page does to the host reaches them. A theme (`themes.ts`) sets the
 * `--_t-…` of the palette; what the page sets as `--fc-…` wins over it.
 */
export const tokens = css`
  .root {
    --_t-surface: #fffaf2;
    --_t-raised: #f3eadc;
    --_t-text: #241b14;
    --_t-muted: #6b5c4f;
    --_t-line: #dccfbd;
    --_t-accent: #b23a0e;
    --_t-on-accent: #ffffff;
    --_t-own: #ffe3cf;
    --_t-danger: #a61b1b;
    --_t-good: #1f6b3a;
    color-scheme: light;
  }
  .root[data-mode='dark'] {
    --_t-surface: #17131d;
    --_t-raised: #251f2e;
    --_t-text: #f6efe6;
    --_t-muted: #b9adc2;
    --_t-line: #3b3347;
    --_t-accent: #ffb066;
    --_t-on-accent: #2a1503;
    --_t-own: #4a2c1a;
    --_t-danger: #ff9a8f;
    --_t-good: #7fd8a0;
    color-scheme: dark;
  }
  .root {
    --_surface: var(--fc-surface, var(--_t-surface));
    --_raised: var(--fc-raised, var(--_t-raised));
    --_text: var(--fc-text, var(--_t-text));
    --_muted: var(--fc-muted, var(--_t-muted));
    --_line: var(--fc-line, var(--_t-line));
    --_accent: var(--fc-accent, var(--_t-accent));
    --_on-accent: var(--fc-on-accent, var(--_t-on-accent));
    --_own: var(--fc-own, var(--_t-own));
    --_on-own: var(--fc-on-own, var(--_t-on-own, var(--_text)));
    --_danger: var(--fc-danger, var(--_t-danger));
    --_good: var(--fc-good, var(--_t-good));
    --_header: var(--fc-header, var(--_t-header, var(--_surface)));
    --_on-header: var(--fc-on-header, var(--_t-on-header, var(--_text)));
    --_space: var(--fc-space, 0.75rem);
    --_radius: var(--fc-radius, var(--_t-radius, 16px));
    --_font: var(--fc-font, var(--_t-font, 'Avenir Next', Avenir, 'Segoe UI', system-ui, sans-serif));
    --_heading-font: var(--fc-heading-font, var(--_t-heading-font, var(--_font)));
    --_size: var(--fc-size, 1rem);
    color: var(--_text);
    font: 400 var(--_size) / 1.4 var(--_font);
  }
`;

/** Shared by all parts: buttons, fields, focus, and what only screen readers get. */
export const base = css`
  :host {
    display: block;
    min-width: 0;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before {
    box-sizing: border-box;
  }
  button {
    font: inherit;
    color: inherit;
    background: none;
    border: 0;
    border-radius: calc(var(--_radius) * 0.6);
    padding: 0.35em 0.6em;
    min-height: 2.25rem;
    min-width: 2.25rem;
    cursor: pointer;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.4em;
    touch-action: manipulation;
  }
  @media (pointer: coarse) {
    button {
      min-height: 2.75rem;
      min-width: 2.75rem;
    }
  }
  button:hover {
    background: color-mix(in srgb, currentColor 10%, transparent);
  }
  button.primary {
    background: var(--_accent);
    color: var(--_on-accent);
    font-weight: 600;
  }
  button.primary:hover {
    background: color-mix(in srgb, var(--_accent) 88%, var(--_text));
  }
  button:disabled {
    opacity: 0.55;
    cursor: default;
  }
  textarea,
  input {
    font: inherit;
    font-size: max(16px, 1em);
    color: var(--_text);
    background: var(--_raised);
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    padding: 0.55em 0.9em;
    min-width: 0;
    min-height: 2.75rem;
  }
  ::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  :focus-visible {
    outline: 3px solid var(--_accent);
    outline-offset: 2px;
  }
  textarea:focus-visible,
  input:focus-visible {
    outline-offset: -1px;
  }
  .quiet {
    color: var(--_muted);
    font-size: 0.8125em;
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  svg {
    flex: none;
  }
  @media (forced-colors: active) {
    button {
      border: 1px solid ButtonText;
    }
  }
`;
