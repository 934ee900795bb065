// A Wi-Fi that loses the internet. Short enough to run with every change.

import { scenario } from './lab.js';
import { allHave, everybodySays, quantiles } from './talk.js';

scenario(
  'the uplink of a Wi-Fi is cut: its phones go on talking among themselves, and all merges after',
  async (lab, t) => {
    await lab.startServer();
    const wifi = lab.ground.wifi('meadow');
    const phones = await lab.linked(wifi, ['Ada', 'Bob', 'Cleo']);
    t.diagnostic(`with a server: ${quantiles(await everybodySays(phones, 'says hello'))}`);

    wifi.uplink(false);
    const cutAtMs = performance.now();
    t.diagnostic(`at the moment of the cut: ${quantiles(await everybodySays(phones, 'has not noticed'))}`);
    for (const { visitor } of phones) await visitor.reaches('mesh-only', 2);
    t.diagnostic(`all know that they are alone after ${Math.round(performance.now() - cutAtMs)} ms`);
    t.diagnostic(`without the internet: ${quantiles(await everybodySays(phones, 'talks on'))}`);
    for (const { visitor } of phones) await visitor.isTold(/nearby|devices|without/i);

    wifi.uplink(true);
    const backAtMs = performance.now();
    for (const { visitor } of phones) await visitor.reaches('online');
    await allHave(phones, 9);
    t.diagnostic(`all is stored ${Math.round(performance.now() - backAtMs)} ms after the uplink is back`);
    const late = await lab.phone(wifi, 'Late', 'mesh="off"');
    await allHave([...phones, late], 9);
  },
);
