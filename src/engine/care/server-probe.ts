// Who answers in the server's name while the socket does not come up? A status says nothing, for a sign-in page answers
// 200 to everything: only the server sends back the nonce it was asked with.

import type { ServerAnswer } from '../../core/diagnostics.js';
import type { ChatStatus } from '../../core/chat-view.js';
import { toBase64Url } from '../base64url.js';

/** A socket that was lost mostly comes back within this. */
const PATIENCE_MS = 4_000;
/** Between two questions, doubled each time up to the most, ± 50 % so that a crowd does not ask as one. */
const ASK_EVERY_MS = 15_000;
const ASK_EVERY_MAX_MS = 120_000;
/** No answer within this is none. */
const ANSWER_MS = 6_000;

export class ServerProbe {
  answer: ServerAnswer = 'unknown';
  readonly #server: string;
  #lostAtMs: number | null = null;
  #askAtMs = 0;
  #everyMs = ASK_EVERY_MS;

  /** @param server origin */
  constructor(server: string) {
    this.#server = server;
  }

  /** Asks when there has been no socket for a while and the time has come. */
  look({ websocket }: ChatStatus, nowMs: number): void {
    if (websocket === 'connected') {
      this.#lostAtMs = null;
      this.#everyMs = ASK_EVERY_MS;
      this.answer = 'ours';
      return;
    }
    if (this.#lostAtMs === null) {
      this.#lostAtMs = nowMs;
      this.#askAtMs = nowMs + PATIENCE_MS;
      this.answer = 'unknown';
    }
    if (nowMs < this.#askAtMs) return;
    this.#askAtMs = nowMs + this.#everyMs * (0.5 + Math.random());
    this.#everyMs = Math.min(ASK_EVERY_MAX_MS, this.#everyMs * 2);
    void whoAnswers(this.#server).then((answer) => {
      if (this.#lostAtMs !== null) this.answer = answer;
    });
  }
}

export async function whoAnswers(server: string): Promise<ServerAnswer> {
  const nonce = toBase64Url(crypto.getRandomValues(new Uint8Array(12)));
  const url = `${server}/healthz?nonce=${nonce}`;
  const ask = (mode: RequestMode): Promise<Response> =>
    fetch(url, {
      mode,
      cache: 'no-store',
      credentials: 'omit',
      redirect: mode === 'cors' ? 'manual' : 'follow',
      signal: AbortSignal.timeout(ANSWER_MS),
    });
  // Nobody but the server's own host has a certificate for its name.
  const stranger = server.startsWith('https:') ? 'front' : 'other';
  try {
    const response = await ask('cors');
    const text = await response.text();
    if (text.includes(nonce) && text.startsWith('{')) return 'ours';
    return response.status >= 500 && response.status !== 511 ? 'front' : stranger;
  } catch {
    // Nobody, or somebody who does not let this page read the answer: a request that reads nothing tells which.
    return ask('no-cors').then(
      () => stranger,
      () => 'nothing',
    );
  }
}
