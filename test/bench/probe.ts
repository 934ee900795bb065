// The memory of another node process after its garbage is collected, asked of servers/probe.mjs inside it.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BENCH_FOLDER } from './build-pages.js';

export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}

export class Probe {
  readonly #folder = mkdtempSync(join(tmpdir(), 'festival-chat-probe-'));
  readonly #file = join(this.#folder, 'memory.json');

  /** For the process to be measured. */
  get environment(): Readonly<Record<string, string>> {
    const module = `file://${resolve(BENCH_FOLDER, 'servers/probe.mjs')}`;
    return { NODE_OPTIONS: `--import ${module}`, BENCH_PROBE: this.#file };
  }

  async read(pid: number): Promise<Memory> {
    rmSync(this.#file, { force: true });
    process.kill(pid, 'SIGUSR2');
    while (!existsSync(this.#file)) await pause(20);
    return JSON.parse(readFileSync(this.#file, 'utf8')) as Memory;
  }

  end(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
