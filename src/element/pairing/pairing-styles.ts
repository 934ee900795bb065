import { css } from 'lit';

export const pairingStyles = css`
  .steps {
    display: grid;
    gap: 0.75rem;
  }
  .steps:focus-visible {
    outline: 0;
  }
  p {
    margin: 0;
  }
  .pictures {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr));
    gap: 0.75rem;
    align-items: start;
  }
  .qr,
  video {
    display: block;
    width: 100%;
    border-radius: calc(var(--_radius) * 0.5);
  }
  .qr {
    max-width: 20rem;
    margin-inline: auto;
    border: 1px solid var(--_line);
  }
  video {
    aspect-ratio: 4 / 3;
    object-fit: cover;
    background: #000;
  }
  .digits {
    font: 650 3rem / 1.2 ui-monospace, monospace;
    letter-spacing: 0.2em;
    text-align: center;
    direction: ltr;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
  }
  .buttons button:not(.primary) {
    border: 1px solid var(--_line);
  }
  form {
    display: grid;
    gap: 0.35rem;
    margin-top: 0.75rem;
  }
  textarea {
    width: 100%;
    min-height: 5.5rem;
    resize: vertical;
    font: 0.875rem / 1.4 ui-monospace, monospace;
    direction: ltr;
  }
  summary {
    min-height: 2.75rem;
    display: flex;
    align-items: center;
    cursor: pointer;
  }
  .note {
    color: var(--_danger);
  }
  .good {
    color: var(--_good);
  }
`;
