// Phones that really talk: the core as it ships, on the simulator's links and server, whose time is the page's. What is
// broken here by hand is what the simulation tests break by themselves.

import type { AuthorId, RecordId } from '../src/protocol/ids.js';
import type { ChatMessage } from '../src/core/chat-view.js';
import { FcMembersEvent, FcMessageEvent, FcStatusEvent, FcTypingEvent } from '../src/engine/chat-events.js';
import { ChatError } from '../src/engine/chat-error.js';
import type { Diagnostics, SendOptions } from '../src/engine/chat.js';
import { NO_NOISE, quietPlan } from '../test/simulation/plan.js';
import type { SimClient } from '../test/simulation/sim-client.js';
import { World } from '../test/simulation/world.js';
import { ScriptedChat } from './scripted-chat.js';

/** The world's time follows the page's in steps of this. */
const STEP_MS = 20;
/** Any number. */
const SEED = 7;

export class SimulatedFestival {
  readonly chats: readonly SimulatedChat[];
  readonly #world: World;
  readonly #noise = { ...NO_NOISE };
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(names: readonly string[]) {
    this.#world = new World(quietPlan(SEED, { devices: 0, noise: this.#noise }));
    this.chats = names.map((name) => {
      const [client] = this.#world.addDevice(name).tabs;
      if (client === undefined) throw new Error('a device without a page');
      return new SimulatedChat(client);
    });
  }

  start(): void {
    const { clock } = this.#world;
    const aheadMs = clock.nowMs - performance.now();
    this.#timer = setInterval(() => {
      clock.runUntil(performance.now() + aheadMs, Infinity);
      for (const chat of this.chats) chat.look();
    }, STEP_MS);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  runServer(isOn: boolean): void {
    if (isOn) this.#world.reviveServer();
    else this.#world.killServer();
  }

  /** Those with these names reach each other only; the others, and the server, do not hear them. */
  cutOff(names: readonly string[]): void {
    this.#world.island = new Set(names);
    for (const client of this.#world.alive()) if (names.includes(client.device)) this.#world.dropSocket(client);
  }

  /** @param share of all that is said on any link */
  lose(share: number): void {
    this.#noise.loss = share;
  }
}

class SimulatedChat extends ScriptedChat {
  override readonly selfId: AuthorId;
  readonly #client: SimClient;
  readonly #sending = new Map<RecordId, (message: ChatMessage) => void>();

  constructor(client: SimClient) {
    super({ displayName: client.name, members: [] });
    this.selfId = client.author;
    this.#client = client;
    this.look();
  }

  /** Tells the element what has changed since it was looked at last. */
  look(): void {
    const { room } = this.#client;
    const messages = room.messages();
    if (messages !== this.messages) {
      const before = new Map(this.messages.map((message) => [message.id, message]));
      this.messages = messages;
      for (const message of messages) {
        const known = before.get(message.id);
        if (known !== message) this.dispatchEvent(new FcMessageEvent(message, known === undefined));
        this.#sending.get(message.id)?.(message);
        this.#sending.delete(message.id);
      }
    }
    if (room.typing() !== this.typing) {
      this.typing = room.typing();
      this.dispatchEvent(new FcTypingEvent(this.typing));
    }
    if (room.members() !== this.members) {
      this.members = room.members();
      this.dispatchEvent(new FcMembersEvent(this.members));
    }
    if (room.status() !== this.status) {
      this.status = room.status();
      this.dispatchEvent(new FcStatusEvent(this.status));
    }
  }

  override sendMessage(text: string, { replyTo }: SendOptions = {}): Promise<ChatMessage> {
    const { name } = this.#client;
    const id = this.#client.write({ kind: 'message', name, text, ...(replyTo === undefined ? {} : { replyTo }) });
    if (id === null) return Promise.reject(new Error('a page that is frozen writes nothing'));
    return new Promise((resolve) => this.#sending.set(id, resolve));
  }

  override react(target: RecordId, emoji: string): Promise<void> {
    this.#client.write({ kind: 'reaction', target, emoji, isOn: !this.#client.room.hasReacted(target, emoji) });
    return Promise.resolve();
  }

  override editMessage(target: RecordId, text: string): Promise<void> {
    this.#client.write({ kind: 'edit', target, text });
    return Promise.resolve();
  }

  override retractMessage(target: RecordId): Promise<void> {
    this.#client.write({ kind: 'retract', target });
    return Promise.resolve();
  }

  override tellTyping(): void {
    this.#client.feed({ type: 'typed' });
  }

  override retryMessage(id: RecordId): Promise<void> {
    this.#client.feed({ type: 'retry', id });
    return Promise.resolve();
  }

  override discardMessage(id: RecordId): Promise<void> {
    this.#client.feed({ type: 'discard', id });
    return Promise.resolve();
  }

  override reportMessage(): Promise<void> {
    return Promise.reject(new ChatError('not-connected', 'Nobody organises this festival.', { isRetryable: false }));
  }

  override getConnectionDiagnostics(): Diagnostics {
    const { room, nowMs } = this.#client;
    return {
      ...super.getConnectionDiagnostics(),
      circuitBreaker: { network: room.networkBreaker(nowMs) },
      routes: { preferred: this.preferredRoute, quality: room.quality(nowMs), recent: room.decisions() },
      links: room.links(nowMs),
      mesh: room.mesh(),
      stats: room.stats(),
    };
  }
}
