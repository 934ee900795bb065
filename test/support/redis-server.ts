// A real Redis in a process of its own, on a free port and in a folder of its own, to be killed and started again.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { debianProgram } from './debian-package.js';
import { endProcess } from './end-process.js';
import { freePort } from './free-port.js';

export class RedisServer {
  readonly port: number;
  readonly url: string;
  readonly folder = mkdtempSync(join(tmpdir(), 'festival-chat-redis-'));
  readonly #isDurable: boolean;
  #process: ChildProcess | null = null;

  private constructor(port: number, isDurable: boolean) {
    this.port = port;
    this.url = `redis://127.0.0.1:${port}`;
    this.#isDurable = isDurable;
  }

  /** @param isDurable flushes each write to the disk before it answers; without it a restart finds nothing */
  static async start({ isDurable = true } = {}): Promise<RedisServer> {
    const redis = new RedisServer(await freePort(), isDurable);
    await redis.start();
    return redis;
  }

  /** Starts it (again), on the port and the data it had. Resolves when it accepts connections. */
  async start(): Promise<void> {
    const durability = this.#isDurable ? ['--appendonly', 'yes', '--appendfsync', 'always'] : [];
    const address = ['--port', String(this.port), '--bind', '127.0.0.1'];
    const child = spawn(
      debianProgram('redis-server'),
      [...address, '--dir', this.folder, '--save', '', ...durability],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    this.#process = child;
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`redis-server ended with ${String(code)}`)));
      let output = '';
      child.stdout.on('data', (text: Buffer) => {
        output += text.toString();
        if (output.includes('Ready to accept connections')) resolve();
      });
    });
  }

  /** Ends it at once. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === null) return;
    this.#process = null;
    await endProcess(child);
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
