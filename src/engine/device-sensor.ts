// What the device says of itself while the page is open: is it looked at, and how long will its battery last?

import type { DeviceState } from '../core/room-io.js';

/** The part of the Battery Status API that is used; Chromium has it, others do not. */
interface Battery extends EventTarget {
  readonly level: number;
  readonly charging: boolean;
}

/** Tells the state now and after every change, until the returned function is called. */
export function watchDevice(changed: (device: DeviceState) => void): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  const { document, navigator } = globalThis as { document?: Document; navigator?: Navigator };
  let battery: Battery | null = null;
  const tell = (): void =>
    changed({
      isVisible: document?.visibilityState !== 'hidden',
      battery: battery?.level ?? null,
      isCharging: battery?.charging ?? null,
    });
  document?.addEventListener('visibilitychange', tell, { signal });
  void batteryOf(navigator).then((found) => {
    if (found === null || signal.aborted) return;
    battery = found;
    for (const event of ['levelchange', 'chargingchange']) found.addEventListener(event, tell, { signal });
    tell();
  });
  tell();
  return () => ending.abort();
}

async function batteryOf(navigator: Navigator | undefined): Promise<Battery | null> {
  const { getBattery } = (navigator ?? {}) as { getBattery?: () => Promise<Battery> };
  // Refused by a permissions policy, or not there: then nothing is known of it.
  return getBattery === undefined ? null : getBattery.call(navigator).catch(() => null);
}
