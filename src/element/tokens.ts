// The look in one place: custom properties a site may set, and what holds when it does not.

import { css } from 'lit';

const light = css`
  --_surface: var(--fc-surface, #fffaf2);
  --_raised: var(--fc-raised, #f3eadc);
  --_text: var(--fc-text, #241b14);
  --_muted: var(--fc-muted, #6b5c4f);
  --_line: var(--fc-line, #dccfbd);
  --_accent: var(--fc-accent, #b23a0e);
  --_on-accent: var(--fc-on-accent, #ffffff);
  --_own: var(--fc-own, #ffe3cf);
  --_danger: var(--fc-danger, #a61b1b);
  --_good: var(--fc-good, #1f6b3a);
`;

const dark = css`
  --_surface: var(--fc-surface, #17131d);
  --_raised: var(--fc-raised, #251f2e);
  --_text: var(--fc-text, #f6efe6);
  --_muted: var(--fc-muted, #b9adc2);
  --_line: var(--fc-line, #3b3347);
  --_accent: var(--fc-accent, #ffb066);
  --_on-accent: var(--fc-on-accent, #2a1503);
  --_own: var(--fc-own, #4a2c1a);
  --_danger: var(--fc-danger, #ff9a8f);
  --_good: var(--fc-good, #7fd8a0);
`;

/** Set on the host's inner root, so that nothing a page does to the host reaches them. */
export const tokens = css`
  .root {
    ${light}
    --_space: var(--fc-space, 0.75rem);
    --_radius: var(--fc-radius, 14px);
    --_font: var(--fc-font, 'Avenir Next', Avenir, 'Segoe UI', system-ui, sans-serif);
    --_size: var(--fc-size, 1rem);
    color-scheme: light;
    color: var(--_text);
    font: 400 var(--_size) / 1.4 var(--_font);
  }
  @media (prefers-color-scheme: dark) {
    .root[data-mode='auto'] {
      ${dark}
      color-scheme: dark;
    }
  }
  .root[data-mode='dark'] {
    ${dark}
    color-scheme: dark;
  }
`;

/** Shared by all parts: buttons, focus, and what only screen readers get. */
export const base = css`
  :host {
    display: block;
    min-width: 0;
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
    padding: 0.4em 0.7em;
    min-height: 2.25rem;
    min-width: 2.25rem;
    cursor: pointer;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.4em;
  }
  @media (pointer: coarse) {
    button {
      min-height: 2.75rem;
      min-width: 2.75rem;
    }
  }
  button:hover {
    background: var(--_raised);
  }
  button.primary {
    background: var(--_accent);
    color: var(--_on-accent);
    font-weight: 600;
  }
  :focus-visible {
    outline: 3px solid var(--_accent);
    outline-offset: 2px;
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
