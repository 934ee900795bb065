// A contender's server as a process of its own, to be measured, killed and started again on the same port.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { endProcess } from '../support/end-process.js';
import { freePort } from '../support/free-port.js';
import { TestServer } from '../support/start-server.js';

export interface ContenderServer {
  readonly port: number;
  readonly pid: number;
  /** Ends it at once. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  end(): Promise<void>;
}

export class CompanionProcess implements ContenderServer {
  private constructor(readonly server: TestServer) {}

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<CompanionProcess> {
    return new CompanionProcess(await TestServer.start(settings));
  }

  get port(): number {
    return Number(new URL(this.server.url).port);
  }

  get pid(): number {
    return this.server.pid;
  }

  async kill(): Promise<void> {
    await this.server.stop('SIGKILL');
  }

  restart(): Promise<void> {
    return this.server.start();
  }

  end(): Promise<void> {
    return this.server.end();
  }
}

export interface CommandOptions {
  readonly args?: (port: number) => readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** A script of node's that listens on `PORT`. */
export class CommandServer implements ContenderServer {
  readonly port: number;
  readonly #script: readonly string[];
  readonly #environment: Readonly<Record<string, string>>;
  #process: ChildProcess | null = null;

  private constructor(port: number, script: readonly string[], environment: Readonly<Record<string, string>>) {
    this.port = port;
    this.#script = script;
    this.#environment = environment;
  }

  static async start(file: string, { args, environment }: CommandOptions = {}): Promise<CommandServer> {
    const port = await freePort();
    const server = new CommandServer(port, [file, ...(args?.(port) ?? [])], environment ?? {});
    await server.restart();
    return server;
  }

  /** @throws {Error} while it does not run */
  get pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined) throw new Error(`${this.#script.join(' ')} does not run`);
    return pid;
  }

  async kill(): Promise<void> {
    const child = this.#process;
    if (child === null) return;
    this.#process = null;
    await endProcess(child);
  }

  async restart(): Promise<void> {
    const env = { ...process.env, ...this.#environment, PORT: String(this.port), HOST: '127.0.0.1' };
    const child = spawn('node', this.#script, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    this.#process = child;
    while (!(await listens(this.port))) {
      if (child.exitCode !== null) throw new Error(`${this.#script.join(' ')} ended with ${child.exitCode}`);
      await pause(20);
    }
  }

  end(): Promise<void> {
    return this.kill();
  }
}

function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
