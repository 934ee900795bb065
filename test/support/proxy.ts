// A real nginx or Caddy with the sample configuration, on loopback and without certificates, before a server of ours.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { debianProgram } from './debian-package.js';
import { endProcess } from './end-process.js';
import { freePort } from './free-port.js';
import { until } from './until.js';

export type ProxyName = 'nginx' | 'caddy';

/** Makes of the sample what runs on this port before that server; throws when the sample is not as expected. */
const CONFIGURATIONS: Readonly<Record<ProxyName, (port: number, server: string, folder: string) => string>> = {
  nginx: (port, server, folder) => {
    const sample = changed(readFileSync('deploy/nginx.conf', 'utf8'), [
      ['listen 443 ssl;', `listen 127.0.0.1:${port};`],
      ['  ssl_certificate /etc/ssl/chat.pem;\n', ''],
      ['  ssl_certificate_key /etc/ssl/chat.key;\n', ''],
      ['127.0.0.1:8787', server],
    ]);
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${join(folder, name)};`,
    );
    return `daemon off; master_process off; pid ${join(folder, 'pid')}; error_log stderr warn;
      events {} http { access_log off; ${paths.join(' ')} ${sample} }`;
  },
  caddy: (port, server) => {
    const sample = changed(readFileSync('deploy/Caddyfile', 'utf8'), [
      ['chat.festival.example {', `http://127.0.0.1:${port} {`],
      ['127.0.0.1:8787', server],
    ]);
    return `{\n\tadmin off\n\tauto_https off\n}\n${sample}`;
  },
};

const COMMANDS: Readonly<Record<ProxyName, (file: string, folder: string) => readonly string[]>> = {
  nginx: (file, folder) => [debianProgram('nginx', 'nginx-light'), '-c', file, '-p', folder, '-e', 'stderr'],
  caddy: (file) => [debianProgram('caddy'), 'run', '--config', file, '--adapter', 'caddyfile'],
};

export class Proxy {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(url: string, child: ChildProcess, folder: string) {
    this.url = url;
    this.#process = child;
    this.#folder = folder;
  }

  /** Resolves when the server answers through it. */
  static async start(name: ProxyName, serverUrl: string): Promise<Proxy> {
    const [port, folder] = [await freePort(), mkdtempSync(join(tmpdir(), `festival-chat-${name}-`))];
    const file = join(folder, 'configuration');
    writeFileSync(file, CONFIGURATIONS[name](port, new URL(serverUrl).host, folder));
    const [program = '', ...args] = COMMANDS[name](file, folder);
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, HOME: folder } });
    let log = '';
    child.stderr.on('data', (text: Buffer) => (log += text.toString()));
    const proxy = new Proxy(`http://127.0.0.1:${port}`, child, folder);
    try {
      await until(async () => {
        if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}: ${log}`);
        const answer = await fetch(`${proxy.url}/readyz`).catch(() => null);
        return answer?.status === 200;
      });
    } catch (error) {
      await proxy.stop();
      throw error;
    }
    return proxy;
  }

  async stop(): Promise<void> {
    await endProcess(this.#process);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** @throws {Error} when something to be changed is not there */
function changed(text: string, changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((now, [from, to]) => {
    if (!now.includes(from)) throw new Error(`the sample configuration has no “${from}”`);
    return now.replaceAll(from, to);
  }, text);
}
