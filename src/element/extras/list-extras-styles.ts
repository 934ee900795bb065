// How the pieces look that are fetched after the messages are there.

import { css } from 'lit';

export const listExtrasStyles = css`
  .day,
  .unread {
    display: flex;
    align-items: center;
    gap: 0.75rem;
    justify-content: center;
    font-size: 0.75em;
    color: var(--_muted);
    padding-block: 0.75rem 0.35rem;
  }
  .day span {
    padding: 0.2em 0.9em;
    border-radius: 2em;
    background: var(--_raised);
  }
  .earlier {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    padding-block-start: 0.5rem;
    font-size: 0.8125em;
    color: var(--_muted);
  }
  .earlier button {
    color: var(--_accent);
    font-weight: 600;
  }
  .author svg {
    color: var(--_good);
    display: block;
  }
  .message.first:not(.mine) .bubble {
    border-start-start-radius: 0.3rem;
  }
  .mine.last .bubble {
    border-end-end-radius: 0.3rem;
  }
  .announcement {
    border-inline-start: 4px solid var(--_accent);
    font-weight: 600;
  }
  .retracted .text {
    font-style: italic;
    opacity: 0.75;
  }
  .clamped {
    position: relative;
  }
  .clamped .text {
    display: block;
    max-height: 14rem;
    overflow: clip;
    mask-image: linear-gradient(#000 75%, transparent);
  }
  .all {
    text-decoration: underline;
    padding-inline: 0;
  }
  .typing {
    display: flex;
    align-items: center;
    gap: 0.5em;
    width: 100%;
    max-width: 60rem;
    margin-inline: auto;
    padding: 0 calc(var(--_space) + 2.4rem) 0.5rem;
    font-size: 0.8125em;
    color: var(--_muted);
    overflow-wrap: anywhere;
  }
  .dots {
    display: inline-flex;
    gap: 0.2em;
  }
  .dots i {
    width: 0.35em;
    height: 0.35em;
    border-radius: 50%;
    background: currentColor;
  }
  .unread {
    color: var(--_accent);
    font-weight: 650;
  }
  .unread::before,
  .unread::after {
    content: '';
    flex: 1;
    height: 1px;
    background: currentColor;
  }
  .author .avatar {
    position: absolute;
    inset-inline-end: 100%;
    inset-block-start: 0.2em;
    margin-inline-end: 0.35rem;
  }
  .jumbo {
    background: none !important;
    padding-inline: 0.2em;
  }
  .jumbo .text {
    font-size: 2.25em;
    line-height: 1.25;
  }
  .mention {
    font-weight: 600;
  }
  .own-mention {
    background: var(--_accent);
    color: var(--_on-accent);
    border-radius: 0.35em;
    padding: 0 0.25em;
  }
  .quote {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    gap: 0;
    width: 100%;
    min-height: 0;
    text-align: start;
    font-size: 0.8125em;
    line-height: 1.35;
    padding: 0.3em 0.6em;
    margin-block: 0.15em 0.35em;
    border-radius: 0.5em;
    border-inline-start: 3px solid var(--hue, var(--_line));
    background: color-mix(in srgb, currentColor 7%, transparent);
  }
  .quote bdi {
    font-weight: 650;
  }
  .quote span {
    display: -webkit-box;
    -webkit-line-clamp: 2;
    -webkit-box-orient: vertical;
    overflow: clip;
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
  }
  .below {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.25rem;
    margin-block-start: 0.2rem;
    font-size: 0.8125em;
  }
  .reaction {
    min-height: 1.75rem;
    min-width: 2.5rem;
    padding: 0 0.6em;
    border: 1px solid var(--_line);
    border-radius: 1em;
    background: var(--_surface);
    font-variant-numeric: tabular-nums;
    max-width: 8rem;
    overflow: clip;
  }
  .reaction:disabled {
    opacity: 1;
  }
  .reaction[aria-pressed='true'] {
    border-color: var(--_accent);
    background: color-mix(in srgb, var(--_accent) 14%, var(--_surface));
  }
  .failed,
  .delivery[data-state='failed'] {
    color: var(--_danger);
  }
  .retry {
    text-decoration: underline;
  }
  .tools {
    display: flex;
    flex: none;
    align-self: flex-start;
    border: 1px solid var(--_line);
    border-radius: 2em;
    background: var(--_surface);
    position: absolute;
    inset-block-start: -0.9rem;
    inset-inline-end: -0.5rem;
    z-index: 1;
  }
  .mine .tools {
    inset-inline: -0.5rem auto;
  }
  .tools button {
    min-width: 2rem;
    min-height: 1.9rem;
    padding: 0.2em;
    border-radius: 2em;
    border: 0;
    color: var(--_muted);
  }
  .tools button:hover {
    color: var(--_text);
  }
  a {
    color: inherit;
    text-decoration-color: var(--_accent);
    text-underline-offset: 0.15em;
  }
  @media (pointer: coarse) {
    .bubble {
      -webkit-touch-callout: none;
    }
    .reaction {
      min-height: 2.25rem;
    }
    .tools {
      display: none;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .dots i {
      animation: dot 1.2s infinite;
    }
    .dots i:nth-child(2) {
      animation-delay: 0.2s;
    }
    .dots i:nth-child(3) {
      animation-delay: 0.4s;
    }
    @keyframes dot {
      30% {
        opacity: 0.25;
      }
    }
    .row.flash .bubble {
      animation: flash 1.6s ease-out;
    }
    @keyframes flash {
      from {
        box-shadow: 0 0 0 3px var(--_accent);
      }
      to {
        box-shadow: 0 0 0 3px transparent;
      }
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .row.flash .bubble {
      border-color: var(--_accent);
    }
  }
  @media (forced-colors: active) {
    .bubble,
    .reaction,
    .day span {
      border: 1px solid CanvasText;
    }
    .mine .bubble,
    .reaction[aria-pressed='true'] {
      border: 2px solid Highlight;
    }
    .delivery,
    .tools button {
      border: 0;
    }
  }
  :host([large]) .avatar {
    width: 2.1em;
    height: 2.1em;
    font-size: 1em;
    margin-inline-end: 0.5em;
  }
  .for-self .bubble {
    border-color: var(--_accent);
  }
  .waits {
    display: inline-flex;
    align-items: center;
    gap: 0.35em;
    color: var(--_muted);
    font-size: 0.8125em;
  }
  .row {
    border-radius: var(--_radius);
    outline-offset: -1px;
  }
  .author bdi {
    color: color-mix(in oklab, var(--hue) 62%, var(--_text));
  }
  @container (max-width: 20rem) {
    .feed {
      padding-inline: 0.4rem;
    }
    .message {
      padding-inline-start: 0;
    }
    .mine {
      padding-inline-start: 0.75rem;
    }
    .avatar {
      display: none;
    }
  }
  :host([large]) .feed {
    font-size: clamp(1.15rem, 2.6cqi, 4.5rem);
    max-width: none;
    padding-inline: 3cqi;
  }
  :host([large]) .message {
    padding-inline-start: 2.6em;
    padding-block-end: 0.3em;
  }
  :host([large]) .line {
    max-width: 100%;
  }
  :host([large]) .scroll {
    scrollbar-width: none;
  }
  .new {
    position: absolute;
    inset-block-end: 0.75rem;
    inset-inline: 0;
    margin-inline: auto;
    width: fit-content;
    background: var(--_accent);
    color: var(--_on-accent);
    border-radius: 2em;
    padding-inline: 1em;
    font-weight: 600;
    font-size: 0.875em;
    box-shadow: 0 2px 14px rgb(0 0 0 / 0.3);
  }
  .new.plain {
    background: var(--_surface);
    color: var(--_text);
    border: 1px solid var(--_line);
    padding: 0;
    inset-inline: auto 0.75rem;
  }
`;
