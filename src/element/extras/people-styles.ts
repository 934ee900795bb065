// People: a colour from the key, the letter in a circle, and the key's tag.

import { css } from 'lit';

/** People one below the other, each with what can be done beside the name. */
export const peopleRows = css`
  ul {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  li {
    display: flex;
    align-items: center;
    gap: 0.6rem;
    min-height: 2.75rem;
  }
  .who {
    flex: 1;
    min-width: 0;
  }
  h3 {
    font-size: 0.8125em;
    color: var(--_muted);
  }
`;

/** A switch and what it says. */
export const switchStyles = css`
  .switch {
    display: flex;
    align-items: center;
    gap: 0.6rem;
    min-height: 2.75rem;
  }
  .switch input {
    flex: none;
    width: 1.25rem;
    height: 1.25rem;
    min-height: 0;
    margin: 0;
    accent-color: var(--_accent);
  }
  .switch input[aria-disabled='true'] {
    opacity: 0.55;
  }
`;

export const peopleStyles = css`
  .avatar {
    flex: none;
    width: 1.85rem;
    height: 1.85rem;
    border-radius: 50%;
    display: grid;
    place-items: center;
    overflow: clip;
    font-size: 0.9375rem;
    font-weight: 650;
    line-height: 1;
    color: color-mix(in oklab, var(--hue) 45%, var(--_text));
    background: color-mix(in oklab, var(--hue) 22%, var(--_surface));
  }
  .tag {
    font: 400 0.8em / 1 ui-monospace, monospace;
    color: var(--_muted);
    flex: none;
  }
  .tag.shared {
    color: var(--_danger);
    border: 1px solid currentColor;
    border-radius: 0.4em;
    padding: 0.1em 0.3em;
  }
  .hue-0 {
    --hue: #e5484d;
  }
  .hue-1 {
    --hue: #e07b00;
  }
  .hue-2 {
    --hue: #a18400;
  }
  .hue-3 {
    --hue: #2f9e44;
  }
  .hue-4 {
    --hue: #0c9aa6;
  }
  .hue-5 {
    --hue: #2b7fff;
  }
  .hue-6 {
    --hue: #8b5cf6;
  }
  .hue-7 {
    --hue: #d6409f;
  }
`;

/** Some systems have black and white emoji in their text fonts, and take those first. */
export const emojiFont = css`
  :host {
    --_emoji-font: 'Apple Color Emoji', 'Segoe UI Emoji', 'Noto Color Emoji', var(--_font);
  }
`;
