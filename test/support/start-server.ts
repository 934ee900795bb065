// The real server in a process of its own, with a database of its own, to be killed and started again.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MeshStatus } from '../../server/mesh-metrics.js';
import { endProcess } from './end-process.js';
import { freePort } from './free-port.js';

export const ADMIN_TOKEN = 'a token for tests';

export class TestServer {
  url = '';
  /** Where its database is, unless the settings say otherwise. */
  readonly data = mkdtempSync(join(tmpdir(), 'festival-chat-test-'));
  readonly #settings: Readonly<Record<string, string>>;
  /** What stands before the program's name: it runs elsewhere. */
  readonly #entry: readonly string[];
  /** What it said on its standard error since the first start. */
  log = '';
  #port = 0;
  #process: ChildProcess | null = null;

  private constructor(settings: Readonly<Record<string, string>>, entry: readonly string[]) {
    this.#settings = settings;
    this.#entry = entry;
  }

  static async start(
    settings: Readonly<Record<string, string>> = {},
    entry: readonly string[] = [],
  ): Promise<TestServer> {
    const server = new TestServer(settings, entry);
    await server.start();
    return server;
  }

  /** Starts it (again), on the port and the data it had. */
  async start(): Promise<void> {
    if (this.#port === 0) this.#port = await freePort();
    const [command, ...args] = [...this.#entry, 'node', 'dist/lib/server/main.js'];
    const child = spawn(command, args, {
      env: {
        ...process.env,
        PORT: String(this.#port),
        HOST: '127.0.0.1',
        FESTIVAL_CHAT_DATA: this.data,
        FESTIVAL_CHAT_ADMIN_TOKEN: ADMIN_TOKEN,
        LOG_LEVEL: 'error',
        ...this.#settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    child.stderr.on('data', (text: Buffer) => (this.log += text.toString()));
    this.url = await new Promise<string>((resolve, reject) => {
      let output = '';
      child.stdout.on('data', (text: Buffer) => {
        output += text.toString();
        const url = /listening on (\S+)/.exec(output)?.[1];
        if (url !== undefined) resolve(url);
      });
      child.once('exit', (code) =>
        reject(new Error(`the server ended with ${String(code)} before it listened: ${this.log}`)),
      );
    });
  }

  /** Ends it, at once or in an orderly way (end-process.ts). Resolves with its exit code. */
  async stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.#process;
    if (child === null) return null;
    this.#process = null;
    return endProcess(child, signal);
  }

  /** @throws {Error} while it does not run */
  get pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined) throw new Error('the server does not run');
    return pid;
  }

  async meshStatus(): Promise<MeshStatus> {
    return (await this.admin('mesh-status')) as MeshStatus;
  }

  /** Asks the administration, or tells it something. */
  async admin(path: string, post?: unknown): Promise<unknown> {
    const answer = await fetch(`${this.url}/admin/${path}`, {
      headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' },
      ...(post === undefined ? {} : { method: 'POST', body: JSON.stringify(post) }),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    return answer.json();
  }

  /** The first line of its log about this event. */
  said(event: string): Readonly<Record<string, unknown>> | undefined {
    const lines = this.log.split('\n').filter((line) => line.startsWith('{'));
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>).find((line) => line['event'] === event);
  }

  async end(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.data, { recursive: true, force: true });
  }
}
