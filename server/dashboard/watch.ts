// Keeps an answer of the server fresh while its element is shown: asks again and again, slower while nothing answers,
// and not at all in a hidden tab.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { ApiProblem } from './api.js';
import type { AdminApi } from './api.js';

/** While the server is away, each further attempt waits twice as long, up to this. */
const WAIT_MAX_MS = 8_000;
/** What `AdminApi` says when an answer may be old. */
const NEWS = ['acted', 'back'] as const;

export interface WatchHost extends ReactiveControllerHost {
  readonly api: AdminApi;
}

export class Watch<Answer> implements ReactiveController {
  /** The latest; null before the first. */
  answer: Answer | null = null;
  /** What the last attempt ended with; null when it was answered. */
  problem: ApiProblem | null = null;
  readonly #host: WatchHost;
  readonly #read: () => Promise<Answer>;
  readonly #everyMs: number;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #failures = 0;
  /** Raised by each restart: what was asked before it is no answer any more. */
  #round = 0;
  #isConnected = false;

  constructor(host: WatchHost, everyMs: number, read: () => Promise<Answer>) {
    this.#host = host;
    this.#everyMs = everyMs;
    this.#read = read;
    host.addController(this);
  }

  hostConnected(): void {
    this.#isConnected = true;
    document.addEventListener('visibilitychange', this.look);
    for (const news of NEWS) this.#host.api.addEventListener(news, this.look);
    this.look();
  }

  hostDisconnected(): void {
    this.#isConnected = false;
    document.removeEventListener('visibilitychange', this.look);
    for (const news of NEWS) this.#host.api.removeEventListener(news, this.look);
    this.#stop();
  }

  /** What is asked has changed: the old answer is gone, the new one is asked for. */
  restart(): void {
    this.answer = null;
    this.problem = null;
    if (this.#isConnected) this.look();
  }

  /** Asks now. */
  readonly look = (): void => {
    this.#stop();
    if (!document.hidden) void this.#ask(this.#round);
  };

  #stop(): void {
    this.#round += 1;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #ask(round: number): Promise<void> {
    try {
      const answer = await this.#read();
      if (round !== this.#round) return;
      this.answer = answer;
      this.problem = null;
      this.#failures = 0;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (round !== this.#round) return;
      this.problem = error;
      this.#failures += 1;
    }
    this.#host.requestUpdate();
    const waitMs = Math.min(WAIT_MAX_MS, this.#everyMs * 2 ** Math.min(this.#failures, 10));
    this.#timer = setTimeout(this.look, this.#failures === 0 ? this.#everyMs : waitMs);
  }
}
