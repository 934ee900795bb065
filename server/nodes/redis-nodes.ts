// The nodes of one server, over Redis. What they say is published and forgotten: a notice that is lost costs nothing,
// because records, places and members are kept in Redis, and every node looks there whenever it may have missed one.
// Each node says every second that it is alive, and so hears whether its own ears are.

import { randomBytes } from 'node:crypto';
import type { RoomKey } from '../../src/protocol/ids.js';
import type { Logger } from '../log.js';
import type { RedisConnection } from '../store/redis-connection.js';
import { KEYS } from '../store/redis-scripts.js';
import type { Store } from '../store/store.js';
import type { Nodes, RoomLine, RoomListener } from './nodes.js';
import { decodeNotice } from './notices.js';
import type { Notice } from './notices.js';
import { MEMBERS_KEPT_MS, RedisLine } from './redis-line.js';

const ALIVE_EVERY_MS = 1_000;
/** A node not heard of for this long is dead, and so within 5 s for its members (rule J9). */
const DEAD_AFTER_MS = 4 * ALIVE_EVERY_MS - 500;
/** Ears that do not hear this node itself are deaf: connect anew. */
const DEAF_AFTER_MS = 2.5 * ALIVE_EVERY_MS;
/** Heads are compared with the store this often, in case news of them were lost. */
const CHECK_EVERY_MS = 4_000;
const KEEP_EVERY_MS = MEMBERS_KEPT_MS / 3;

interface Line {
  readonly line: RedisLine;
  readonly listener: RoomListener;
}

export class RedisNodes implements Nodes {
  readonly #connection: RedisConnection;
  readonly #store: Store;
  readonly #logger: Logger;
  readonly #node = randomBytes(9).toString('base64url');
  readonly #lines = new Map<RoomKey, Line>();
  /** When each other node was last heard of, by this process's steady clock. */
  readonly #heardAtMs = new Map<string, number>();
  #heardSelfAtMs = 0;
  #timers: NodeJS.Timeout[] = [];

  constructor(connection: RedisConnection, store: Store, logger: Logger) {
    this.#connection = connection;
    this.#store = store;
    this.#logger = logger;
  }

