// Four ready looks, each by day and by night. They set the palette of `tokens.ts`; a page's own properties win.
// Every pair of text and ground is at least 4.5 : 1 (axe checks each in the stories).

import { css } from 'lit';

export const themes = css`
  .root[data-theme='low-tide'] {
    --_t-surface: #f4f9f8;
    --_t-raised: #e1eeed;
    --_t-text: #10282c;
    --_t-muted: #47646a;
    --_t-line: #bfd5d4;
    --_t-accent: #0b6470;
    --_t-own: #ffe2c2;
    --_t-header: #0f3b46;
    --_t-on-header: #fff3e0;
    --_t-radius: 1.1rem;
    --_t-heading-font: Georgia, 'Iowan Old Style', 'Times New Roman', serif;
  }
  .root[data-theme='low-tide'][data-mode='dark'] {
    --_t-surface: #0c1f26;
    --_t-raised: #173139;
    --_t-text: #e9f4f2;
    --_t-muted: #9dbcc0;
    --_t-line: #27464f;
    --_t-accent: #ffb787;
    --_t-on-accent: #2c1405;
    --_t-own: #7a3f1d;
    --_t-header: #071419;
    --_t-on-header: #ffd9b8;
  }
  .root[data-theme='neon'] {
    --_t-surface: #fdf7ff;
    --_t-raised: #f0e2fa;
    --_t-text: #24082f;
    --_t-muted: #6d4a7c;
    --_t-line: #dcc3ea;
    --_t-accent: #b0008e;
    --_t-own: #d3f7f2;
    --_t-header: linear-gradient(100deg, #5b0a86, #b0008e);
    --_t-on-header: #ffffff;
    --_t-radius: 0.5rem;
    --_t-heading-font: Futura, 'Century Gothic', 'Trebuchet MS', system-ui, sans-serif;
  }
  .root[data-theme='neon'][data-mode='dark'] {
    --_t-surface: #0b0614;
    --_t-raised: #1d1030;
    --_t-text: #f6eaff;
    --_t-muted: #bb9fd6;
    --_t-line: #3d2260;
    --_t-accent: #ff4fd0;
    --_t-on-accent: #27001f;
    --_t-own: #053f4c;
    --_t-header: linear-gradient(100deg, #34065a, #7b0064);
  }
  .root[data-theme='meadow'] {
    --_t-surface: #fbfdf3;
    --_t-raised: #e9f2d8;
    --_t-text: #1c2a12;
    --_t-muted: #53643f;
    --_t-line: #cddcb4;
    --_t-accent: #38700e;
    --_t-own: #fff0a8;
    --_t-header: #d7ecb4;
    --_t-on-header: #1c2a12;
    --_t-radius: 1.5rem;
    --_t-font: 'Trebuchet MS', 'Gill Sans', 'Gill Sans MT', system-ui, sans-serif;
  }
  .root[data-theme='meadow'][data-mode='dark'] {
    --_t-surface: #121a0d;
    --_t-raised: #212e17;
    --_t-text: #f1f7e4;
    --_t-muted: #abc08f;
    --_t-line: #35472a;
    --_t-accent: #c4e86b;
    --_t-on-accent: #1a2606;
    --_t-own: #54500f;
    --_t-header: #1d2b12;
    --_t-on-header: #e6f6c8;
  }
  .root[data-theme='desert'] {
    --_t-surface: #fff8ef;
    --_t-raised: #f7e3ca;
    --_t-text: #33190c;
    --_t-muted: #7b5138;
    --_t-line: #e4c6a3;
    --_t-accent: #a53a12;
    --_t-own: #fbd3b4;
    --_t-header: linear-gradient(100deg, #7d2610, #a8480f);
    --_t-on-header: #fff4e3;
    --_t-radius: 0.25rem;
    --_t-heading-font: Rockwell, 'Rockwell Nova', 'Roboto Slab', 'DejaVu Serif', serif;
  }
  .root[data-theme='desert'][data-mode='dark'] {
    --_t-surface: #1b0f1c;
    --_t-raised: #2f1b2d;
    --_t-text: #fbeadb;
    --_t-muted: #cfa6a4;
    --_t-line: #4d2e42;
    --_t-accent: #ff9d5c;
    --_t-on-accent: #2e1000;
    --_t-own: #6d2c1c;
    --_t-header: linear-gradient(100deg, #43122f, #7d2610);
    --_t-on-header: #ffe9d2;
  }
`;
