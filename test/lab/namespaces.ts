// Hosts of a network on one machine: Linux network namespaces, joined by cables (veth). What is made here carries this
// process's number in its name, and is gone with it, also after a failure or Ctrl-C.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { debianProgram } from '../support/debian-package.js';

const PREFIX = 'fclab';
/** `ip netns exec` lays the files of a namespace's folder here over those of /etc. */
const OVERLAYS = '/etc/netns';

/** Why there can be no lab on this machine; null where there can. */
export function whyNoLab(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are Linux’s';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  try {
    debianProgram('ip', 'iproute2');
    debianProgram('nft', 'nftables');
    debianProgram('dnsmasq', 'dnsmasq-base');
    debianProgram('turnserver', 'coturn');
    const probe = `${PREFIX}${process.pid}-probe`;
    ip('netns', 'add', probe);
    ip('netns', 'del', probe);
    return null;
  } catch (error) {
    return `this machine makes no network namespaces: ${String(error)}`;
  }
}

export class Namespaces {
  readonly #hosts: Host[] = [];
  readonly #scripts = mkdtempSync(join(tmpdir(), 'festival-chat-lab-'));
  readonly #end = (): void => this.end();
  readonly #interrupted = (): void => {
    this.end();
    process.exit(130);
  };

  constructor() {
    sweep();
    process.once('exit', this.#end);
    process.once('SIGINT', this.#interrupted);
    process.once('SIGTERM', this.#interrupted);
  }

  host(name: string): Host {
    const host = new Host(`${PREFIX}${process.pid}-${name}`, name, this.#scripts);
    this.#hosts.push(host);
    return host;
  }

  /** Ends what runs in the namespaces, and removes them. */
  end(): void {
    process.off('exit', this.#end);
    process.off('SIGINT', this.#interrupted);
    process.off('SIGTERM', this.#interrupted);
    for (const host of this.#hosts.splice(0)) remove(host.namespace);
    rmSync(this.#scripts, { recursive: true, force: true });
  }
}

/** One device, router or server: a network of its own. */
export class Host {
  readonly namespace: string;
  readonly name: string;
  readonly #scripts: string;

  constructor(namespace: string, name: string, scripts: string) {
    this.namespace = namespace;
    this.name = name;
    this.#scripts = scripts;
    ip('netns', 'add', namespace);
    this.ip('link', 'set', 'lo', 'up');
    // What a bridge passes on is none of the router's filters' business.
    for (const key of ['net.bridge.bridge-nf-call-iptables', 'net.bridge.bridge-nf-call-ip6tables']) {
      if (existsSync(`/proc/sys/${key.replaceAll('.', '/')}`)) this.run('sysctl', '--quiet', '--write', `${key}=0`);
    }
  }

  /** Before a program and its arguments: runs it here. */
  get entry(): readonly string[] {
    return ['ip', 'netns', 'exec', this.namespace];
  }

  ip(...args: readonly string[]): void {
    ip('-n', this.namespace, ...args);
  }

  /** A rule set for nft, as it stands in a file. */
  filter(rules: string): void {
    execFileSync('ip', ['netns', 'exec', this.namespace, debianProgram('nft', 'nftables'), '--file', '-'], {
      input: rules,
    });
  }

  /** What the program prints. */
  run(program: string, ...args: readonly string[]): string {
    return execFileSync('ip', ['netns', 'exec', this.namespace, program, ...args], { encoding: 'utf8' });
  }

  /** A program of this name that runs the given one here: for those who can be given a path only. */
  wrapper(program: string): string {
    const path = join(this.#scripts, this.namespace);
    writeFileSync(path, `#!/bin/sh\nexec ${this.entry.join(' ')} ${program} "$@"\n`, { mode: 0o755 });
    return path;
  }

  /** Names are asked for at this address from now on. */
  asksNamesAt(address: string): void {
    mkdirSync(join(OVERLAYS, this.namespace), { recursive: true });
    writeFileSync(join(OVERLAYS, this.namespace, 'resolv.conf'), `nameserver ${address}\n`);
  }
}

/** A cable between two hosts; each end is named as its host calls it, and is up. */
export function cable(a: Host, aEnd: string, b: Host, bEnd: string): void {
  ip('link', 'add', aEnd, 'netns', a.namespace, 'type', 'veth', 'peer', 'name', bEnd, 'netns', b.namespace);
  a.ip('link', 'set', aEnd, 'up');
  b.ip('link', 'set', bEnd, 'up');
}

/** Long-running; it ends with the namespaces at the latest. */
export function startIn(host: Host, program: string, args: readonly string[]): ReturnType<typeof spawn> {
  const [command = '', ...entered] = [...host.entry, program, ...args];
  return spawn(command, entered, { stdio: ['ignore', 'ignore', 'inherit'] });
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

function remove(namespace: string): void {
  const pids = execFileSync('ip', ['netns', 'pids', namespace], { encoding: 'utf8' }).split('\n').filter(Boolean);
  for (const pid of pids) kill(Number(pid));
  ip('netns', 'del', namespace);
  rmSync(join(OVERLAYS, namespace), { recursive: true, force: true });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself meanwhile.
  }
}

/** What a lab left behind that was killed before it could clean up. */
function sweep(): void {
  const folder = '/run/netns';
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) remove(name);
  }
}