  async open(): Promise<void> {
    const { ears, commands, channels } = this.#connection;
    ears.on('message', (channel: string, text: string) => this.#hear(channel, text));
    await ears.subscribe(channels.nodes, KEYS.node(this.#node));
    await commands.sadd(KEYS.nodes, this.#node);
    this.#heardSelfAtMs = performance.now();
    this.#beAlive();
    commands.on('ready', () => void this.#commandsBack());
    ears.on('ready', () => void this.#earsBack());
    this.#timers = [
      setInterval(() => this.#beAlive(), ALIVE_EVERY_MS),
      setInterval(() => void this.#checkHeads(), CHECK_EVERY_MS),
      setInterval(() => this.#everyLine((line) => line.keep()), KEEP_EVERY_MS),
    ];
    this.#logger.log('info', 'node open', { node: this.#node });
  }

  line(room: RoomKey, listener: RoomListener): RoomLine {
    const line = new RedisLine(room, listener, {
      redis: this.#connection.commands,
      channel: this.#connection.channels.room(room),
      node: this.#node,
      others: () => this.#others(),
      say: (channel, notice) => this.#say(channel, notice),
      listen: async (channel) => {
        await this.#connection.ears.subscribe(channel);
      },
      closed: (closed) => this.#lineClosed(closed),
    });
    this.#lines.set(room, { line, listener });
    return line;
  }

  async rooms(): Promise<readonly RoomKey[]> {
    const { commands, channels } = this.#connection;
    const prefix = channels.room('');
    // Every node listens to the rooms that are open at it.
    const open = (await commands.pubsub('CHANNELS', `${prefix}*`)) as string[];
    return open.map((channel) => channel.slice(prefix.length) as RoomKey);
  }

  async count(rooms: readonly RoomKey[]): Promise<readonly number[]> {
    const { commands } = this.#connection;
    try {
      const nodes = await this.#others();
      const at = (room: RoomKey): Promise<number[]> =>
        Promise.all(nodes.map((node) => commands.hlen(KEYS.members(room, node))));
      return (await Promise.all(rooms.map(at))).map((counts) => counts.reduce((sum, count) => sum + count, 0));
    } catch {
      return rooms.map(() => 0);
    }
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    const { commands } = this.#connection;
    this.#say(this.#connection.channels.nodes, { type: 'gone', node: this.#node });
    await Promise.allSettled([commands.srem(KEYS.nodes, this.#node), commands.del(KEYS.node(this.#node))]);
  }

  #say(channel: string, notice: Notice): void {
    this.#connection.commands.publish(channel, JSON.stringify(notice)).catch(() => undefined);
  }

  #hear(channel: string, text: string): void {
    const notice = decodeNotice(text);
    if (notice === null) return;
    if ('node' in notice && notice.type !== 'gone') this.#heardOf(notice.node);
    if (notice.type === 'gone') this.#nodeGone(notice.node);
    else if (!('node' in notice)) this.#lines.get(notice.room)?.line.hear(notice);
    else if (notice.type !== 'alive' && notice.node !== this.#node) {
      const room = channel.slice(this.#connection.channels.room('').length) as RoomKey;
      this.#lines.get(room)?.line.hear(notice);
    }
  }

  #heardOf(node: string): void {
    const nowMs = performance.now();
    if (node === this.#node) this.#heardSelfAtMs = nowMs;
    else {
      // One that was silent may have said something meanwhile that nobody heard.
      if (!this.#heardAtMs.has(node)) void this.#listAll();
      this.#heardAtMs.set(node, nowMs);
    }
  }

  #beAlive(): void {
    const { commands, ears } = this.#connection;
    const nowMs = performance.now();
    commands.set(KEYS.node(this.#node), '', 'PX', DEAD_AFTER_MS).catch(() => undefined);
    this.#say(this.#connection.channels.nodes, { type: 'alive', node: this.#node });
    if (nowMs - this.#heardSelfAtMs > DEAF_AFTER_MS) {
      this.#heardSelfAtMs = nowMs;
      ears.disconnect(true);
    }
    for (const [node, heardAtMs] of this.#heardAtMs) if (nowMs - heardAtMs > DEAD_AFTER_MS) this.#nodeGone(node);
  }

  #nodeGone(node: string): void {
    if (!this.#heardAtMs.delete(node)) return;
    this.#logger.log('warn', 'node gone', { node });
    this.#everyLine((line) => line.nodeGone(node));
  }

  /** Nodes that are alive by Redis; those that died without a word are struck off. */
  async #others(): Promise<string[]> {
    const { commands } = this.#connection;
    const names = (await commands.smembers(KEYS.nodes)).filter((node) => node !== this.#node);
    if (names.length === 0) return [];
    const alive = await commands.mget(names.map((node) => KEYS.node(node)));
    const dead = names.filter((_, index) => alive[index] === null);
    if (dead.length > 0) await commands.srem(KEYS.nodes, ...dead);
    const others = names.filter((_, index) => alive[index] !== null);
    const nowMs = performance.now();
    for (const node of others) if (!this.#heardAtMs.has(node)) this.#heardAtMs.set(node, nowMs);
    return others;
  }

  /** Redis may have forgotten this node and its members. */
  async #commandsBack(): Promise<void> {
    this.#connection.commands.sadd(KEYS.nodes, this.#node).catch(() => undefined);
    this.#beAlive();
    await Promise.all([...this.#lines.values()].map(({ line }) => line.repeatClaims()));
    await Promise.all([this.#listAll(), this.#checkHeads()]);
  }

  /** Everything said meanwhile was missed, and rooms opened meanwhile are not listened to yet. */
  async #earsBack(): Promise<void> {
    const { ears, channels } = this.#connection;
    this.#heardSelfAtMs = performance.now();
    const rooms = [...this.#lines.keys()].map((room) => channels.room(room));
    await ears.subscribe(channels.nodes, KEYS.node(this.#node), ...rooms).catch(() => undefined);
    await Promise.all([this.#listAll(), this.#checkHeads()]);
  }

  async #listAll(): Promise<void> {
    await Promise.allSettled([...this.#lines.values()].map(({ line }) => line.list()));
  }

  async #checkHeads(): Promise<void> {
    const looks = [...this.#lines].map(async ([room, { listener }]) => {
      const { head } = await this.#store.marks(room);
      listener.reached({ head, count: 0, covered: [] });
    });
    await Promise.allSettled(looks);
  }

  #everyLine(say: (line: RedisLine) => void): void {
    for (const { line } of this.#lines.values()) say(line);
  }

  #lineClosed(line: RedisLine): void {
    if (this.#lines.get(line.room)?.line !== line) return;
    this.#lines.delete(line.room);
    this.#connection.ears.unsubscribe(this.#connection.channels.room(line.room)).catch(() => undefined);
  }
}
