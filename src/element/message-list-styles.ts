// How the list of messages looks. Sizes follow the list's own width, from a watch to a wall.

import { css } from 'lit';

export const messageListStyles = css`
  :host {
    position: relative;
    flex: 1;
    min-height: 0;
    display: flex;
    flex-direction: column;
    container-type: inline-size;
  }
  .scroll {
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    overflow-x: clip;
    overscroll-behavior: contain;
    overflow-anchor: none;
    scrollbar-width: thin;
    scrollbar-color: var(--_line) transparent;
    display: flex;
    flex-direction: column;
  }
  .feed {
    padding: var(--_space);
    padding-block: 0.5rem;
    margin-block-start: auto;
    width: 100%;
    max-width: 60rem;
    margin-inline: auto;
  }
  .message {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    padding-inline-start: 2.4rem;
    padding-block-end: 0.15rem;
  }
  .message.last {
    padding-block-end: 0.6rem;
  }
  .mine {
    align-items: flex-end;
    padding-inline-start: 2rem;
  }
  .author {
    display: flex;
    align-items: center;
    gap: 0.4em;
    font-weight: 650;
    font-size: 0.875em;
    line-height: 1.5;
    max-width: 100%;
    padding-inline-start: 0.2rem;
    position: relative;
  }
  .author bdi {
    overflow: clip;
    text-overflow: ellipsis;
    white-space: nowrap;
    min-width: 0;
  }
  .line {
    display: flex;
    align-items: center;
    gap: 0.25rem;
    max-width: min(100%, 38rem);
    position: relative;
  }
  .mine .line {
    flex-direction: row-reverse;
  }
  .bubble {
    background: var(--_raised);
    border: 1px solid transparent;
    border-radius: var(--_radius);
    padding: 0.4em 0.8em;
    min-width: 0;
    overflow: clip;
  }
  .bubble::after {
    content: '';
    display: block;
    clear: both;
  }
  .mine .bubble {
    background: var(--_own);
    color: var(--_on-own);
  }
  .text {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
  }
  .meta {
    float: inline-end;
    display: inline-flex;
    align-items: center;
    gap: 0.35em;
    font-size: 0.6875em;
    line-height: 1;
    margin-block-start: 0.75em;
    margin-inline-start: 0.9em;
    color: color-mix(in srgb, currentColor 72%, transparent);
    font-variant-numeric: tabular-nums;
  }
  .delivery {
    min-width: 1.5rem;
    min-height: 1.5rem;
    padding: 0;
    margin: -0.6rem -0.35rem -0.5rem -0.2rem;
    border: 0;
  }
  .empty {
    margin: auto;
    text-align: center;
    padding: 2rem 1rem;
    color: var(--_muted);
  }
`;
