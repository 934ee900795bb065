import { css } from 'lit';

export const composerStyles = css`
  :host {
    position: relative;
    container-type: inline-size;
  }
  form {
    display: flex;
    align-items: flex-end;
    gap: 0.4rem;
    padding: 0.5rem var(--_space) max(0.5rem, env(safe-area-inset-bottom));
    border-block-start: 1px solid var(--_line);
  }
  .field {
    flex: 1;
    min-width: 0;
    display: flex;
    position: relative;
  }
  textarea {
    flex: 1;
    min-width: 0;
    resize: none;
    max-height: 9rem;
    line-height: 1.35;
    scrollbar-width: thin;
  }
  .send {
    min-height: 2.75rem;
    min-width: 2.75rem;
    padding: 0;
    border-radius: 50%;
  }
  .send[aria-disabled='true'] {
    opacity: 0.55;
    cursor: default;
  }
  .over {
    color: var(--_danger);
  }
`;
