// A pairing that follows a script: for stories and for tests of the dialog.

import type { Pairing, PairingState } from '../src/engine/pairing/pairing-state.js';

/** As long as a real one. */
export const CODE = `FC:${'AGR6BXPN5X6ZQ3HVK2YJ4TWMEO7CLSUI'.repeat(5)}ABCDEFGHIJ`;

export const SHOWING: PairingState = { step: 'showing', code: CODE, note: null };

export class ScriptedPairing extends EventTarget implements Pairing {
  state: PairingState;
  /** Every call a test may want to see. */
  readonly calls: string[] = [];

  constructor(state: PairingState) {
    super();
    this.state = state;
  }

  become(state: PairingState): void {
    this.state = state;
    this.dispatchEvent(new Event('change'));
  }

  read(text: string): void {
    this.calls.push(`read ${text}`);
  }

  agree(): void {
    this.calls.push('agree');
    if (this.state.step === 'comparing') this.become({ ...this.state, hasAgreed: true });
  }

  refuse(): void {
    this.calls.push('refuse');
    this.become({ step: 'failed', reason: 'digits-differ' });
  }

  again(): void {
    this.calls.push('again');
    this.become(SHOWING);
  }

  end(): void {
    this.calls.push('end');
  }
}
