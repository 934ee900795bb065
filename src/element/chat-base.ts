// What a page programs against: the attributes, and the calls that are the client's own. `FestivalChat` shows it.

import { LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import type { ChatMember, ChatMessage, ChatStatus, ConnectionQuality, RoutePreference } from '../core/chat-view.js';
import type { Chat, Diagnostics, SendOptions } from '../engine/chat.js';
import type { RecordId } from '../protocol/ids.js';
import { requireChat } from './client-holder.js';
import type { Phrases } from './words/english.js';
import type { PairingPhrases } from './words/pairing/english.js';

export abstract class ChatBase extends LitElement {
  /** Companion server's address. Default: the origin of the script. */
  @property() server: string | null = null;
  /** Namespace of rooms and of what the device stores. Default `default`. */
  @property() festival: string | null = null;
  /** Room id, 1–64 of letters, digits, `-`, `_`, `.`. Default `lobby`. */
  @property() room: string | null = null;
  /** What people read for the room. Default: the room id. */
  @property({ attribute: 'room-name' }) roomName: string | null = null;
  /** 1–40 characters. Default: asked for, and remembered. */
  @property({ attribute: 'display-name' }) displayName: string | null = null;
  /** Signed join token, for sites with logins. A name in it is the visitor's. Default: none. */
  @property() token: string | null = null;
  /** Area of the venue, 1–64 of letters, digits, `-`, `_`, `.`: in a large room those near serve each other. Default: none. */
  @property() location: string | null = null;
  /** `auto` links devices by itself, `manual` only when `attemptP2PUpgrade()` asks, `off` never. Default `auto`. */
  @property() mesh: string | null = null;
  /** Where links may go. `any`; `local`: no STUN or TURN server is asked; `relay`: through TURN only. Default `any`. */
  @property({ attribute: 'mesh-scope' }) meshScope: string | null = null;
  /**
   * What the device spends on others: `auto` goes by battery, Save-Data, network and visibility; `full` as if it were
   * plugged in; `saving` one peer link at most. Default `auto`.
   */
  @property() power: string | null = null;
  /**
   * What own messages try first: `auto` the links, unless they are slower; `websocket` the server; `p2p` the links, however
   * slow. A preference never keeps a message back. Default `auto`.
   */
  @property() route: string | null = null;
  /** Full-mesh size, 0–8. Default: the server's, 5. */
  @property({ attribute: 'max-peers' }) maxPeers: string | null = null;
  /** Milliseconds after joining before an automatic upgrade. Default: the server's, 10000. */
  @property({ attribute: 'auto-upgrade-delay' }) autoUpgradeDelay: string | null = null;
  /** `inline`, `floating`, `fullscreen` or `overlay`. Default `inline`. */
  @property() mode: string | null = null;
  /** Floating: opened. */
  @property({ type: Boolean, reflect: true }) open = false;
  /** `auto`, `light` or `dark`. Default `auto`. */
  @property({ attribute: 'color-mode' }) colorMode: string | null = null;
  /** A ready look: `low-tide`, `neon`, `meadow` or `desert`. Default: plain. Custom properties of the page win over it. */
  @property() theme: string | null = null;
  /** Phrases of your own in place of the widget's, by their key (`src/element/words/english.ts` lists them). */
  @property({ attribute: false }) phrases: Partial<Phrases & PairingPhrases> = {};
  /** No composer. */
  @property({ type: Boolean }) readonly = false;
  /** The mesh debug panel is available. */
  @property({ type: Boolean }) debug = false;

  /** The headless client. Set one to use a chat of your own making; the element then makes none. */
  abstract client: Chat | null;

  /** What is shown, in its order: oldest first. Empty until the client has started. */
  get messages(): readonly ChatMessage[] {
    return this.client?.messages ?? [];
  }

  /** How things are, and why. Null until there is a client. `fc-status` tells of changes. */
  get status(): ChatStatus | null {
    return this.client?.status ?? null;
  }

  /** Who is here; in a large room a sample of them, and `status.members` is the whole number. */
  get members(): readonly ChatMember[] {
    return this.client?.members ?? [];
  }

  /** Whether links between devices are allowed now, by the page, the server and the browser. */
  get meshEnabled(): boolean {
    return this.client?.meshEnabled ?? false;
  }

  /** Measured round trips and reliability of each route. Null until there is a client. */
  get connectionQuality(): ConnectionQuality | null {
    return this.client?.connectionQuality ?? null;
  }

  /** The route that is tried first. `setPreferredRoute()` changes it. */
  get preferredRoute(): RoutePreference {
    return this.client?.preferredRoute ?? 'auto';
  }

  /** Resolves when the message is durable on this device. @throws {ChatError} `no-name`, `outbox-full`, `closed` */
  sendMessage(text: string, options?: SendOptions): Promise<ChatMessage> {
    return requireChat(this.client).sendMessage(text, options);
  }

  /** Adds this visitor's reaction, or takes it back. */
  react(id: RecordId, emoji: string): Promise<void> {
    return requireChat(this.client).react(id, emoji);
  }

  /** Changes the text of an own message. */
  editMessage(id: RecordId, text: string): Promise<void> {
    return requireChat(this.client).editMessage(id, text);
  }

  /** Takes an own message back, for everybody. */
  retractMessage(id: RecordId): Promise<void> {
    return requireChat(this.client).retractMessage(id);
  }

  /** Asks the server for messages from before the oldest one here; `status.history` tells how it goes. */
  loadEarlier(): void {
    requireChat(this.client).loadEarlier();
  }

  /** Prefers a route from now on. A message is never kept back because that route is down. */
  setPreferredRoute(route: RoutePreference): void {
    requireChat(this.client).setPreferredRoute(route);
  }

  /** Opens links to peers now; resolves when each has opened or failed. */
  attemptP2PUpgrade(): Promise<{ readonly connected: number; readonly attempted: number }> {
    return requireChat(this.client).attemptP2PUpgrade();
  }

  /** What was measured: network, breakers, routes, links, counters. Holds no message text, but names of linked people. */
  getConnectionDiagnostics(): Diagnostics {
    return requireChat(this.client).getConnectionDiagnostics();
  }

  /** Drops the socket and opens a new one. Nothing is lost. */
  forceReconnect(): void {
    requireChat(this.client).forceReconnect();
  }

  /** Forgets everything this device keeps of this server and festival: key, history, outbox, name, drafts, who is blocked. */
  wipe(): Promise<void> {
    return requireChat(this.client).wipe();
  }
}
