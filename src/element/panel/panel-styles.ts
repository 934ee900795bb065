// How the debug panel looks: one column on a phone, two where there is room.

import { css } from 'lit';

export const panelStyles = css`
  :host {
    border-top: 1px solid var(--_line);
    max-height: 55%;
    overflow-y: auto;
    font-size: 0.8125rem;
    container-type: inline-size;
  }
  .panel {
    padding: var(--_space);
    display: grid;
    gap: 0.5rem;
  }
  h2,
  h3 {
    margin: 0;
    font-size: 1em;
    display: inline;
  }
  h3 {
    font-weight: 600;
  }
  details {
    border-top: 1px solid var(--_line);
    min-width: 0;
  }
  summary {
    min-height: 2.25rem;
    align-content: center;
    cursor: pointer;
  }
  @media (pointer: coarse) {
    summary,
    select {
      min-height: 2.75rem;
    }
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    align-items: center;
  }
  .row button {
    border: 1px solid var(--_line);
  }
  dl {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr));
    gap: 0.35rem 0.75rem;
    margin: 0;
  }
  dt {
    color: var(--_muted);
  }
  dd {
    margin: 0;
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }
  .link {
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    padding: 0.5rem 0.75rem;
    margin-block: 0.35rem;
    display: grid;
    gap: 0.35rem;
  }
  fieldset {
    border: 0;
    padding: 0;
    margin: 0;
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1rem;
  }
  legend {
    padding: 0;
    color: var(--_muted);
  }
  input {
    accent-color: var(--_accent);
  }
  label {
    display: inline-flex;
    align-items: center;
    gap: 0.35rem;
    min-height: 2.25rem;
  }
  .trace {
    margin: 0;
    padding-inline-start: 1.5rem;
    overflow-wrap: anywhere;
  }
  .plots {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr));
    gap: 0.5rem;
    padding-block-end: 0.5rem;
  }
  .plot svg {
    display: block;
    width: 100%;
    height: 2.25rem;
    border-block-end: 1px solid var(--_line);
  }
  .plot path {
    fill: none;
    stroke: var(--_accent);
    stroke-width: 1.5;
  }
  .topology {
    display: block;
    width: 100%;
    max-width: 24rem;
    margin-inline: auto;
  }
  .topology text {
    font-size: 11px;
    fill: var(--_text);
    text-anchor: middle;
  }
  circle {
    fill: var(--_raised);
    stroke: var(--_muted);
  }
  .self circle {
    fill: var(--_accent);
    stroke: none;
  }
  line {
    stroke: var(--_good);
    stroke-width: 2;
  }
  line.dialing {
    stroke: var(--_muted);
    stroke-dasharray: 3 4;
  }
  line.suspect,
  line.down {
    stroke: var(--_danger);
    stroke-dasharray: 8 5;
  }
  textarea {
    width: 100%;
    min-height: 6rem;
    font: 0.75rem / 1.4 ui-monospace, monospace;
    color: inherit;
    background: var(--_raised);
    border: 1px solid var(--_line);
  }
  @container (min-width: 40rem) {
    .panel {
      grid-template-columns: 1fr 1fr;
    }
    .panel > h2,
    .panel > .row,
    .panel > fieldset,
    .panel > textarea {
      grid-column: 1 / -1;
    }
  }
`;
