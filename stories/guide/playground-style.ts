// How the playground looks. The stage holds what would cover the page: floating and fullscreen stay inside it.

export const PLAYGROUND_STYLE = `
  .playground {
    display: grid;
    gap: 1.5rem;
    max-width: 76rem;
    color: #241b14;
    background: #ffffff;
    padding: 1rem;
    border-radius: 12px;
    font: 16px/1.4 system-ui, sans-serif;
  }
  .playground .options {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr));
    gap: 0.9rem 1.2rem;
    align-content: start;
  }
  .playground .option {
    display: grid;
    gap: 0.2rem;
    align-content: start;
    justify-items: start;
  }
  .playground label {
    font-weight: 600;
  }
  .playground small {
    color: #5f5245;
    overflow-wrap: anywhere;
  }
  .playground input,
  .playground select,
  .playground button {
    font: inherit;
    color: inherit;
    background: #ffffff;
    min-height: 2.75rem;
    max-width: 100%;
    padding: 0.3rem 0.6rem;
    border: 1px solid #7d6f60;
    border-radius: 8px;
    box-sizing: border-box;
  }
  .playground input:not([type='checkbox']),
  .playground select {
    width: 100%;
  }
  .playground input[type='checkbox'] {
    width: 2.75rem;
    margin: 0;
  }
  .playground :focus-visible {
    outline: 3px solid #b23a0e;
    outline-offset: 2px;
  }
  .playground .result {
    min-width: 0;
  }
  .playground .stage {
    position: relative;
    contain: layout paint;
    overflow: auto;
    height: 36rem;
    padding: 1rem;
    box-sizing: border-box;
    border: 1px dashed #7d6f60;
    border-radius: 12px;
    background: #f6f1e9;
  }
  .playground .stage festival-chat {
    --fc-height: min(32rem, 100%);
  }
  .playground h2 {
    font-size: 1.1rem;
    margin: 1rem 0 0.4rem;
  }
  .playground pre {
    margin: 0 0 0.6rem;
    padding: 0.8rem;
    overflow-x: auto;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    background: #241b14;
    color: #fff3e0;
    border-radius: 8px;
  }
  @media (min-width: 60rem) {
    .playground {
      grid-template-columns: minmax(0, 1fr) minmax(0, 26rem);
    }
    .playground .result {
      position: sticky;
      top: 1rem;
      align-self: start;
    }
  }
`;
