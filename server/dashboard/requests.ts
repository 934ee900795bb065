// What elements ask of the dashboard that holds them. Requests go up; state comes down.

import type { Action } from './action.js';

/** Asks to have an action confirmed and carried out. */
export class ActRequest extends Event {
  static readonly type = 'admin-act';
  readonly action: Action;

  constructor(action: Action) {
    super(ActRequest.type, { bubbles: true, composed: true });
    this.action = action;
  }
}

declare global {
  interface HTMLElementEventMap {
    'admin-act': ActRequest;
  }
}
