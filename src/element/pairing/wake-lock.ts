// Keeps the screen on while an element is in the document, where the browser can.

import type { ReactiveController, ReactiveControllerHost } from 'lit';

export class WakeLock implements ReactiveController {
  #lock: WakeLockSentinel | null = null;
  #isWanted = false;

  constructor(host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostConnected(): void {
    this.#isWanted = true;
    document.addEventListener('visibilitychange', this.#take);
    this.#take();
  }

  hostDisconnected(): void {
    this.#isWanted = false;
    document.removeEventListener('visibilitychange', this.#take);
    void this.#lock?.release();
    this.#lock = null;
  }

  /** The system takes it back when the page is hidden. */
  readonly #take = (): void => {
    const locks = (navigator as Partial<Navigator>).wakeLock;
    if (document.visibilityState !== 'visible' || locks === undefined) return;
    locks.request('screen').then(
      (lock) => {
        if (this.#isWanted) this.#lock = lock;
        else void lock.release();
      },
      () => {
        // Refused, as with an empty battery: the screen then goes dark as it always does.
      },
    );
  };
}
