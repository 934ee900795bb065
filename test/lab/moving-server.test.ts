// The server comes back empty, under its name, on another address.

import { scenario } from './lab.js';
import { allHave, everybodySays, quantiles } from './talk.js';

scenario(
  'the server dies and is another machine after: its members find it by its name, and fill it',
  async (lab, t) => {
    const first = await lab.startServer('first');
    const wifi = lab.ground.wifi('meadow');
    const phones = await lab.linked(wifi, ['Ada', 'Bob', 'Cleo']);
    await everybodySays(phones, 'says hello');
    await first.process.stop('SIGKILL');
    for (const { visitor } of phones) await visitor.reaches('mesh-only', 2);
    t.diagnostic(`without a server: ${quantiles(await everybodySays(phones, 'talks on'))}`);
    await lab.startServer('second');
    const startedAtMs = performance.now();
    for (const { visitor } of phones) {
      visitor.page.setDefaultTimeout(150_000);
      await visitor.reaches('online');
    }
    t.diagnostic(
      `found after ${Math.round((performance.now() - startedAtMs) / 1_000)} s; browsers remember addresses for a minute`,
    );
    await allHave(phones, 6);
    const late = await lab.phone(wifi, 'Late', 'mesh="off"');
    await allHave([...phones, late], 6);
  },
);
