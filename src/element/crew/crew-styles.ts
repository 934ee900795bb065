import { css } from 'lit';

export const crewStyles = css`
  :host {
    display: grid;
    gap: 0.75rem;
  }
  p,
  h3 {
    margin: 0;
  }
  .who {
    overflow-wrap: anywhere;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem;
  }
  .plain,
  .danger {
    border: 1px solid var(--_line);
  }
  .danger,
  .note {
    color: var(--_danger);
  }
  form {
    display: grid;
    gap: 0.35rem;
  }
  input {
    width: 100%;
    direction: ltr;
  }
  .qr {
    display: block;
    width: 100%;
    max-width: 18rem;
    margin-inline: auto;
    border: 1px solid var(--_line);
    border-radius: calc(var(--_radius) * 0.5);
  }
`;
