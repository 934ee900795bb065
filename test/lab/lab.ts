// One scenario of the lab: ground, servers and phones, all ended with it. A machine that cannot have a lab skips, and says why.

import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { Coturn } from '../support/start-coturn.js';
import { ADMIN_TOKEN, TestServer } from '../support/start-server.js';
import type { MeshStatus } from '../../server/mesh-metrics.js';
import type { Visitor } from '../support/visitor.js';
import { Ground } from './ground.js';
import type { Wifi } from './ground.js';
import { whyNoLab } from './namespaces.js';
import type { Host } from './namespaces.js';
import { CHAT_NAME, CHAT_PORT, Phone } from './phone.js';

const SKIPPED = whyNoLab();
if (SKIPPED !== null) process.stderr.write(`\n*** The network lab is skipped: ${SKIPPED}. ***\n\n`);

/** A test with a ground of its own. */
export function scenario(title: string, run: (lab: Lab, t: TestContext) => Promise<void>): void {
  test(title, { skip: SKIPPED ?? false }, async (t) => {
    const lab = new Lab();
    try {
      await run(lab, t);
    } finally {
      await lab.end();
    }
  });
}

export interface PhoneWithPage {
  readonly name: string;
  readonly host: Host;
  readonly visitor: Visitor;
}

export class Lab {
  readonly ground = new Ground();
  readonly #servers: TestServer[] = [];
  readonly #relays: Coturn[] = [];
  readonly #phones: Phone[] = [];

  /** A companion server on the internet; the chat's name is its address from now on. */
  async startServer(name = 'server', settings: Readonly<Record<string, string>> = {}): Promise<LabServer> {
    const { host, address } = this.ground.server(name);
    const place = { PORT: String(CHAT_PORT), HOST: address };
    const server = await TestServer.start({ ...place, ...settings }, host.entry);
    this.#servers.push(server);
    this.ground.name(CHAT_NAME, address);
    return new LabServer(server, host);
  }

  /** A real coturn, which answers STUN as well. */
  async startRelay(): Promise<{ readonly stun: string; readonly turn: Readonly<Record<string, string>> }> {
    const { host, address } = this.ground.server('relay');
    const relay = await Coturn.start([], { address, entry: host.entry });
    this.#relays.push(relay);
    const stun = relay.url.replace('turn:', 'stun:').replace('?transport=udp', '');
    return { stun, turn: { FESTIVAL_CHAT_TURN_URLS: relay.url, FESTIVAL_CHAT_TURN_SECRET: relay.secret } };
  }

  /** A phone comes into the Wi-Fi and opens the festival's page. */
  async phone(wifi: Wifi, name: string, attributes = 'auto-upgrade-delay="0"'): Promise<PhoneWithPage> {
    const host = wifi.join(name.toLowerCase());
    const phone = await Phone.on(host);
    this.#phones.push(phone);
    const visitor = await phone.visit(`display-name="${name}" ${attributes}`);
    await visitor.reaches('online');
    return { name, host, visitor };
  }

  /** Phones of one Wi-Fi, each linked to all others. */
  async linked(wifi: Wifi, names: readonly string[]): Promise<PhoneWithPage[]> {
    const phones: PhoneWithPage[] = [];
    for (const name of names) phones.push(await this.phone(wifi, name));
    for (const { visitor } of phones) await visitor.reaches('online', names.length - 1);
    return phones;
  }

  async end(): Promise<void> {
    await Promise.all(this.#phones.map((phone) => phone.end()));
    for (const server of this.#servers) await server.end();
    for (const relay of this.#relays) await relay.stop();
    this.ground.end();
  }
}

export class LabServer {
  readonly process: TestServer;
  readonly #host: Host;

  constructor(server: TestServer, host: Host) {
    this.process = server;
    this.#host = host;
  }

  /** What its administration says, asked from its own host. */
  meshStatus(): MeshStatus {
    const options = JSON.stringify({ headers: { Authorization: `Bearer ${ADMIN_TOKEN}` } });
    const ask = `fetch('${this.process.url}/admin/mesh-status', ${options}).then(async (a) => console.log(await a.text()))`;
    return JSON.parse(this.#host.run('node', '--eval', ask)) as MeshStatus;
  }
}
