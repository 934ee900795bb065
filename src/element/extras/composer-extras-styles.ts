import { css } from 'lit';

export const composerExtrasStyles = css`
  .limit {
    padding-inline: var(--_space);
    text-align: end;
  }
  .emoji,
  .attach {
    order: -1;
    align-self: flex-end;
    min-height: 2.75rem;
    color: var(--_muted);
    border-radius: 50%;
    border: 0;
  }
  .notice {
    display: flex;
    align-items: flex-start;
    gap: 0.5rem;
    margin: 0;
    padding: 0.45rem var(--_space);
    border-block-start: 1px solid var(--_line);
    background: var(--_raised);
    font-size: 0.875em;
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }
  .notice span {
    unicode-bidi: isolate;
    min-width: 0;
    flex: 1;
  }
  .notice svg {
    margin-block-start: 0.15em;
    color: var(--_muted);
  }
  .notice.locked {
    max-height: 9em;
    overflow-y: auto;
    font-weight: 500;
  }
  .notice.locked svg {
    color: var(--_danger);
  }
  textarea[readonly] {
    color: var(--_muted);
    cursor: default;
  }
  .context {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    padding: 0.35rem var(--_space) 0;
    border-block-start: 1px solid var(--_line);
    font-size: 0.875em;
  }
  .context + form {
    border: 0;
  }
  .context > span {
    flex: 1;
    min-width: 0;
    border-inline-start: 3px solid var(--_accent);
    padding-inline-start: 0.6rem;
    overflow: clip;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .context strong {
    display: block;
    font-weight: 600;
    color: var(--_accent);
  }
  .mentions {
    position: absolute;
    inset-block-end: 100%;
    inset-inline: var(--_space);
    max-width: 20rem;
    margin: 0;
    padding: 0.3rem;
    list-style: none;
    z-index: 2;
    background: var(--_surface);
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    box-shadow: 0 6px 24px rgb(0 0 0 / 0.25);
  }
  .mentions li {
    padding: 0.45rem 0.7rem;
    border-radius: calc(var(--_radius) * 0.6);
    cursor: pointer;
    overflow: clip;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .mentions li[aria-selected='true'],
  .mentions li:hover {
    background: var(--_raised);
  }
  @media (pointer: coarse) {
    .mentions li {
      padding-block: 0.65rem;
    }
  }
  @media (forced-colors: active) {
    .mentions li[aria-selected='true'] {
      outline: 2px solid Highlight;
    }
  }
  @container (max-width: 16rem) {
    .emoji {
      display: none;
    }
  }
`;
