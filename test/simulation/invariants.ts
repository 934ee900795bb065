// What must hold of every world once it has come to rest. Each violation is a sentence.

import type { RecordId } from '../../src/protocol/ids.js';
import { LIMITS } from '../../src/protocol/limits.js';
import { idOf } from '../../src/protocol/record.js';
import { erasedBy, isSilenced, readRoom } from './oracle.js';
import type { ReadMessage } from './oracle.js';
import type { Fault, Plan } from './plan.js';
import type { SimClient } from './sim-client.js';
import { short } from './watch.js';
import type { World } from './world.js';

export function violations(world: World): string[] {
  const found = world.seen();
  const alive = world.alive();
  const owed = newestOf(world, world.owed());
  const first = alive[0];
  if (first === undefined) return [...found, 'nobody is left'];
  const isServerThere = world.plan.server !== 'gone';
  if (isServerThere) {
    const serverHas = new Set((world.server?.live() ?? []).map((placed) => placed.id));
    for (const id of world.owed()) if (!serverHas.has(id)) found.push(`the server never got ${short(id)}`);
    const kept = world.disk.placed.filter(({ offset }) => !world.disk.erased.has(offset));
    if (serverHas.size !== kept.length) found.push('the server holds a record twice');
  }
  const isWhole = recordsMax(world.plan) === LIMITS.clientRecordsMax;
  const expected = isWhole ? contentOf(first) : [];
  for (const client of alive) {
    for (const id of owed) if (!client.disk.records.has(id)) found.push(`${client.name} never got ${short(id)}`);
    const messages = client.room.messages();
    if (new Set(messages.map((message) => message.id)).size !== messages.length) {
      found.push(`${client.name} lists a message twice`);
    }
    found.push(...unsettled(world, client), ...disobedient(client));
    if (!isWhole) continue;
    const content = contentOf(client);
    found.push(...differences(client.name, expected, content));
    found.push(...differences(`${client.name}, read without the core,`, readingOf(world, client), content));
  }
  return [...found, ...unlinked(world), ...unserved(world), ...slandered(world)];
}

/** A quick look: everybody is there, nothing waits, and all hold as much as the server. */
export function isConverged(world: World): boolean {
  const alive = world.alive();
  const held = world.server?.live().length ?? 0;
  const records = world.plan.server !== 'gone' ? held : (alive[0]?.room.sizes().records ?? 0);
  // What a muted author wrote is on some devices and never on the server: then only what is shown can be compared.
  if (world.orders.some(({ body }) => body.kind === 'restrict')) return isShownAlike(world);
  return alive.every((client) => {
    const sizes = client.room.sizes();
    const isEqual = !client.isFrozen && sizes.records === Math.min(records, recordsMax(world.plan));
    if (world.plan.server === 'gone') return isEqual;
    return isEqual && sizes.outbox + sizes.foreign === 0 && client.room.status().connection === 'online';
  });
}

function isShownAlike(world: World): boolean {
  const alive = world.alive();
  const shown = alive.map((client) => contentOf(client).join('\n'));
  const isSettled = alive.every((client) => {
    const { outbox, foreign } = client.room.sizes();
    return !client.isFrozen && outbox + foreign === 0 && client.room.status().connection === 'online';
  });
  return isSettled && shown.every((content) => content === shown[0]);
}

/** Rules O3, O4: what the orders on a device erase is not kept on it. */
function disobedient(client: SimClient): string[] {
  const records = [...client.disk.records.values()].map((kept) => kept.record);
  const isErased = erasedBy(records);
  return records.filter(isErased).map((record) => `${client.name} keeps ${short(idOf(record))}, which is erased`);
}

function recordsMax(plan: Plan): number {
  return plan.limits.clientRecordsMax ?? LIMITS.clientRecordsMax;
}

/** What everybody must hold: all of it; where memories are small what fits beside an outbox of an outage (rule L3). */
function newestOf(world: World, owed: ReadonlySet<RecordId>): Set<RecordId> {
  const max = recordsMax(world.plan);
  if (max === LIMITS.clientRecordsMax) return new Set(owed);
  const newest = (world.server?.live() ?? []).sort((a, b) => b.record.time - a.record.time).slice(0, max / 4);
  return new Set(newest.map(({ id }) => id));
}

/** What a visitor sees: order, texts, reactions, and what was taken back. */
export function contentOf(client: SimClient): string[] {
  const records = [...client.disk.records.values()].map((kept) => kept.record);
  // Its author alone sees what was written under a restriction (rule O5).
  const isForAll = (id: RecordId): boolean => {
    const record = client.disk.records.get(id)?.record;
    return record === undefined || !isSilenced(record, records);
  };
  const shown = client.room.messages().filter(({ id, mine, delivery }) => {
    return !mine || (isForAll(id) && delivery.state !== 'failed');
  });
  return shown.map((message) => {
    const reactions = message.reactions.map(({ emoji, count }) => `${emoji} ${String(count)}`).sort();
    return line({ ...message, reactions });
  });
}

