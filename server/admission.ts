// Who may open a socket: decided before anything is allocated for it, on both transports and for each of their requests.
// CORS does not cover the upgrade of a WebSocket.

import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TurnedAway } from './events.js';
import { SERVER_LIMITS } from './limits.js';
import type { Rates } from './rates.js';

/** Where socket.io listens. */
const SOCKET_PATH = '/socket.io/';

export interface AdmissionOptions {
  /** Exact origins; empty: any. */
  readonly origins: readonly string[];
  readonly rates: Rates;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly socketsMax: number;
  readonly sockets: () => number;
  /** Milliseconds, see `lagForNewSocketsMs`. */
  readonly lagMs: () => number;
  readonly isDraining: () => boolean;
  readonly turnedAway: (why: TurnedAway) => void;
}

interface Answer {
  readonly status: string;
  readonly canRetry: boolean;
}

const ANSWERS: Readonly<Record<TurnedAway, Answer>> = {
  origin: { status: '403 Forbidden', canRetry: false },
  address: { status: '429 Too Many Requests', canRetry: true },
  busy: { status: '503 Service Unavailable', canRetry: true },
  full: { status: '503 Service Unavailable', canRetry: true },
  draining: { status: '503 Service Unavailable', canRetry: true },
};

export class Admission {
  readonly #options: AdmissionOptions;
  #second = 0;
  #admittedThisSecond = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** What keeps new sockets out now, whoever asks. */
  obstacle(): Exclude<TurnedAway, 'origin' | 'address'> | null {
    const { isDraining, sockets, socketsMax, lagMs } = this.#options;
    if (isDraining()) return 'draining';
    if (sockets() >= socketsMax) return 'full';
    return lagMs() > SERVER_LIMITS.lagForNewSocketsMs ? 'busy' : null;
  }

  /** Stands in front of what listens on the server now. */
  guard(http: HttpServer): void {
    const answer = takeListeners(http, 'request');
    http.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.#decide(
        request,
        () => answer(request, response),
        (status, headers) => response.writeHead(Number(status.slice(0, 3)), headers).end(),
      );
    });
    const upgrade = takeListeners(http, 'upgrade');
    http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      // Node has taken its own listener off: a connection reset from here on would end the process.
      socket.on('error', ignoreReset);
      this.#decide(
        request,
        () => upgrade(request, socket, head),
        (status, headers) => {
          const lines = Object.entries({ ...headers, 'Content-Length': '0' });
          const text = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
          socket.end(`HTTP/1.1 ${status}\r\n${text}\r\n`, () => socket.destroy());
        },
      );
    });
  }

  #decide(
    request: IncomingMessage,
    pass: () => void,
    refuse: (status: string, headers: Record<string, string>) => void,
  ): void {
    if (request.url?.startsWith(SOCKET_PATH) !== true) {
      pass();
      return;
    }
    void this.#verdict(request).then((why) => {
      if (why === null) {
        pass();
        return;
      }
      this.#options.turnedAway(why);
      const { status, canRetry } = ANSWERS[why];
      refuse(status, { Connection: 'close', ...(canRetry ? { 'Retry-After': retryAfterSeconds() } : {}) });
    });
  }

  async #verdict(request: IncomingMessage): Promise<TurnedAway | null> {
    const { origins, rates, addressOf } = this.#options;
    if (origins.length > 0 && !origins.includes(request.headers.origin ?? '')) return 'origin';
    // A request with a session id belongs to a socket that was admitted.
    if (/[?&]sid=/.test(request.url ?? '')) return null;
    const obstacle = this.obstacle() ?? (this.#isSecondFull() ? 'busy' : null);
    if (obstacle !== null) return obstacle;
    const waitMs = await rates.spend(['socketsPerAddress', addressOf(request), 1]);
    return waitMs > 0 ? 'address' : null;
  }

  #isSecondFull(): boolean {
    const second = Math.floor(performance.now() / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#admittedThisSecond = 0;
    }
    this.#admittedThisSecond += 1;
    return this.#admittedThisSecond > SERVER_LIMITS.socketsPerSecond;
  }
}

/** Made once: made beside a request it would keep that as long as the connection. */
function ignoreReset(): void {
  // Its end is heard of by `close`.
}

function takeListeners(http: HttpServer, event: 'request' | 'upgrade'): (...args: unknown[]) => void {
  const listeners = http.listeners(event);
  http.removeAllListeners(event);
  return (...args) => {
    for (const listener of listeners) listener.call(http, ...args);
  };
}

function retryAfterSeconds(): string {
  const { low, high } = SERVER_LIMITS.turnedAwaySeconds;
  return String(low + Math.floor(Math.random() * (high - low)));
}
