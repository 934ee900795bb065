// Asks the server with the administrator's token, which travels in a header only. What goes wrong is an `ApiProblem`.

/** An answer later than this is none; on one bar of signal one takes 2 s. */
const ANSWER_MS = 10_000;
/** An order for all rooms takes as long as there are rooms; given up, it would be carried out all the same. */
const ORDER_MS = 60_000;

export type ProblemKind =
  /** No answer: the network, or the server, is away. */
  | 'unreachable'
  /** The token is not, or no longer, the right one; or there is no administration. */
  | 'unauthorized'
  /** Too many wrong tokens came from this address. */
  | 'locked'
  /** The server answered with an error. */
  | 'refused';

export class ApiProblem extends Error {
  readonly kind: ProblemKind;
  readonly code: string;
  /** Null where the server did not say when to try again. */
  readonly retryAfterMs: number | null;

  constructor(kind: ProblemKind, code: string, message: string, retryAfterMs: number | null = null) {
    super(message);
    this.kind = kind;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

type Asking = Pick<RequestInit, 'method' | 'body'> & { readonly headers?: Readonly<Record<string, string>> };

/**
 * @fires acted - Something was changed on the server; what is shown may be old.
 * @fires back - The server answers again after it did not.
 * @fires reached - An answer came, or none came: `lastProblem` and `answeredAtMs` say which.
 */
export class AdminApi extends EventTarget {
  readonly #headers: Readonly<Record<string, string>>;
  /** What the last request ended with; null when it was answered. */
  lastProblem: ApiProblem | null = null;
  /** When the server last answered with what was asked, by this machine's clock. */
  answeredAtMs: number | null = null;

  /** @param name how the administrator is called in the audit; may be empty */
  constructor(token: string, name: string) {
    super();
    this.#headers = { Authorization: `Bearer ${token}`, 'X-Administrator': encodeURIComponent(name) };
  }

  /** @throws {ApiProblem} */
  async get<Answer>(path: string): Promise<Answer> {
    return this.#ask(path, {}, inJson<Answer>);
  }

  /** @throws {ApiProblem} */
  async post<Answer>(path: string, body: unknown): Promise<Answer> {
    const headers = { 'Content-Type': 'application/json' };
    const init = { method: 'POST', body: JSON.stringify(body), headers };
    const done = await this.#ask(path, init, inJson<Answer>, ORDER_MS);
    this.dispatchEvent(new Event('acted'));
    return done;
  }

  /**
   * A file, and the name the server gave it. Complete, or not at all.
   * @throws {ApiProblem}
   */
  async file(path: string): Promise<File> {
    const answer = await this.#ask(path, {}, (response) => response, null);
    const name = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? 'export';
    try {
      return new File([await answer.blob()], name);
    } catch {
      throw new ApiProblem('unreachable', 'broken', 'The file broke off on its way. Nothing was saved.');
    }
  }

  /** An answer that breaks off while it is read is none. */
  async #ask<Answer>(
    path: string,
    init: Asking,
    read: (answer: Response) => Answer | Promise<Answer>,
    answerMs: number | null = ANSWER_MS,
  ): Promise<Answer> {
    try {
      const answer = await read(await this.#fetch(path, init, answerMs));
      this.#reached(null);
      return answer;
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : unreachable();
      this.#reached(problem);
      throw problem;
    }
  }

  async #fetch(path: string, init: Asking, answerMs: number | null): Promise<Response> {
    const answer = await fetch(new URL(`admin/${path}`, document.baseURI), {
      ...init,
      headers: { ...this.#headers, ...init.headers },
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      signal: answerMs === null ? null : AbortSignal.timeout(answerMs),
    });
    if (answer.ok) return answer;
    const { code, message = answer.statusText } = (await answer.json().catch(() => ({}))) as Partial<
      Record<'code' | 'message', string>
    >;
    const retryAfter = answer.headers.get('Retry-After');
    const retryAfterMs = retryAfter === null ? null : Number(retryAfter) * 1_000;
    const kind = kindOf(answer.status, code !== undefined);
    throw new ApiProblem(kind, code ?? String(answer.status), message, retryAfterMs);
  }

  #reached(problem: ApiProblem | null): void {
    const wasAway = this.lastProblem?.kind === 'unreachable';
    this.lastProblem = problem;
    if (problem === null) this.answeredAtMs = Date.now();
    this.dispatchEvent(new Event('reached'));
    if (wasAway && problem?.kind !== 'unreachable') this.dispatchEvent(new Event('back'));
  }
}

/** @param isOwn the answer has a code, as all of the server's own have */
function kindOf(status: number, isOwn: boolean): ProblemKind {
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 429) return 'locked';
  // What a proxy says whose server is away.
  return status === 502 || status === 504 || (status === 503 && !isOwn) ? 'unreachable' : 'refused';
}

function inJson<Answer>(answer: Response): Promise<Answer> {
  return answer.json() as Promise<Answer>;
}

function unreachable(): ApiProblem {
  return new ApiProblem('unreachable', 'unreachable', 'The server does not answer.');
}
