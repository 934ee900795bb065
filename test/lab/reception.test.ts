// Wi-Fi that comes and goes, loses packets, or keeps its phones apart.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { loseOneIn } from './ground.js';
import { scenario } from './lab.js';
import { allHave, everybodySays, quantiles } from './talk.js';

const AWAY_MS = 8_000;

scenario('a phone without reception for 8 s has everything soon after, and so have the others', async (lab, t) => {
  await lab.startServer();
  const wifi = lab.ground.wifi('meadow');
  const phones = await lab.linked(wifi, ['Ada', 'Bob', 'Cleo']);
  const [ada, bob] = phones;
  assert.ok(ada && bob);
  wifi.reception(bob.host, false);
  await bob.visitor.write('from the dead spot');
  await ada.visitor.write('where is Bob?');
  await pause(AWAY_MS);
  wifi.reception(bob.host, true);
  const backAtMs = performance.now();
  await bob.visitor.sees('where is Bob?');
  await ada.visitor.sees('from the dead spot');
  t.diagnostic(`both ways after ${Math.round(performance.now() - backAtMs)} ms`);
  for (const { visitor } of phones) await visitor.reaches('online', 2);
  t.diagnostic(`all linked after ${Math.round(performance.now() - backAtMs)} ms`);
  t.diagnostic(`then ${quantiles(await everybodySays(phones, 'is here'))}`);
  await allHave(phones, 5);
});

const ROUNDS = 8;

scenario('one in ten UDP packets is lost: everything arrives, once', async (lab, t) => {
  await lab.startServer();
  const wifi = lab.ground.wifi('meadow');
  const phones = await lab.linked(wifi, ['Ada', 'Bob', 'Cleo']);
  for (const { host } of phones) loseOneIn(host, 10);
  const delaysMs: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) delaysMs.push(...(await everybodySays(phones, `in round ${round}`)));
  await allHave(phones, ROUNDS * phones.length);
  const stats = await Promise.all(phones.map(async ({ visitor }) => (await visitor.diagnostics()).stats));
  const sum = (pick: (of: (typeof stats)[number]) => number): number => stats.reduce((all, of) => all + pick(of), 0);
  t.diagnostic(quantiles(delaysMs));
  t.diagnostic(`${sum((of) => of.viaP2P)} over links, ${sum((of) => of.viaWebSocket)} over the server first`);
  assert.ok(sum((of) => of.viaP2P) > 0, 'links carry messages all the same');
});

/** Longer than the first waits between dials of one peer, 5, 10 and 20 s. */
const WATCHED_MS = 40_000;

scenario('[M12] an access point keeps its phones apart: they say so, and stop dialling', async (lab, t) => {
  const { stun } = await lab.startRelay();
  await lab.startServer('server', { FESTIVAL_CHAT_STUN_URLS: stun });
  const wifi = lab.ground.wifi('hotel');
  const waiting = 'auto-upgrade-delay="3000"';
  const phones = [await lab.phone(wifi, 'Ada', waiting), await lab.phone(wifi, 'Bob', waiting)];
  wifi.isolate();
  const startedAtMs = performance.now();
  for (const { visitor } of phones) {
    await visitor.page.waitForFunction(
      () => document.querySelector('festival-chat')?.getConnectionDiagnostics().findings.includes('wifi-isolates'),
      undefined,
      { timeout: 120_000 },
    );
  }
  t.diagnostic(`recognised after ${Math.round((performance.now() - startedAtMs) / 1_000)} s`);
  const dials = (): Promise<number[]> =>
    Promise.all(phones.map(async ({ visitor }) => (await visitor.diagnostics()).mesh.dials.tried));
  const before = await dials();
  await everybodySays(phones, 'goes through the server');
  await pause(WATCHED_MS);
  assert.deepEqual(await dials(), before, 'nobody has dialled again');
  await allHave(phones, phones.length);
});
