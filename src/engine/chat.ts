// What a chat can be asked and what it tells. The element, the stories' scripted chat and the real client
// meet here; nothing in this file does anything.

import type { Diagnostics } from '../core/diagnostics.js';
import type {
  ChatMember,
  ChatMessage,
  ChatStatus,
  ChatTyping,
  ConnectionQuality,
  ModerationView,
  RouteDecision,
  RoutePreference,
} from '../core/chat-view.js';
import type { AuthorId, RecordId } from '../protocol/ids.js';
import type { LinkFaults } from './link-faults.js';
import type { CrewDesk } from './crew/crew-desk.js';
import type { ChatEvents } from './chat-events.js';
import type { PhotoRoom } from './photos/photo-room.js';
import type { Pairing } from './pairing/pairing-state.js';

export type { Diagnostics };

export interface SendOptions {
  /** The message this one answers. */
  readonly replyTo?: RecordId;
}

export interface Glance {
  /** The route chosen last for an own message; undefined before the first. */
  readonly route: RouteDecision['route'] | undefined;
  /** What is wrong, the worst first. */
  readonly findings: Diagnostics['findings'];
  readonly isSupernode: boolean;
}

/** A chat in one room. Implemented by `ChatClient`; stories implement it with a script. */
export interface Chat extends ChatEvents {
  readonly room: string;
  /** This device's author key; null until it is loaded. */
  readonly selfId: AuthorId | null;
  /** Null until the visitor has given one. */
  readonly displayName: string | null;
  /** Ordered, oldest first, bounded. A new array after each change. */
  readonly messages: readonly ChatMessage[];
  readonly status: ChatStatus;
  /** Bounded; `status.members` is the whole number. */
  readonly members: readonly ChatMember[];
  readonly typing: ChatTyping;
  /** The mesh may be used here: neither the page nor the server has switched it off, and the browser can. */
  readonly meshEnabled: boolean;
  readonly connectionQuality: ConnectionQuality;
  /** What the organiser has ordered, as far as it concerns this device. */
  readonly moderation: ModerationView;
  /** Bytes of a photo the organiser takes at most; null: no photos here, or no server was joined yet. */
  readonly photoBytesMax: number | null;
  readonly preferredRoute: RoutePreference;

  /** Faults of peer links, to be made by hand; null but in development builds. */
  readonly faults: LinkFaults | null;

  /** @throws {RangeError} when the name is not 1–40 visible characters */
  setDisplayName(name: string): void;
  setPreferredRoute(route: RoutePreference): void;
  /** Where in the venue the visitor is; null: nowhere in particular. @throws {RangeError} when it is no location */
  setLocation(location: string | null): void;
  /**
   * Resolves when the message is durable on this device; delivery goes on in the background.
   * @throws {ChatError} `no-name`, `outbox-full`, `closed`, in a crew room `crew-closed`
   * @throws {RangeError} when the text is empty or over 4,000 bytes
   */
  sendMessage(text: string, options?: SendOptions): Promise<ChatMessage>;
  /**
   * The room's photos: sends them, fetches them, and hands on what a reload has interrupted. Fetched when it is first asked
   * for; a page that shows no photos has no use for it.
   * @throws {ChatError} `closed`
   */
  photos(): Promise<PhotoRoom>;
  /** The visitor changes a text that is not sent yet: the others are told, not too often. Nothing is said of the text. */
  tellTyping(): void;
  /**
   * Adds this visitor's reaction, or takes it back when it is there.
   * @throws {ChatError} `no-such-message`, `no-name`, `outbox-full`, `closed`, in a crew room `crew-closed`
   */
  react(id: RecordId, emoji: string): Promise<void>;
  /**
   * @throws {ChatError} `no-such-message`, `not-yours`, `outbox-full`, `closed`, in a crew room `crew-closed`
   * @throws {RangeError} when the text is empty or over 4,000 bytes
   */
  editMessage(id: RecordId, text: string): Promise<void>;
  /** @throws {ChatError} `no-such-message`, `not-yours`, `outbox-full`, `closed`, in a crew room `crew-closed` */
  retractMessage(id: RecordId): Promise<void>;
  /** Sends a `failed` message again under its old id. @throws {ChatError} `no-such-message` */
  retryMessage(id: RecordId): Promise<void>;
  /** Forgets a `failed` message of one's own on this device; does nothing for others. @throws {ChatError} `no-such-message`, `not-yours`, `closed` */
  discardMessage(id: RecordId): Promise<void>;
  /**
   * Tells the organiser of a message; resolves when the server has it. Nothing is kept for later.
   * @param reason at most 300 characters. Default: none
   * @throws {ChatError} `not-connected`, `no-such-message`, `rate-limited`, `closed`
   * @throws {RangeError} when the reason is too long
   */
  reportMessage(id: RecordId, reason?: string): Promise<void>;
  /**
   * Asks the server for messages from before the oldest one here; `status.history` tells how it goes. Does nothing while the
   * server is away, while they are on the way, or when nothing earlier is kept.
   */
  loadEarlier(): void;
  /**
   * Opens links to peers now, whatever the delay and the size of the room; resolves when each has opened or failed, or the
   * chat is stopped.
   * @throws {ChatError} `closed`
   */
  attemptP2PUpgrade(): Promise<{ readonly connected: number; readonly attempted: number }>;
  /**
   * Begins to link to a device nearby without any server: each shows a code and reads the other's. End it when done.
   * @throws {ChatError} `closed`
   */
  pair(): Promise<Pairing>;
  /** Private rooms by invite, end-to-end encrypted: made, joined and kept from any room of the festival. @throws {ChatError} `closed` */
  crews(): Promise<CrewDesk>;
  /** What was measured: network, breakers, routes, links, counters. Work for the processor where there are many links. */
  getConnectionDiagnostics(): Diagnostics;
  /** What of the diagnostics is drawn all the time, without the work; null before it has started. */
  readonly glance: Glance | null;
  /** Drops the socket and opens a new one. Nothing is lost. */
  forceReconnect(): void;
  /**
   * Forgets everything this device keeps of this server and festival: key, history, outbox, name. The chat goes on as on a
   * new device, and so do the festival's other chats, on this page and in other tabs. Fires `wipe` on each of them.
   * @throws {ChatError} `storage` when the browser did not do it in time: it does when other tabs let go
   */
  wipe(): Promise<void>;
}
