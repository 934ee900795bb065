// Keeps an eye on the device and its network while a chat runs: how much it may spend, who answers in the server's
// name, and what is wrong. Fetched after the start, because a chat works without it.

import type { ChatStatus } from '../../core/chat-view.js';
import { govern } from '../../core/device-governor.js';
import type { DeviceFacts, PowerPreference, PowerRules } from '../../core/device-governor.js';
import { diagnose } from '../../core/diagnosis.js';
import type { FindingCode } from '../../core/diagnosis.js';
import type { Diagnostics } from '../../core/diagnostics.js';
import type { DeviceState } from '../../core/room-io.js';
import { watchOutbox } from './outbox-sync.js';
import type { OutboxHost } from './outbox-sync.js';
import { ServerProbe } from './server-probe.js';
import { watchDevice } from './device-sensor.js';

/** Looked at this often. A finding is told when two looks in a row have found it: much passes by itself. */
const LOOK_EVERY_MS = 2_000;

/** What the session lends. */
export interface CareHost {
  /** Origin. */
  readonly server: string;
  readonly power: PowerPreference;
  readonly outbox: OutboxHost;
  status(): ChatStatus;
  diagnostics(): Diagnostics;
  deviceChanged(device: DeviceState): void;
  govern(rules: PowerRules): void;
  findingsChanged(findings: readonly FindingCode[]): void;
}

export class DeviceCare {
  findings: readonly FindingCode[] = [];
  readonly #host: CareHost;
  readonly #probe: ServerProbe;
  readonly #unwatch: () => void;
  readonly #unwatchOutbox: () => void;
  readonly #timer: ReturnType<typeof setInterval>;
  #power: Diagnostics['power'] = null;
  #lastFound: readonly FindingCode[] = [];

  constructor(host: CareHost) {
    this.#host = host;
    this.#probe = new ServerProbe(host.server);
    this.#unwatch = watchDevice((device) => this.#changed(device));
    this.#unwatchOutbox = watchOutbox(host.outbox);
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  get power(): Diagnostics['power'] {
    return this.#power;
  }

  get serverAnswers(): Diagnostics['detector']['serverAnswers'] {
    return this.#probe.answer;
  }

  end(): void {
    clearInterval(this.#timer);
    this.#unwatch();
    this.#unwatchOutbox();
  }

  #changed(device: DeviceFacts): void {
    const { isVisible, battery, isCharging } = device;
    const before = JSON.stringify(this.#power?.rules);
    const view = govern(device, this.#host.power);
    this.#power = { ...view, battery, isCharging };
    this.#host.deviceChanged({ isVisible, battery, isCharging });
    if (JSON.stringify(view.rules) !== before) this.#host.govern(view.rules);
  }

  #look(): void {
    this.#probe.look(this.#host.status(), performance.now());
    const found = diagnose(this.#host.diagnostics(), this.#host.status());
    const findings = found.filter((code) => this.#lastFound.includes(code));
    this.#lastFound = found;
    if (findings.join() === this.findings.join()) return;
    this.findings = findings;
    this.#host.findingsChanged(findings);
  }
}
