// What must hold of every world once it has come to rest. Each violation is a sentence.

import type { ChatMessage } from '../../src/core/chat-view.js';
import { LIMITS } from '../../src/protocol/limits.js';
import type { SimClient } from './sim-client.js';
import { short } from './watch.js';
import type { World } from './world.js';

export function violations(world: World): string[] {
  const found = world.seen();
  const alive = world.alive();
  const owed = world.owed();
  const first = alive[0];
  if (first === undefined) return [...found, 'nobody is left'];
  const isServerThere = world.plan.server === 'there';
  if (isServerThere) {
    const serverHas = new Set(world.disk.placed.map((placed) => placed.id));
    for (const id of owed) if (!serverHas.has(id)) found.push(`the server never got ${short(id)}`);
    if (serverHas.size !== world.disk.placed.length) found.push('the server holds a record twice');
  }
  const expected = contentOf(first);
  for (const client of alive) {
    for (const id of owed) if (!client.disk.records.has(id)) found.push(`${client.name} never got ${short(id)}`);
    const messages = client.room.messages();
    if (new Set(messages.map((message) => message.id)).size !== messages.length) {
      found.push(`${client.name} lists a message twice`);
    }
    found.push(...differences(client.name, expected, contentOf(client)), ...unsettled(client, isServerThere));
  }
  return found;
}

/** A quick look: everybody is there, nothing waits, and all hold as much as the server. */
export function isConverged(world: World): boolean {
  const alive = world.alive();
  const records = world.plan.server === 'there' ? world.disk.placed.length : (alive[0]?.room.sizes().records ?? 0);
  return alive.every((client) => {
    const sizes = client.room.sizes();
    const isEqual = !client.isFrozen && sizes.records === Math.min(records, LIMITS.clientRecordsMax);
    if (world.plan.server !== 'there') return isEqual;
    return isEqual && sizes.outbox + sizes.foreign === 0 && client.room.status().connection === 'online';
  });
}

/** What a visitor sees: order, texts, reactions, and what was taken back. */
function contentOf(client: SimClient): string[] {
  return client.room.messages().map((message) => `${short(message.id)} ${visible(message)}`);
}

function visible({ text, edited, retracted, reactions }: ChatMessage): string {
  const counts = reactions.map(({ emoji, count }) => `${emoji}${String(count)}`).sort();
  return JSON.stringify([text, edited, retracted, counts]);
}

function differences(name: string, expected: readonly string[], actual: readonly string[]): string[] {
  const at = expected.findIndex((line, index) => line !== actual[index]);
  if (at === -1 && expected.length === actual.length) return [];
  const index = at === -1 ? expected.length : at;
  const [here, there] = [actual[index] ?? 'nothing', expected[index] ?? 'nothing'];
  return [`${name} differs at message ${String(index)} of ${String(actual.length)}: ${here} instead of ${there}`];
}

function unsettled(client: SimClient, isServerThere: boolean): string[] {
  const found: string[] = [];
  const status = client.room.status();
  const sizes = client.room.sizes();
  if (sizes.records > LIMITS.clientRecordsMax) found.push(`${client.name} keeps ${String(sizes.records)} records`);
  if (sizes.awaitingAcknowledgement > 0) found.push(`${client.name} waits for acknowledgements in a world at rest`);
  if (!isServerThere) return found;
  if (status.queued > 0) found.push(`${client.name} still has ${String(status.queued)} in its outbox`);
  if (sizes.foreign > 0) found.push(`${client.name} still carries ${String(sizes.foreign)} records for others`);
  if (status.connection !== 'online') found.push(`${client.name} is ${status.connection}`);
  for (const message of client.room.messages()) {
    if (message.mine && message.delivery.state !== 'stored') {
      found.push(`${client.name}: own message ${message.delivery.state}`);
    }
  }
  return found;
}
