import { css } from 'lit';

/** A rail of pages at the left of a desk, a bar of them under the thumb on a phone. */
export const deskStyles = css`
  :host {
    display: grid;
    grid-template: 'header header' auto 'nav main' 1fr / 11.5rem minmax(0, 1fr);
    min-height: 100svh;
  }
  .skip {
    position: absolute;
    inset-inline-start: 1rem;
    top: -5rem;
    z-index: 4;
    padding: 0.6rem 1rem;
    background: var(--surface);
    border-radius: 8px;
  }
  .skip:focus {
    top: 0.5rem;
  }
  header {
    grid-area: header;
    position: sticky;
    top: 0;
    z-index: 3;
    display: flex;
    align-items: center;
    gap: 0.5rem 1rem;
    padding: 0.5rem 1.25rem;
    background: var(--surface);
    border-bottom: 1px solid var(--line);
  }
  .brand {
    display: inline-flex;
    align-items: center;
    gap: 0.5rem;
    font-weight: 650;
    white-space: nowrap;
  }
  .brand .quiet {
    font-size: 1em;
    font-weight: 400;
  }
  .state {
    display: flex;
    align-items: center;
    gap: 0 0.45rem;
    min-width: 0;
    margin-inline-end: auto;
    font-size: 0.875rem;
  }
  .dot {
    flex: none;
    width: 0.6rem;
    height: 0.6rem;
    border-radius: 50%;
    background: var(--good);
  }
  .state.danger {
    color: var(--danger);
    font-weight: 600;
  }
  .state.danger .dot {
    background: none;
    border: 2px solid var(--danger);
  }
  nav {
    grid-area: nav;
    padding: 1rem 0.75rem;
    border-inline-end: 1px solid var(--line);
  }
  nav ul {
    position: sticky;
    top: 4.5rem;
    display: grid;
    gap: 0.125rem;
  }
  nav a {
    display: flex;
    align-items: center;
    gap: 0.6rem;
    padding: 0.45rem 0.65rem;
    border-radius: 8px;
    color: var(--text);
    text-decoration: none;
  }
  nav a:hover {
    background: var(--raised);
  }
  nav a[aria-current] {
    background: var(--raised);
    font-weight: 650;
    box-shadow: inset 3px 0 0 var(--accent);
  }
  main {
    grid-area: main;
    padding: 1.25rem;
    max-width: 90rem;
  }
  @media (max-width: 50rem) {
    :host {
      grid-template: 'header' auto 'main' 1fr / minmax(0, 1fr);
      padding-bottom: calc(4rem + env(safe-area-inset-bottom));
    }
    header {
      flex-wrap: wrap;
      gap: 0.5rem;
      padding: 0.5rem 0.75rem;
    }
    header .row {
      flex-wrap: nowrap;
      gap: 0.35rem;
    }
    .state .quiet {
      display: none;
    }
    .state.danger {
      order: 3;
      flex-basis: 100%;
    }
    header .row {
      margin-inline-start: auto;
    }
    .brand > span {
      display: none;
    }
    main {
      padding: 0.9rem 0.75rem;
    }
    nav {
      position: fixed;
      inset: auto 0 0;
      z-index: 3;
      padding: 0.25rem 0.125rem calc(0.25rem + env(safe-area-inset-bottom));
      background: var(--surface);
      border: 0;
      border-top: 1px solid var(--line);
    }
    nav ul {
      position: static;
      grid-template-columns: repeat(6, minmax(0, 1fr));
      gap: 0;
    }
    nav a {
      flex-direction: column;
      gap: 0.125rem;
      min-height: 3.25rem;
      padding: 0.35rem 0;
      font-size: 0.6875rem;
      letter-spacing: -0.01em;
    }
    nav a[aria-current] {
      box-shadow: inset 0 3px 0 var(--accent);
      border-radius: 0 0 8px 8px;
    }
  }
`;
