// Parts that are fetched when they are first needed.

import { FETCH_AGAIN_MS } from '../../engine/begin-with.js';

export type LazyPart = 'panel' | 'extras' | 'pairing' | 'crew' | 'photos';
export type LoadPart = (part: LazyPart) => Promise<void>;

/** `stale`: could not be had, and is due to be asked for once more. */
type PartState = 'loading' | 'here' | 'failed' | 'stale';

export class LazyParts {
  readonly #load: LoadPart;
  readonly #changed: () => void;
  readonly #parts = new Map<LazyPart, PartState>();

  /** `changed` is called when a part is here, when it could not be fetched, and when it may be asked for again. */
  constructor(load: LoadPart, changed: () => void) {
    this.#load = load;
    this.#changed = changed;
  }

  /** False while it is being fetched. One that cannot be is tried again as long as it is asked for. */
  has(part: LazyPart): boolean {
    const state = this.#parts.get(part);
    if (state === undefined || state === 'stale') {
      this.#parts.set(part, state === 'stale' ? 'failed' : 'loading');
      void this.#fetch(part);
    }
    return state === 'here';
  }

  /** It could not be fetched so far. */
  hasFailed(part: LazyPart): boolean {
    return ['failed', 'stale'].includes(this.#parts.get(part) ?? '');
  }

  /** Somebody wants what could not be fetched now, and not after a while. */
  askAgain(): void {
    for (const part of this.#parts.keys()) if (this.hasFailed(part)) this.#parts.delete(part);
  }

  async #fetch(part: LazyPart): Promise<void> {
    try {
      await this.#load(part);
      this.#parts.set(part, 'here');
    } catch (error) {
      console.warn(`<festival-chat>: "${part}" could not be fetched.`, error);
      this.#parts.set(part, 'failed');
      setTimeout(() => {
        if (this.#parts.get(part) !== 'failed') return;
        this.#parts.set(part, 'stale');
        this.#changed();
      }, FETCH_AGAIN_MS);
    }
    this.#changed();
  }
}
