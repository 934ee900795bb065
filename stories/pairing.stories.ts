// Linking to a device nearby, in each of its states.

import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import type { PairingFailure, PairingNote, PairingState } from '../src/engine/pairing/pairing-state.js';
import type { CameraProblem } from '../src/element/pairing/camera.js';
import { FestivalChat } from '../src/element/festival-chat.js';
import { partFrame } from './frame.js';
import { ScriptedChat, author } from './scripted-chat.js';
import { CODE, SHOWING, ScriptedPairing } from './scripted-pairing.js';

const meta: Meta = { title: 'pairing', loaders: [() => FestivalChat.loadPart('pairing')] };
export default meta;

/** The pairing and the chat are made when the story is shown: leaving it ends them. */
const state = (shown: PairingState | null, camera: CameraProblem | 'off' = 'off'): StoryObj =>
  partFrame(
    () => html`<fc-pairing
      .chat=${new ScriptedChat()}
      .pairing=${shown === null ? null : new ScriptedPairing(shown)}
      .camera=${camera}
    ></fc-pairing>`,
  );

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

export const NewCode = noted('renewed');
export const NoAnswer = noted('no-answer');
export const IsolatedWifi = noted('isolated');
export const NotACode = noted('not-a-code');
export const OtherVersion = noted('other-version');
export const OtherRoom = noted('other-room');
export const OldCode = noted('old-code');
export const OwnCode = noted('own-code');
export const UsedCode = noted('used-code');
export const DamagedCode = noted('damaged');
export const CameraRefused = state(SHOWING, 'refused');
export const CameraBusy = state(SHOWING, 'busy');
export const CameraOnAnInsecurePage = state(SHOWING, 'insecure');
export const NoCamera = state(SHOWING, 'none');
export const NoWebRtc = failed('no-webrtc');
export const MeshOff = failed('mesh-off');
export const NoNetwork = failed('no-network');
export const AnotherDevice = failed('not-theirs');
export const NoLinkFree = failed('no-link-free');
export const DigitsDiffer = failed('digits-differ');
export const Lost = failed('lost');
