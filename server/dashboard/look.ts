// The look in one place: dense and quiet, readable in a dark container office and in the sun at a gate.

import { css } from 'lit';

/** The document's own, adopted by it: everything else lives in shadow roots. */
export const page = css`
  html {
    background: light-dark(#f5f1ea, #121016);
    color: light-dark(#201a15, #efe9e2);
    font:
      400 0.9375rem/1.45 'Avenir Next',
      Avenir,
      'Segoe UI',
      system-ui,
      sans-serif;
    color-scheme: light dark;
    scroll-padding-block: 4.5rem 5rem;
  }
  body {
    margin: 0;
  }
`;

/** Set by the outermost element; the others inherit them. */
export const tokens = css`
  :host {
    --ground: light-dark(#f5f1ea, #121016);
    --surface: light-dark(#fffdf9, #1a1720);
    --raised: light-dark(#efe8dd, #25212c);
    --line: light-dark(#dcd2c3, #38323f);
    --text: light-dark(#201a15, #efe9e2);
    --muted: light-dark(#635749, #ada4b2);
    --accent: light-dark(#a8350b, #ffb066);
    --on-accent: light-dark(#ffffff, #2a1503);
    --sea: light-dark(#1d5a85, #86bde4);
    --good: light-dark(#1b6336, #7fd8a0);
    --warn: light-dark(#7a4d00, #f2c566);
    --danger: light-dark(#a31919, #ff9d92);
    --danger-ground: light-dark(#fbe6e1, #3a1d20);
    --warn-ground: light-dark(#f8ecd0, #332916);
    --good-ground: light-dark(#e2efdf, #182b20);
    --on-danger: light-dark(#ffffff, #33100c);
    --radius: 10px;
  }
`;

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
  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  h1 {
    font-size: 1.375rem;
    line-height: 1.25;
    letter-spacing: -0.01em;
    overflow-wrap: anywhere;
  }
  h1:focus {
    outline: none;
  }
  h2 {
    font-size: 0.9375rem;
    font-weight: 650;
  }
  a {
    color: var(--accent);
    text-underline-offset: 0.2em;
  }
  button,
  .button {
    font: inherit;
    font-weight: 550;
    color: var(--text);
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: 8px;
    padding: 0.25rem 0.7rem;
    min-height: 2.125rem;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.4em;
    cursor: pointer;
    text-decoration: none;
    white-space: nowrap;
  }
  button:hover:not(:disabled) {
    background: var(--raised);
  }
  button.primary {
    background: var(--accent);
    border-color: var(--accent);
    color: var(--on-accent);
  }
  button.danger {
    color: var(--danger);
  }
  button.primary.danger {
    background: var(--danger);
    border-color: var(--danger);
    color: var(--on-danger);
  }
  button.primary:hover:not(:disabled) {
    filter: brightness(1.08);
    background: var(--accent);
  }
  button.primary.danger:hover:not(:disabled) {
    background: var(--danger);
  }
  /* The latter keeps the focus. */
  button:disabled,
  button[aria-disabled='true'] {
    opacity: 0.55;
    cursor: default;
  }
  button.small {
    min-height: 1.75rem;
    padding: 0.05rem 0.5rem;
    font-size: 0.8125rem;
  }
  input,
  textarea,
  select {
    font: inherit;
    font-weight: 400;
    font-size: max(16px, 1em);
    color: var(--text);
    background: var(--surface);
    border: 1px solid color-mix(in srgb, var(--muted) 70%, var(--line));
    border-radius: 8px;
    padding: 0.35rem 0.6rem;
    min-height: 2.375rem;
    min-width: 0;
    max-width: 100%;
  }
  input[type='checkbox'],
  input[type='radio'] {
    min-height: 0;
    width: 1.125rem;
    height: 1.125rem;
    accent-color: var(--accent);
  }
  @media (pointer: coarse) {
    button,
    .button,
    input:not([type='checkbox'], [type='radio']),
    select {
      min-height: 2.75rem;
    }
    button.small {
      min-height: 2.5rem;
      padding-inline: 0.7rem;
    }
  }
  ::placeholder {
    color: var(--muted);
    opacity: 1;
  }
  :focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }
  .card {
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    padding: 0.85rem 1rem;
    min-width: 0;
  }
  .stack {
    display: grid;
    gap: 0.85rem;
    grid-template-columns: minmax(0, 1fr);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem;
  }
  .spread {
    justify-content: space-between;
  }
  .quiet {
    color: var(--muted);
    font-size: 0.8125rem;
  }
  .number,
  time {
    font-variant-numeric: tabular-nums;
  }
  .tag {
    font:
      500 0.8125rem/1.3 ui-monospace,
      'SF Mono',
      Menlo,
      Consolas,
      monospace;
    color: var(--muted);
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
    display: block;
    flex: none;
  }
`;

/** Tables: names left, figures right, lines thin; what is second in importance goes first on a phone. */
export const table = css`
  table + p {
    margin-top: 0.6rem;
  }
  table {
    border-collapse: collapse;
    width: 100%;
    font-size: 0.875rem;
  }
  th,
  td {
    text-align: start;
    padding: 0.4rem 0.75rem 0.4rem 0;
    border-bottom: 1px solid var(--line);
    vertical-align: baseline;
    overflow-wrap: anywhere;
  }
  thead th {
    color: var(--muted);
    font-weight: 550;
    font-size: 0.8125rem;
    white-space: nowrap;
  }
  tbody th {
    font-weight: 550;
  }
  tbody tr:last-child > * {
    border-bottom: 0;
  }
  th.number,
  td.number {
    text-align: end;
    white-space: nowrap;
  }
  th:last-child,
  td:last-child {
    padding-inline-end: 0;
  }
  td.actions {
    text-align: end;
    white-space: nowrap;
  }
  td.actions .row {
    justify-content: flex-end;
    flex-wrap: nowrap;
  }
  @media (max-width: 40rem) {
    .wide {
      display: none;
    }
    td.actions .row {
      flex-wrap: wrap;
    }
  }
`;

/** What a list shows when there is nothing, or when it could not be had. */
export const states = css`
  .empty {
    padding: 1.5rem 0.5rem;
    text-align: center;
    color: var(--muted);
  }
  .problem {
    background: var(--danger-ground);
    border: 1px solid var(--danger);
    border-radius: 8px;
    padding: 0.6rem 0.8rem;
  }
  .problem code {
    font-size: 0.8125rem;
    color: var(--muted);
  }
`;
