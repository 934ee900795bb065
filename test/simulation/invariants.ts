// What must hold of every world once it has come to rest. Each violation is a sentence.

import type { World } from './world.js';

export function violations(world: World): string[] {
  const found: string[] = [];
  const owed = world.owed();
  const order = world
    .alive()[0]
    ?.room.messages()
    .map((message) => message.id)
    .join();
  const serverHas = new Set(world.server?.disk.placed.map((placed) => idOfPlaced(placed)));
  for (const id of owed) if (!serverHas.has(id)) found.push(`the server never got ${short(id)}`);
  if (serverHas.size !== world.server?.disk.placed.length) found.push('the server holds a record twice');
  for (const client of world.alive()) {
    const ids = client.room.messages().map((message) => message.id);
    const held = new Set(ids);
    for (const id of owed) if (!held.has(id)) found.push(`${client.name} never got ${short(id)}`);
    if (held.size !== ids.length) found.push(`${client.name} lists a message twice`);
    if (new Set(client.shown).size !== client.shown.length) found.push(`${client.name} was shown a message twice`);
    if (ids.join() !== order) found.push(`${client.name} has another order`);
    const status = client.room.status();
    if (status.queued > 0) found.push(`${client.name} still has ${String(status.queued)} in its outbox`);
    if (status.connection !== 'online') found.push(`${client.name} is ${status.connection}`);
    for (const message of client.room.messages()) {
      if (message.mine && message.delivery.state !== 'stored')
        found.push(`${client.name}: own message ${message.delivery.state}`);
    }
  }
  return found;
}

function idOfPlaced({
  record,
}: {
  readonly record: { readonly author: string; readonly session: string; readonly seq: number };
}): string {
  return `${record.author}.${record.session}.${String(record.seq)}`;
}

function short(id: string): string {
  return `${id.slice(0, 4)}…${id.slice(44)}`;
}
