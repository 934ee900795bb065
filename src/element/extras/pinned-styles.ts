import { css } from 'lit';

export const pinnedStyles = css`
  :host {
    container-type: inline-size;
    flex: none;
  }
  section {
    padding: 0.15rem 0.5rem 0.4rem var(--_space);
    border-block-end: 1px solid var(--_line);
    border-inline-start: 4px solid var(--_accent);
    background: color-mix(in oklab, var(--_accent) 9%, var(--_surface));
  }
  .folded {
    padding-block-end: 0.15rem;
  }
  .head {
    display: flex;
    align-items: center;
    gap: 0.25rem;
  }
  .head > svg {
    color: var(--_accent);
    margin-inline-end: 0.25rem;
  }
  strong {
    flex: 1;
    min-width: 0;
    font-size: 0.8125em;
    font-weight: 650;
    overflow: clip;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .next {
    flex: none;
    padding-inline: 0.4em;
    gap: 0.15em;
    font-size: 0.8125em;
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
  }
  .next:dir(rtl) svg {
    transform: scaleX(-1);
  }
  .text {
    display: block;
    width: 100%;
    /* Five lines; the rest is read by scrolling, or at the message itself. */
    max-height: 7em;
    overflow-y: auto;
    scrollbar-width: thin;
    padding: 0 0.25rem;
    min-height: 0;
    text-align: start;
    font-weight: 500;
    overflow-wrap: anywhere;
    border-radius: 0.4rem;
  }
  div.text,
  .text span {
    white-space: pre-wrap;
  }
  button.text {
    min-height: 1.5rem;
  }
  .text span {
    display: block;
    unicode-bidi: isolate;
  }
  .folded .text {
    flex: 1;
    width: auto;
    min-width: 0;
    min-height: 2.25rem;
    align-content: center;
    overflow: clip;
  }
  .folded .text span {
    white-space: nowrap;
    text-overflow: ellipsis;
    overflow: clip;
  }
  :host([large]) section {
    font-size: clamp(1.15rem, 2.6cqi, 4.5rem);
    padding: 0.4em 3cqi 0.5em;
  }
  @media (pointer: coarse) {
    button.text,
    .folded .text {
      min-height: 2.75rem;
    }
  }
  @media (forced-colors: active) {
    section {
      border-inline-start-color: Highlight;
    }
    button.text {
      border: 0;
    }
  }
`;
