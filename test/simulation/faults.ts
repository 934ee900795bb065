// How each fault of a plan comes to a world, and how it ends.

import type { AuthorId, DialId } from '../../src/protocol/ids.js';
import type { OrganiserBody } from '../../src/protocol/record.js';
import type { Fault } from './plan.js';
import type { SimClient } from './sim-client.js';
import type { ServerDisk } from './sim-server.js';
import { toyAuthor, toyId } from './toy-signatures.js';
import type { Device, World } from './world.js';

/** Pages one device may have open, and devices that may come late. */
const TABS_MAX = 3;
const NEWCOMERS_MAX = 3;
const DIAL_LENGTH = 12;
/** Rule M6: idle for 2.5 s, pinged for 1 s, probed for 0.75 s; twice that, for what was late itself. */
const LINK_DEAD_MAX_MS = 8_500;
/** Rule C11: twice five records of a room that says one a second and at least 10 s, and what reports take. */
const WITHHELD_MAX_MS = 45_000;

export function applyFault(world: World, fault: Fault): void {
  switch (fault.kind) {
    case 'server-dies':
      serverAway(world, fault.forMs);
      return;
    case 'server-emptied':
      if (world.server === null) return;
      serverAway(world, fault.forMs);
      world.disk = emptied(world.newDisk(), world.disk);
      excuseLost(world);
      world.tell('its disk is emptied');
      return;
    case 'crash':
      crash(world, deviceOf(world, fault.device), fault.forMs, fault.isSilent);
      return;
    case 'wipe':
      wipe(world, deviceOf(world, fault.device), fault.forMs);
      return;
    case 'socket-cut':
      onPage(world, fault.device, 'loses its socket', (client) => world.dropSocket(client));
      return;
    case 'socket-half-open':
      onPage(world, fault.device, `has a half-open socket (${fault.isUpDeaf ? 'up' : 'down'})`, (client) =>
        world.halfOpen(client, fault.isUpDeaf),
      );
      return;
    case 'link-dead':
    case 'link-one-way':
      breakLink(world, fault);
      return;
    case 'link-forges':
      forgeOver(world, fault);
      return;
    case 'passes-nothing-on':
      withhold(world, fault.supernode);
      return;
    case 'partition':
      partition(world, fault.side, fault.forMs);
      return;
    case 'freeze':
      onPage(world, fault.device, 'freezes', (client) => {
        client.freeze();
        world.missHeartbeat(client);
        world.clock.after(fault.forMs, () => thaw(world, client));
      });
      return;
    case 'hide':
      onPage(world, fault.device, 'is hidden', (client) => {
        client.isHidden = true;
        world.clock.after(fault.forMs, () => (client.isHidden = false));
      });
      return;
    case 'clock-jump': {
      const device = deviceOf(world, fault.device);
      device.jumpMs += fault.byMs;
      world.tell(`${device.name}: the clock jumps by ${String(Math.round(fault.byMs))} ms`);
      return;
    }
    case 'second-tab': {
      const device = deviceOf(world, fault.device);
      if (device.tabs.length > 0 && device.tabs.length < TABS_MAX) world.openPage(device);
      return;
    }
    case 'order':
      order(world, fault);
      return;
    case 'pair':
      pair(world, deviceOf(world, fault.device), deviceOf(world, fault.other));
      return;
    case 'server-found':
      world.finder = deviceOf(world, fault.device).name;
      world.reviveServer();
      return;
    case 'newcomer':
      if (world.devices.length < world.plan.devices + NEWCOMERS_MAX) world.addDevice();
  }
}

function order(world: World, fault: Extract<Fault, { kind: 'order' }>): void {
  const body = world.server === null ? null : orderBody(world, fault);
  if (body === null) return;
  world.tell(`the organiser says ${JSON.stringify(body)}`);
  const record = world.server?.organise(body);
  if (record !== undefined) world.orders.push(record);
}

/** Null when there is nothing to say it about. */
function orderBody(
  world: World,
  { order, about, lastsMs, atMs }: Extract<Fault, { kind: 'order' }>,
): OrganiserBody | null {
  const messages = (world.server?.live() ?? []).filter(({ record }) => record.body.kind === 'message');
  const message = messages[about % Math.max(1, messages.length)];
  const author: AuthorId = deviceOf(world, about).author;
  const untilMs = Math.floor(world.clock.nowMs + lastsMs);
  switch (order) {
    case 'announce':
      return { kind: 'announce', text: `hear, at ${String(atMs)}` };
    case 'unpin':
      return { kind: 'pin' };
    case 'pin':
      return message === undefined ? null : { kind: 'pin', target: message.id };
    case 'remove': {
      if (message?.record.body.kind !== 'message') return null;
      const { time, body } = message.record;
      return { kind: 'remove', target: message.id, name: body.name, at: time, reason: 'not here' };
    }
    case 'mute':
    case 'ban':
      return { kind: 'restrict', author, level: order, untilMs };
    case 'lift':
      return { kind: 'restrict', author, level: 'none', untilMs: 0 };
    case 'slow':
      return { kind: 'slow', seconds: about % 60 };
    case 'clear':
      return { kind: 'clear' };
  }
}

