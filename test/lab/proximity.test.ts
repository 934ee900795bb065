// Two Wi-Fis of one room: phones serve those near them, with links across, so that neither Wi-Fi is an island.

import assert from 'node:assert/strict';
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
  // Nobody serves before a minute has passed.
  for (const { visitor } of phones) {
    visitor.page.setDefaultTimeout(120_000);
    await visitor.reaches('online', 2);
  }
  for (const { name, visitor } of phones) {
    const { links } = await visitor.diagnostics();
    const places = new Set([near.get(name), ...links.map((link) => near.get(link.name))]);
    t.diagnostic(`${name} (${near.get(name) ?? ''}) is linked to ${links.map((link) => link.name).join(', ')}`);
    assert.deepEqual(places, new Set(['meadow', 'camp']), `${name} has a link across, or is at its end`);
    assert.ok(
      links.some((link) => near.get(link.name) === near.get(name)),
      `${name} is linked to somebody near`,
    );
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
