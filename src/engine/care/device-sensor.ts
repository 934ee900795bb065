// What the device says of itself while the page is open: is it looked at, how long will its battery last, is its
// visitor to be spared data?

import type { DeviceFacts } from '../../core/device-governor.js';
import { networkInformation, networkSpeed } from '../environment.js';

/** The part of the Battery Status API that is used; Chromium has it, others do not. */
interface Battery extends EventTarget {
  readonly level: number;
  readonly charging: boolean;
}

/** Tells the state now and after every change, until the returned function is called. */
export function watchDevice(changed: (device: DeviceFacts) => void): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  const { document, navigator } = globalThis as { document?: Document; navigator?: Navigator };
  const connection = networkInformation();
  let battery: Battery | null = null;
  const tell = (): void =>
    changed({
      isVisible: document?.visibilityState !== 'hidden',
      battery: battery?.level ?? null,
      isCharging: battery?.charging ?? null,
      saveData: connection?.saveData ?? null,
      networkSpeed: networkSpeed(),
    });
  document?.addEventListener('visibilitychange', tell, { signal });
  connection?.addEventListener?.('change', tell, { signal });
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