function serverAway(world: World, forMs: number): void {
  if (world.server === null) return;
  world.killServer();
  if (world.plan.server === 'there') world.clock.after(forMs, () => world.reviveServer());
}

function crash(world: World, device: Device, forMs: number, isSilent: boolean): void {
  world.tell(`${device.name} crashes${isSilent ? ' silently' : ''}`);
  world.closePages(device, isSilent);
  restartAfter(world, device, forMs);
}

function pair(world: World, { tabs: [one] }: Device, { tabs: [other] }: Device): void {
  if (one === undefined || other === undefined) return;
  world.tell(`${one.name} and ${other.name} are paired`);
  world.peers.pair(one, other, toyId(world.random, DIAL_LENGTH) as DialId);
}

/** A disk is gone: what was nowhere else is lost, and nobody's fault. */
function excuseLost(world: World): void {
  const left = new Set(world.disk.placed.map(({ id }) => id));
  for (const { disk } of world.devices) for (const id of disk.records.keys()) left.add(id);
  for (const { written } of world.devices) for (const id of written.keys()) if (!left.has(id)) world.excused.add(id);
}

/** The device forgets everything; only what another replica holds is still owed. */
function wipe(world: World, device: Device, forMs: number): void {
  world.tell(`${device.name} loses its page and its storage`);
  world.closePages(device, true);
  device.disk = { records: new Map(), position: null, gone: new Set() };
  excuseLost(world);
  device.author = toyAuthor(world.random);
  restartAfter(world, device, forMs);
}

function restartAfter(world: World, device: Device, forMs: number): void {
  world.clock.after(forMs, () => {
    if (device.tabs.length === 0) world.openPage(device);
  });
}

function thaw(world: World, client: SimClient): void {
  if (!client.isAlive) return;
  world.tell(`${client.name} thaws`);
  client.thaw();
}

function breakLink(world: World, fault: Extract<Fault, { kind: 'link-dead' | 'link-one-way' }>): void {
  const { open } = world.peers;
  const connection = open[fault.link % Math.max(1, open.length)];
  if (connection === undefined) return;
  const ends = fault.kind === 'link-dead' ? connection.ends : connection.ends.slice(fault.end, fault.end + 1);
  world.tell(`nothing of ${ends.map((end) => end.name).join(' and ')} gets through their link any more`);
  world.peers.deafen(connection, ends);
  const what = `${connection.ends.map((end) => end.name).join(' and ')} sit on a dead link`;
  world.lookout.expectEnd(LINK_DEAD_MAX_MS, what, () => {
    const isAwake = connection.ends.every((end) => end.isAlive && !end.isHidden && end.ranForMs >= LINK_DEAD_MAX_MS);
    // Where nothing could replace the link, a doubtful one is better than none (rule M6).
    const isReplaceable = connection.ends.some((end) => end.watch.joinedForMs(end.nowMs) >= LINK_DEAD_MAX_MS);
    return world.peers.isOpen(connection) && isAwake && isReplaceable;
  });
}

function forgeOver(world: World, fault: Extract<Fault, { kind: 'link-forges' }>): void {
  const { open } = world.peers;
  const connection = open[fault.link % Math.max(1, open.length)];
  const liar = connection?.ends[fault.end];
  if (connection === undefined || liar === undefined) return;
  world.tell(`${liar.name} lies over one of its links`);
  connection.forging.add(liar);
}

function withhold(world: World, index: number): void {
  const supernodes = world.server?.reliance.supernodes() ?? [];
  const chosen = supernodes[index % Math.max(1, supernodes.length)];
  const client = world.alive().find(({ peer }) => peer === chosen);
  if (client === undefined) return;
  world.tell(`${client.name} passes nothing on any more`);
  world.withholding.add(client);
  world.lookout.expectEnd(WITHHELD_MAX_MS, `${client.name} passes nothing on, and serves others still`, () => {
    return client.isAlive && (world.server?.reliance.leavesOf(client.peer) ?? []).length > 0;
  });
}

function partition(world: World, side: number, forMs: number): void {
  if (!world.isFaulty) return;
  const names = world.devices.filter((device) => ((side >> device.index) & 1) === 1).map((device) => device.name);
  world.island = new Set(names);
  world.tell(`cut off: ${names.join(', ')}`);
  for (const client of world.alive()) if (world.island.has(client.device)) world.dropSocket(client);
  world.clock.after(forMs, () => {
    world.tell('the cut is healed');
    world.island = new Set();
  });
}

function deviceOf(world: World, index: number): Device {
  const device = world.devices[index % world.devices.length];
  if (device === undefined) throw new Error('a world without devices');
  return device;
}

function onPage(world: World, index: number, what: string, act: (client: SimClient) => void): void {
  const device = deviceOf(world, index);
  const client = device.tabs[Math.floor(index / world.devices.length) % Math.max(1, device.tabs.length)];
  if (client === undefined) return;
  world.tell(`${client.name} ${what}`);
  act(client);
}

/** The key and the orders lie beside the records; whoever empties the database has them still. */
function emptied(fresh: ServerDisk, { serverKey, silenced, orders }: ServerDisk): ServerDisk {
  return { ...fresh, serverKey, silenced, orders };
}
