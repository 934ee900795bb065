// Parts that are fetched when they are first needed.

export type LazyPart = 'panel' | 'extras' | 'pairing' | 'crew' | 'photos';
export type LoadPart = (part: LazyPart) => Promise<void>;

export class LazyParts {
  readonly #load: LoadPart;
  readonly #loaded: () => void;
  readonly #parts = new Map<LazyPart, boolean>();

  /** `loaded` is called when a part is here. */
  constructor(load: LoadPart, loaded: () => void) {
    this.#load = load;
    this.#loaded = loaded;
  }

  /** False while it is being fetched. One that cannot be is tried again when it is next asked for. */
  has(part: LazyPart): boolean {
    const isHere = this.#parts.get(part);
    if (isHere === undefined) {
      this.#parts.set(part, false);
      this.#load(part).then(
        () => {
          this.#parts.set(part, true);
          this.#loaded();
        },
        (error: unknown) => {
          this.#parts.delete(part);
          console.warn(`<festival-chat>: "${part}" could not be fetched.`, error);
        },
      );
    }
    return isHere ?? false;
  }
}
