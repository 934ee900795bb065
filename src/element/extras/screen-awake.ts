// Keeps the screen on while somebody wants it, where the browser can: phones stop pages when the screen goes dark.

export class ScreenAwake {
  #lock: WakeLockSentinel | null = null;
  #isWanted = false;
  #isAsking = false;

  /** False where the browser has no wake lock, as on pages of plain http: then nothing here does anything. */
  static get isPossible(): boolean {
    return (navigator as Partial<Navigator>).wakeLock !== undefined;
  }

  want(isWanted: boolean): void {
    if (isWanted === this.#isWanted) return;
    this.#isWanted = isWanted;
    if (isWanted) {
      document.addEventListener('visibilitychange', this.#take);
      this.#take();
    } else {
      document.removeEventListener('visibilitychange', this.#take);
      void this.#lock?.release();
      this.#lock = null;
    }
  }

  /** The system takes it back when the page is hidden. */
  readonly #take = (): void => {
    const isHeld = this.#isAsking || this.#lock?.released === false;
    if (document.visibilityState !== 'visible' || !ScreenAwake.isPossible || isHeld) return;
    this.#isAsking = true;
    navigator.wakeLock
      .request('screen')
      .then(
        (lock) => {
          if (this.#isWanted) this.#lock = lock;
          else void lock.release();
        },
        () => {
          // Refused, as with an empty battery: the screen then goes dark as it always does.
        },
      )
      .finally(() => (this.#isAsking = false));
  };
}
