// Where the chat stands on the page, and its frame. A mode is a layout; sizes follow the chat's own width.

import { css } from 'lit';

export const chatStyles = css`
  .root {
    display: flex;
    height: var(--fc-height, 34rem);
    max-height: 100dvh;
    min-height: 12rem;
  }
  .chat {
    flex: 1;
    min-width: 0;
    display: flex;
    position: relative;
    background: var(--_surface);
    color: var(--_text);
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    overflow: clip;
    container-type: inline-size;
    text-align: start;
  }
  .body {
    flex: 1;
    min-width: 0;
    display: flex;
    flex-direction: column;
  }
  header {
    display: flex;
    align-items: center;
    gap: 0.25rem;
    padding-block: 0.5rem;
    padding-inline: var(--_space) 0.5rem;
    background: var(--_header);
    color: var(--_on-header);
    border-block-end: 1px solid var(--_line);
  }
  .title {
    flex: 1;
    min-width: 0;
  }
  h1 {
    font: 700 1.0625em / 1.25 var(--_heading-font);
    margin: 0;
    overflow: clip;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .members {
    font-size: 0.875em;
    white-space: nowrap;
  }
  .failure {
    margin: 0;
    padding: 0.4rem var(--_space);
    color: var(--_danger);
    font-size: 0.875em;
    border-block-start: 1px solid var(--_line);
  }
  [data-layout='floating'],
  [data-layout='fullscreen'] {
    position: fixed;
    z-index: var(--fc-z-index, 1000);
    inset: auto;
    inset-block-end: max(1rem, env(safe-area-inset-bottom));
    inset-inline-end: 1rem;
    height: auto;
    min-height: 0;
  }
  [data-layout='floating'] .chat {
    width: min(var(--fc-width, 25rem), calc(100vw - 2rem));
    height: min(var(--fc-height, 38rem), calc(100dvh - 2rem));
    box-shadow: 0 12px 48px rgb(0 0 0 / 0.3);
  }
  [data-layout='fullscreen'] {
    inset: 0;
    max-height: none;
  }
  [data-layout='fullscreen'] .chat {
    border: 0;
    border-radius: 0;
  }
  [data-layout='fullscreen'] header {
    padding-block-start: max(0.5rem, env(safe-area-inset-top));
  }
  [data-layout='overlay'] {
    height: 100%;
    max-height: none;
  }
  [data-layout='overlay'] header {
    font-size: clamp(1.1rem, 2vw, 2.5rem);
  }
  .launcher {
    background: var(--_accent);
    color: var(--_on-accent);
    border-radius: 2rem;
    min-height: 3.5rem;
    min-width: 3.5rem;
    box-shadow: 0 6px 24px rgb(0 0 0 / 0.3);
    position: relative;
  }
  .launcher svg {
    width: 1.5rem;
    height: 1.5rem;
  }
  .launcher:hover {
    background: color-mix(in srgb, var(--_accent) 88%, var(--_text));
  }
  .badge {
    position: absolute;
    inset-block-start: -0.35rem;
    inset-inline-end: -0.35rem;
    min-width: 1.5rem;
    padding: 0 0.35rem;
    border-radius: 1rem;
    background: var(--_text);
    color: var(--_surface);
    font-size: 0.8125rem;
    line-height: 1.5rem;
  }
  @media (max-width: 480px) {
    [data-layout='floating'] .chat {
      width: 100%;
      height: 100%;
      border: 0;
      border-radius: 0;
    }
    [data-layout='floating'][data-open],
    [data-layout='fullscreen'] {
      inset: var(--_visible-top, 0) 0 auto;
      height: var(--_visible-height, 100dvh);
      max-height: none;
    }
  }
  @container (max-width: 20rem) {
    header {
      padding: 0.25rem 0.4rem;
      flex-wrap: wrap;
    }
  }
`;