/** The same, worked out from what is on the device. */
function readingOf(world: World, client: SimClient): string[] {
  const placedAtMs = new Map(world.disk.placed.map(({ id, storedAtMs }) => [id, storedAtMs]));
  const kept = [...client.disk.records.values()].filter(({ refusal }) => refusal === undefined);
  const records = kept.map(({ record }) => record);
  const isServerThere = world.plan.server !== 'gone';
  return readRoom(records, (id) => (isServerThere ? placedAtMs.get(id) : undefined)).map(line);
}

function line({ id, text, edited, retracted, reactions }: ReadMessage): string {
  return `${short(id)} ${JSON.stringify([text, edited, retracted, reactions])}`;
}

/** Faults after which every link of a small room is made again within the peace (rules M5, M6). */
const LINKS_SURVIVE: ReadonlySet<Fault['kind']> = new Set(['link-dead', 'link-one-way', 'hide', 'clock-jump']);

function unlinked(world: World): string[] {
  const { mesh, reach, server, liars, linkless, noise, faults } = world.plan;
  const alive = world.alive();
  const isCalm = noise.loss === 0 && liars + linkless === 0 && faults.every(({ kind }) => LINKS_SURVIVE.has(kind));
  const isMesh = mesh === 'auto' && reach === 'all' && server === 'there' && alive.length <= 5;
  if (!isCalm || !isMesh) return [];
  return alive
    .filter((client) => client.room.sizes().links < alive.length - 1)
    .map((client) => `${client.name} has ${String(client.room.sizes().links)} links in a small room at rest`);
}

/** Rules C3, C4: two parents where there can be, and links to them where nothing has happened. */
function unserved(world: World): string[] {
  const { server, plan } = world;
  if (server === null || plan.server === 'gone') return [];
  const found = server.reliance.shortOfParents().map((peer) => `${short(peer)} has too few parents`);
  if (plan.faults.length > 0 || plan.noise.loss > 0 || plan.reach !== 'all') return found;
  for (const client of world.alive()) {
    const up = new Set(client.room.links(client.nowMs).map((link) => (link.state === 'up' ? link.peer : null)));
    const lacks = server.reliance.parentsOf(client.peer).filter((parent) => !up.has(parent));
    if (lacks.length > 0) found.push(`${client.name} is not linked to ${String(lacks.length)} of its parents`);
  }
  return found;
}

/** Rule C11: whatever befalls honest members, nobody is taken for one who passes nothing on. */
function slandered(world: World): string[] {
  if (world.plan.faults.some(({ kind }) => kind === 'passes-nothing-on' || kind === 'link-forges')) return [];
  return world
    .alive()
    .filter((client) => client.room.stats().silentParents > 0)
    .map((client) => `${client.name} has named an honest parent`);
}

function differences(name: string, expected: readonly string[], actual: readonly string[]): string[] {
  const at = expected.findIndex((line, index) => line !== actual[index]);
  if (at === -1 && expected.length === actual.length) return [];
  const index = at === -1 ? expected.length : at;
  const [here, there] = [actual[index] ?? 'nothing', expected[index] ?? 'nothing'];
  return [`${name} differs at message ${String(index)} of ${String(actual.length)}: ${here} instead of ${there}`];
}

function unsettled(world: World, client: SimClient): string[] {
  const isServerThere = world.plan.server !== 'gone';
  const max = recordsMax(world.plan);
  const found: string[] = [];
  const status = client.room.status();
  const sizes = client.room.sizes();
  if (sizes.records > max) found.push(`${client.name} keeps ${String(sizes.records)} records`);
  if (sizes.awaitingAcknowledgement > 0) found.push(`${client.name} waits for acknowledgements in a world at rest`);
  if (!isServerThere) return found;
  if (status.queued > 0) found.push(`${client.name} still has ${String(status.queued)} in its outbox`);
  if (sizes.foreign > 0) found.push(`${client.name} still carries ${String(sizes.foreign)} records for others`);
  if (status.connection !== 'online') found.push(`${client.name} is ${status.connection}`);
  for (const message of client.room.messages()) {
    const record = client.disk.records.get(message.id)?.record;
    const isSilent = record !== undefined && isSilenced(record, world.orders);
    const isRefused = message.delivery.state === 'failed' && (isSilent || world.disk.silenced.has(message.id));
    if (message.mine && message.delivery.state !== 'stored' && !isRefused) {
      found.push(`${client.name}: own message ${message.delivery.state}`);
    }
  }
  return found;
}
