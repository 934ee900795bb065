// Phones behind different routers: linked where the routers let them, relayed where they do not, and told apart.

import assert from 'node:assert/strict';
import { until } from '../support/until.js';
import { scenario } from './lab.js';
import type { Lab, PhoneWithPage } from './lab.js';
import type { Translation } from './ground.js';
import { allHave, everybodySays, quantiles } from './talk.js';

const BY_HAND = 'mesh="manual"';

/** One phone behind each of two routers of this kind. */
async function apart(lab: Lab, translation: Translation): Promise<[PhoneWithPage, PhoneWithPage]> {
  const ada = await lab.phone(lab.ground.wifi('meadow', translation), 'Ada', BY_HAND);
  const bob = await lab.phone(lab.ground.wifi('camp', translation), 'Bob', BY_HAND);
  await ada.visitor.page.waitForFunction(() => document.querySelector('festival-chat')?.status?.members === 2);
  return [ada, bob];
}

/** Kinds of the two candidates of Ada's link, once the browser has told. */
async function candidates({ visitor }: PhoneWithPage): Promise<readonly string[]> {
  const measured = await visitor.page.waitForFunction(() => {
    const [link] = document.querySelector('festival-chat')?.getConnectionDiagnostics().links ?? [];
    return link?.transport ? [link.transport.localCandidate, link.transport.remoteCandidate] : null;
  });
  return (await measured.jsonValue()) ?? [];
}

scenario('routers that keep a port for everybody: two phones behind them link directly', async (lab, t) => {
  const { stun, turn } = await lab.startRelay();
  const server = await lab.startServer('server', { FESTIVAL_CHAT_STUN_URLS: stun, ...turn });
  const [ada, bob] = await apart(lab, 'cone');
  assert.deepEqual(await ada.visitor.upgrade(), { connected: 1, attempted: 1 });
  await bob.visitor.reaches('online', 1);
  t.diagnostic(quantiles(await everybodySays([ada, bob], 'says hello')));
  const kinds = await candidates(ada);
  t.diagnostic(`candidates ${kinds.join(' and ')}`);
  assert.ok(!kinds.includes('relay'));
  await until(() => server.meshStatus().activeP2PConnections === 1);
  await allHave([ada, bob], 2);
});

scenario(
  'routers with another port for each: only the relay links two phones, and that is not counted as P2P',
  async (lab, t) => {
    const { stun, turn } = await lab.startRelay();
    const server = await lab.startServer('server', { FESTIVAL_CHAT_STUN_URLS: stun, ...turn });
    const [ada, bob] = await apart(lab, 'symmetric');
    assert.deepEqual(await ada.visitor.upgrade(), { connected: 1, attempted: 1 });
    await bob.visitor.reaches('online', 1);
    t.diagnostic(quantiles(await everybodySays([ada, bob], 'says hello')));
    const kinds = await candidates(ada);
    t.diagnostic(`candidates ${kinds.join(' and ')}`);
    assert.ok(kinds.includes('relay'));
    // The report of the messages comes with one of the links.
    await until(() => server.meshStatus().p2pMessageCount > 0);
    const { activeP2PConnections, currentP2PUsers, successfulP2PConnections } = server.meshStatus();
    assert.deepEqual([activeP2PConnections, currentP2PUsers, successfulP2PConnections], [0, 0, 0]);
    await allHave([ada, bob], 2);
  },
);

scenario('the same without a relay: no link comes about, and the chat goes through the server', async (lab) => {
  const { stun } = await lab.startRelay();
  await lab.startServer('server', { FESTIVAL_CHAT_STUN_URLS: stun });
  const phones = await apart(lab, 'symmetric');
  assert.deepEqual(await phones[0].visitor.upgrade(), { connected: 0, attempted: 1 });
  await everybodySays(phones, 'says hello');
  await allHave(phones, 2);
});
