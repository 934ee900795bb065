// Two Wi-Fis of one room: phones serve those near them, with links across, so that neither Wi-Fi is an island.

import { CROWD } from '../../src/core/crowd/crowd-limits.js';
import { until } from '../support/until.js';
import { scenario } from './lab.js';
import type { PhoneWithPage } from './lab.js';
import { allHave, everybodySays, quantiles } from './talk.js';

/** Links follow the roles alone. */
const BY_ROLE = 'auto-upgrade-delay="600000"';

scenario('[C2] [C3] each Wi-Fi has one who serves it, and each phone a link into both', async (lab, t) => {
  const { stun } = await lab.startRelay();
  await lab.startServer('server', { FESTIVAL_CHAT_STUN_URLS: stun });
  const [meadow, camp] = [lab.ground.wifi('meadow'), lab.ground.wifi('camp')];
  const near = new Map<string, string>();
  const phones: PhoneWithPage[] = [];
  // The longest present would be two of the same Wi-Fi.
  for (const [wifi, of, names] of [
    [meadow, 'meadow', ['Ada', 'Bob', 'Cleo']],
    [camp, 'camp', ['Xan', 'Yam', 'Zoe']],
  ] as const) {
    for (const name of names) {
      near.set(name, of);
      phones.push(await lab.phone(wifi, name, BY_ROLE));
    }
  }
  // Nobody serves before a minute has passed, and those of the camp come to be chosen later.
  const linkedTo = async ({ visitor }: PhoneWithPage): Promise<readonly string[]> => {
    const { links } = await visitor.diagnostics();
    return links.filter(({ state }) => state === 'up').map((link) => link.name);
  };
  const isLinkedIntoBoth = async (phone: PhoneWithPage): Promise<boolean> =>
    new Set((await linkedTo(phone)).map((name) => near.get(name))).size === 2;
  const areAll = async (): Promise<boolean> => (await Promise.all(phones.map(isLinkedIntoBoth))).every(Boolean);
  await until(areAll, CROWD.presentMs + 120_000);
  for (const phone of phones) {
    t.diagnostic(`${phone.name} (${near.get(phone.name) ?? ''}) is linked to ${(await linkedTo(phone)).join(', ')}`);
  }
  t.diagnostic(quantiles(await everybodySays(phones, 'says hello')));

  // The meadow loses the internet: its phones still have each other.
  meadow.uplink(false);
  const cutOff = phones.slice(0, 3);
  for (const { visitor } of cutOff) await visitor.reaches('mesh-only', 1);
  t.diagnostic(`cut off: ${quantiles(await everybodySays(cutOff, 'is cut off'))}`);
  meadow.uplink(true);
  for (const { visitor } of cutOff) await visitor.reaches('online');
  await allHave(phones, 9);
});
