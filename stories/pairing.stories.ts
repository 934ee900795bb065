// Linking to a device nearby, in each of its states.

import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import type { PairingFailure, PairingNote, PairingState } from '../src/engine/pairing/pairing-state.js';
import type { CameraProblem } from '../src/element/pairing/camera.js';
import { FestivalChat } from '../src/element/festival-chat.js';
import { tokens } from '../src/element/tokens.js';
import { author } from './scripted-chat.js';
import { CODE, SHOWING, ScriptedPairing } from './scripted-pairing.js';
import { ScriptedChat } from './scripted-chat.js';

const meta: Meta = { title: 'pairing', loaders: [() => FestivalChat.loadPart('pairing')] };
export default meta;

const state = (shown: PairingState | null, camera: CameraProblem | 'off' = 'off'): StoryObj => ({
  render: (_args, { globals }) => html`
    <style>
      ${tokens.cssText} .part {
        box-sizing: border-box;
        width: 26rem;
        max-width: 100%;
        padding: 0.75rem;
        background: var(--_surface);
      }
    </style>
    <div class="root part" data-mode=${String(globals['colours'])}>
      <fc-pairing
        .chat=${new ScriptedChat()}
        .pairing=${shown === null ? null : new ScriptedPairing(shown)}
        .camera=${camera}
      ></fc-pairing>
    </div>
  `,
});

const noted = (note: PairingNote): StoryObj => state({ step: 'showing', code: CODE, note });
const failed = (reason: PairingFailure): StoryObj => state({ step: 'failed', reason });
const comparing = { step: 'comparing', digits: '0417', name: 'Noor' } as const;

export const Introduction = state(null);
export const Preparing = state({ step: 'preparing' });
export const Showing = state(SHOWING);
export const Linking = state({ step: 'linking', code: CODE });
export const Comparing = state({ ...comparing, hasAgreed: false });
export const WaitingForTheOther = state({ ...comparing, hasAgreed: true });
export const Paired = state({ step: 'paired', name: 'Noor', author: author('Noor').id });

export const NoAnswer = noted('no-answer');
export const IsolatedWifi = noted('isolated');
export const OtherRoom = noted('other-room');
export const OldCode = noted('old-code');
export const DamagedCode = noted('damaged');
export const CameraRefused = state(SHOWING, 'refused');
export const NoCamera = state(SHOWING, 'none');
export const NoNetwork = failed('no-network');
export const AnotherDevice = failed('not-theirs');
export const DigitsDiffer = failed('digits-differ');
