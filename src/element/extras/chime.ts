// A short, quiet tone, made by the browser: nothing is fetched for it.

/** In a crowd one tone stands for all that is said within this. */
const PAUSE_MS = 4_000;
const LENGTH_S = 0.25;
/** Of full volume: heard beside a pocket, not across a tent. */
const VOLUME = 0.06;
/** A fifth upwards, E and B. */
const TONES_HZ = [659, 988] as const;

export class Chime {
  #context: AudioContext | null = null;
  #isUnlocked = false;
  #rangAtMs = -Infinity;

  /** In answer to a gesture: before one, browsers make no sound. What is no gesture to this browser changes nothing. */
  unlock(): void {
    if (this.#isUnlocked || typeof AudioContext !== 'function') return;
    const context = (this.#context ??= new AudioContext());
    context.resume().then(
      () => {
        if (this.#isUnlocked || context !== this.#context) return;
        this.#isUnlocked = true;
        // Asleep until it is needed: one that runs takes battery.
        void context.suspend();
      },
      () => undefined,
    );
  }

  /** Nothing before a gesture, and nothing right after another. */
  ring(): void {
    const context = this.#context;
    const nowMs = performance.now();
    if (context === null || !this.#isUnlocked || nowMs - this.#rangAtMs < PAUSE_MS) return;
    this.#rangAtMs = nowMs;
    void context.resume().then(() => play(context));
  }

  end(): void {
    void this.#context?.close();
    this.#context = null;
    this.#isUnlocked = false;
  }
}

function play(context: AudioContext): void {
  const volume = context.createGain();
  const startS = context.currentTime;
  volume.connect(context.destination);
  volume.gain.setValueAtTime(VOLUME, startS);
  volume.gain.exponentialRampToValueAtTime(VOLUME / 100, startS + LENGTH_S);
  const tone = context.createOscillator();
  tone.connect(volume);
  TONES_HZ.forEach((hertz, index) => tone.frequency.setValueAtTime(hertz, startS + (index * LENGTH_S) / 3));
  tone.onended = () => void context.suspend();
  tone.start(startS);
  tone.stop(startS + LENGTH_S);
}
