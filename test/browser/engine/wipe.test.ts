// A device that is to forget: whatever has the festival's history open on it begins anew.

import { expect } from '@open-wc/testing';
import { ChatClient } from '../../../src/engine/chat-client.js';
import { waitUntil } from '../../support/wait-in-browser.js';

const clients: ChatClient[] = [];

/** A chat that nobody answers: what it shows is what the device keeps. */
function begun(festival: string, room: string): ChatClient {
  const client = new ChatClient({ server: location.origin, festival, room });
  client.start();
  clients.push(client);
  return client;
}

const newFestival = (): string => `wipe-${crypto.randomUUID()}`;
const texts = ({ messages }: ChatClient): string[] => messages.map(({ text }) => text);

afterEach(async () => {
  const begun = clients.splice(0);
  await Promise.all(begun.map((client) => client.stop()));
  for (const client of begun) await client.wipe();
});

describe('erasing what a device keeps', () => {
  it('is for all chats of the festival: none goes on under the name and key that were erased', async () => {
    const festival = newFestival();
    const [one, other, elsewhere] = [begun(festival, 'one'), begun(festival, 'other'), begun(newFestival(), 'one')];
    for (const client of [one, other, elsewhere]) {
      client.setDisplayName('Ada');
      await client.sendMessage('keep this');
    }
    const [before, stays] = [other.selfId, elsewhere.selfId];
    let told = 0;
    other.addEventListener('wipe', () => (told += 1));
    await one.wipe();
    await waitUntil(() => other.selfId !== null && other.selfId !== before, 'the other goes on as before');
    expect(told).to.equal(1);
    expect([other.displayName, texts(other), texts(one)]).to.deep.equal([null, [], []]);
    expect(other.selfId).to.equal(one.selfId);
    expect([elsewhere.displayName, elsewhere.selfId, texts(elsewhere)]).to.deep.equal(['Ada', stays, ['keep this']]);
  });

  it('does not wait for a chat that cannot begin, nor for one that was stopped', async () => {
    const festival = newFestival();
    const kept = begun(festival, 'one');
    kept.setDisplayName('Ada');
    await kept.sendMessage('keep this');
    await kept.stop();
    await kept.wipe();
    expect(kept.selfId).to.equal(null);
    const starting = begun(festival, 'one');
    const asked = starting.sendMessage('too early').catch((error: unknown) => error);
    await starting.wipe();
    expect(await asked).to.have.property('code', 'closed');
    expect([starting.displayName, texts(starting)]).to.deep.equal([null, []]);
  });

  it('twice at once is done once each, and both say so', async () => {
    const client = begun(newFestival(), 'one');
    client.setDisplayName('Ada');
    await client.sendMessage('keep this');
    await Promise.all([client.wipe(), client.wipe()]);
    expect([client.displayName, texts(client)]).to.deep.equal([null, []]);
    client.setDisplayName('Bob');
    await client.sendMessage('anew');
    expect(texts(client)).to.deep.equal(['anew']);
  });
});
