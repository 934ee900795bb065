// The ground of a festival: an internet with servers, and Wi-Fis with phones behind a router each.
//
//   phone ─┐
//   phone ─┴ Wi-Fi (bridge, router, address translation) ── internet ── servers

import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { debianProgram } from '../support/debian-package.js';
import { Namespaces, cable, startIn } from './namespaces.js';
import type { Host } from './namespaces.js';

/** Addresses of the open internet, as far as browsers know; nothing leaves the namespaces. */
const INTERNET = '44.1.1';
/** Answers who has which name. */
const NAMES_AT = `${INTERNET}.1`;

/**
 * How a router translates addresses. `cone`: a device's port outside is the same towards everybody, so whoever knows it
 * can be answered. `symmetric`: another port towards each, so what a STUN server has seen is of use to nobody else.
 */
export type Translation = 'cone' | 'symmetric';

export class Ground {
  readonly #namespaces = new Namespaces();
  readonly #internet: Host;
  readonly #folder = mkdtempSync(join(tmpdir(), 'festival-chat-names-'));
  readonly #names: ChildProcess;
  #hosts = 0;
  #wifis = 0;

  constructor() {
    const internet = this.#namespaces.host('internet');
    internet.ip('link', 'add', 'net', 'type', 'bridge');
    internet.ip('address', 'add', `${NAMES_AT}/24`, 'dev', 'net');
    internet.ip('link', 'set', 'net', 'up');
    this.#internet = internet;
    this.#names = this.#serveNames();
  }

  /** A host with an address that everybody reaches. */
  server(name: string): { readonly host: Host; readonly address: string } {
    const host = this.#namespaces.host(name);
    const address = this.#attach(host);
    return { host, address };
  }

  wifi(name: string, translation: Translation = 'cone'): Wifi {
    this.#wifis += 1;
    const router = this.#namespaces.host(name);
    const outside = this.#attach(router);
    const subnet = `192.168.${this.#wifis}`;
    return new Wifi(router, {
      subnet,
      translation,
      device: (phone) => this.#namespaces.host(`${name}-${phone}`),
      uplink: (isUp) => this.#internet.ip('link', 'set', `to-${outside.split('.')[3]}`, isUp ? 'up' : 'down'),
    });
  }

  /** From now on this name means this address; whoever has asked before may go on with the former for a minute. */
  name(name: string, address: string): void {
    writeFileSync(join(this.#folder, 'hosts'), `${address} ${name}\n`);
    this.#names.kill('SIGHUP');
  }

  end(): void {
    this.#namespaces.end();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #attach(host: Host): string {
    this.#hosts += 1;
    const last = 9 + this.#hosts;
    const address = `${INTERNET}.${last}`;
    cable(host, 'wan', this.#internet, `to-${last}`);
    this.#internet.ip('link', 'set', `to-${last}`, 'master', 'net');
    host.ip('address', 'add', `${address}/24`, 'dev', 'wan');
    host.ip('route', 'add', 'default', 'via', NAMES_AT);
    return address;
  }

  #serveNames(): ChildProcess {
    writeFileSync(join(this.#folder, 'hosts'), '');
    return startIn(this.#internet, debianProgram('dnsmasq', 'dnsmasq-base'), [
      ...['--keep-in-foreground', '--conf-file=', '--pid-file=', '--user=root', '--no-resolv', '--no-hosts'],
      ...[`--listen-address=${NAMES_AT}`, '--bind-interfaces', '--local-ttl=1'],
      `--addn-hosts=${join(this.#folder, 'hosts')}`,
    ]);
  }
}

interface WifiParts {
  readonly subnet: string;
  readonly translation: Translation;
  readonly device: (name: string) => Host;
  readonly uplink: (isUp: boolean) => void;
}

/** An access point and its router. */
export class Wifi {
  readonly #router: Host;
  readonly #parts: WifiParts;
  readonly #phones = new Map<Host, string>();

  constructor(router: Host, parts: WifiParts) {
    this.#router = router;
    this.#parts = parts;
    router.ip('link', 'add', 'air', 'type', 'bridge');
    router.ip('address', 'add', `${parts.subnet}.1/24`, 'dev', 'air');
    router.ip('link', 'set', 'air', 'up');
    router.run('sysctl', '--quiet', '--write', 'net.ipv4.ip_forward=1');
    const masquerade = parts.translation === 'cone' ? 'masquerade' : 'masquerade fully-random';
    // What nobody inside has asked for stays outside, and leaves no trace that would take a port from a phone.
    router.filter(`
      table ip router {
        chain out { type nat hook postrouting priority srcnat; oifname "wan" ${masquerade}; }
        chain in { type filter hook input priority filter; iifname "wan" ct state new drop; }
        chain through { type filter hook forward priority filter; iifname "wan" ct state new drop; }
      }`);
  }

  /** A phone comes into this Wi-Fi. */
  join(name: string): Host {
    const phone = this.#parts.device(name);
    const number = 10 + this.#phones.size;
    const port = `phone-${number}`;
    this.#phones.set(phone, port);
    cable(phone, 'wlan', this.#router, port);
    this.#router.ip('link', 'set', port, 'master', 'air');
    phone.ip('address', 'add', `${this.#parts.subnet}.${number}/24`, 'dev', 'wlan');
    phone.ip('route', 'add', 'default', 'via', `${this.#parts.subnet}.1`);
    phone.asksNamesAt(NAMES_AT);
    return phone;
  }

  /** Between the router and the internet. Phones still reach each other. */
  uplink(isUp: boolean): void {
    this.#parts.uplink(isUp);
  }

  /** Whether this phone has reception. */
  reception(phone: Host, isThere: boolean): void {
    this.#router.ip('link', 'set', this.#portOf(phone), isThere ? 'up' : 'down');
  }

  /** Its phones reach the internet, and not each other, as in many hotels and on many festival grounds. */
  isolate(): void {
    for (const port of this.#phones.values()) {
      this.#router.ip('link', 'set', port, 'type', 'bridge_slave', 'isolated', 'on');
    }
    // Nor by way of the router itself.
    this.#router.filter(`
      table ip isolation {
        chain through { type filter hook forward priority filter; iifname "air" oifname "air" drop; }
      }`);
  }

  #portOf(phone: Host): string {
    const port = this.#phones.get(phone);
    if (port === undefined) throw new Error(`${phone.name} is not in this Wi-Fi`);
    return port;
  }
}

/** Of the UDP packets that come in here one of so many gets lost. */
export function loseOneIn(host: Host, packets: number): void {
  host.filter(`
    table inet loss {
      chain in { type filter hook input priority filter; meta l4proto udp numgen random mod ${packets} == 0 drop; }
    }`);
}
