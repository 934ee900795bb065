// A real coturn with the sample configuration, on loopback. Debian's package; installed when this is root on Debian.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { debianProgram } from './debian-package.js';
import { endProcess } from './end-process.js';
import { freePort } from './free-port.js';
import { within } from './until.js';

/** It is up within a second; only a hang takes this long. */
const PATIENCE_MS = 60_000;

export class Coturn {
  readonly url: string;
  readonly secret: string;
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #lines: string[];

  private constructor(url: string, secret: string, child: ChildProcess, folder: string, lines: string[]) {
    this.url = url;
    this.secret = secret;
    this.#process = child;
    this.#folder = folder;
    this.#lines = lines;
  }

  /**
   * @param options on top of deploy/turnserver.conf
   * @param place where it listens; what stands before the program's name makes it run there
   */
  static async start(
    options: readonly string[],
    place: { readonly address: string; readonly entry: readonly string[] } = { address: '127.0.0.1', entry: [] },
  ): Promise<Coturn> {
    const port = await freePort('udp');
    const secret = 'a secret that only the two servers know';
    const folder = mkdtempSync(join(tmpdir(), 'festival-chat-coturn-'));
    const [command, ...entered] = [...place.entry, debianProgram('turnserver', 'coturn')];
    const child = spawn(
      command,
      [
        ...entered,
        ...['-c', 'deploy/turnserver.conf', '--static-auth-secret', secret, '--listening-port', String(port)],
        ...['--listening-ip', place.address, '--relay-ip', place.address, '--no-tls', '--no-dtls', '--verbose'],
        ...['--pidfile', join(folder, 'pid'), '--userdb', join(folder, 'users')],
        ...options,
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const lines: string[] = [];
    const coturn = new Coturn(`turn:${place.address}:${port}?transport=udp`, secret, child, folder, lines);
    const isUp = new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`coturn ended with ${String(code)}: ${lines.join('')}`)));
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        lines.push(text);
        if (lines.join('').includes('Relay ports initialization done')) resolve();
      });
    });
    try {
      await within(PATIENCE_MS, 'coturn is up', isUp);
    } catch (error) {
      await coturn.stop();
      throw error;
    }
    return coturn;
  }

  /** What it has logged. */
  get log(): string {
    return this.#lines.join('');
  }

  async stop(): Promise<void> {
    await endProcess(this.#process);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
