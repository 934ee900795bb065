// A chat that follows a script: for stories and for tests of the elements. It opens no connection of any kind.

import { NO_DIALS } from '../src/core/mesh-view.js';
import type {
  ChatAuthor,
  ChatDelivery,
  ChatMember,
  ChatMessage,
  ChatReaction,
  ChatStatus,
  ChatTyping,
  ConnectionQuality,
  LinkView,
  ModerationView,
  RouteDecision,
  RoutePreference,
} from '../src/core/chat-view.js';
import {
  ChatEventTarget,
  FcDeliveryEvent,
  FcMembersEvent,
  FcMessageEvent,
  FcModerationEvent,
  FcStatusEvent,
  FcTypingEvent,
} from '../src/engine/chat-events.js';
import type { Pairing } from '../src/engine/pairing/pairing-state.js';
import type { PhotoRoom } from '../src/engine/photos/photo-room.js';
import type { Chat, Diagnostics, Glance, SendOptions } from '../src/engine/chat.js';
import { CREW_ROOM, ScriptedCrews } from './scripted-crews.js';
import type { ScriptedCrewState } from './scripted-crews.js';
import { ScriptedPhotos } from './scripted-photos.js';
import type { PhotoScript } from './scripted-photos.js';
import { SHOWING, ScriptedPairing } from './scripted-pairing.js';
import { UNMODERATED } from '../src/core/nothing-yet.js';
import { ChatError } from '../src/engine/chat-error.js';
import type { LinkFaults } from '../src/engine/link-faults.js';
import type { OrganiserBody } from '../src/protocol/record.js';
import type { AuthorId, DialId, PeerId, RecordId } from '../src/protocol/ids.js';

/** Saturday of the festival, in the evening. */
const START_MS = Date.UTC(2027, 6, 17, 19, 0);

export function author(name: string): ChatAuthor {
  const key = `${name.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 20)}${'k'.repeat(42)}`.slice(0, 42);
  return { id: `${key}A` as AuthorId, name, tag: key.slice(0, 4), verified: false };
}

let made = 0;

export function message(text: string, change: Partial<ChatMessage> & { readonly by?: string } = {}): ChatMessage {
  made += 1;
  const { by = 'Noor', ...rest } = change;
  const writer = author(by);
  const sentAtMs = START_MS + made * 20_000;
  return {
    id: `${writer.id}.aaaaaaaaaaaa.${made}` as RecordId,
    room: 'main-stage',
    kind: 'message',
    text,
    author: writer,
    sentAtMs,
    receivedAtMs: sentAtMs + 80,
    mine: false,
    reactions: [],
    edited: false,
    retracted: false,
    removed: null,
    delivery: { state: 'stored', acknowledgedBy: 0 },
    path: { route: 'websocket', hops: 0 },
    ...rest,
  };
}

export function own(text: string, delivery: ChatDelivery = { state: 'stored', acknowledgedBy: 0 }): ChatMessage {
  return message(text, { by: 'Ada', mine: true, delivery });
}

/** What the organiser says: it has no name. */
export function announcement(text: string): ChatMessage {
  return message(text, { kind: 'announcement', author: { ...author('the server'), name: '' } });
}

export function member(name: string, isLinked = false): ChatMember {
  const who = author(name);
  return { id: `${who.id}.aaaaaaaaaaaa` as PeerId, author: who, mine: name === 'Ada', isLinked };
}

export function link(name: string, change: Partial<LinkView> = {}): LinkView {
  return {
    dial: `dial-${name}` as DialId,
    peer: member(name).id,
    name,
    state: 'up',
    quality: { latencyMs: 4.2, p95Ms: 11, reliability: 1, samples: 42 },
    breaker: { state: 'closed', outcomes: 12, failures: 0, retryInMs: 0 },
    loss: 0,
    upSinceMs: START_MS,
    connectMs: 240,
    transport: {
      localCandidate: 'host',
      remoteCandidate: 'host',
      protocol: 'udp',
      bytesSent: 4812,
      bytesReceived: 5120,
    },
    ...change,
  };
}

const ONLINE: Omit<ChatStatus, 'history'> = {
  connection: 'online',
  isConnected: true,
  websocket: 'connected',
  mesh: 'idle',
  peers: 0,
  members: 3,
  queued: 0,
  reason: 'connected',
};

/** As one page of the server's. */
const EARLIER_AT_ONCE = 64;

const UNMEASURED = { latencyMs: null, p95Ms: null, reliability: null, samples: 0 };

export interface Script {
  readonly messages?: readonly ChatMessage[];
  readonly members?: readonly ChatMember[];
  readonly status?: Partial<ChatStatus>;
  readonly typing?: ChatTyping;
  readonly faults?: LinkFaults;
  readonly displayName?: string | null;
  readonly links?: readonly LinkView[];
  readonly quality?: ConnectionQuality;
  /** How own messages went. */
  readonly decisions?: readonly RouteDecision[];
  readonly diagnostics?: Partial<Diagnostics>;
  /** From before `messages`, on the server. */
  readonly earlier?: readonly ChatMessage[];
  /** What happens to own messages. Default: stored at once. */
  readonly delivery?: ChatDelivery;
  readonly moderation?: Partial<ModerationView>;
  /** The room is private, and what of it is so. Default: it is not. */
  readonly crew?: ScriptedCrewState;
  /** Default: no photos are taken. */
  readonly photos?: PhotoScript;
}

export class ScriptedChat extends ChatEventTarget implements Chat {
  readonly room: string;
  readonly selfId = author('Ada').id;
  displayName: string | null;
  messages: readonly ChatMessage[];
  members: readonly ChatMember[];
  status: ChatStatus;
  typing: ChatTyping;
  preferredRoute: RoutePreference = 'auto';
  readonly meshEnabled = true;
  readonly faults: LinkFaults | null;
  readonly connectionQuality: ConnectionQuality;
  moderation: ModerationView;
  readonly photoBytesMax: number | null;
  readonly #photos: ScriptedPhotos;
  /** Every call a test may want to see. */
  readonly calls: string[] = [];
  readonly #script: Script;
  #earlier: readonly ChatMessage[];
  #crews: ScriptedCrews | null = null;

  constructor(script: Script = {}) {
    super();
    this.#script = script;
    this.room = script.crew === undefined ? 'main-stage' : CREW_ROOM;
    this.displayName = script.displayName === undefined ? 'Ada' : script.displayName;
    this.messages = script.messages ?? [];
    this.faults = script.faults ?? null;
    this.moderation = { ...UNMODERATED, ...script.moderation };
    this.photoBytesMax = script.photos === undefined ? null : 512 * 1024;
    this.#photos = new ScriptedPhotos(script.photos ?? {});
    this.typing = script.typing ?? { members: [], count: 0 };
    this.#earlier = script.earlier ?? [];
    this.members = script.members ?? [member('Ada'), member('Noor'), member('Tomás')];
    const history = this.#earlier.length > 0 ? 'more' : 'complete';
    this.status = { ...ONLINE, history, members: this.members.length, ...script.status };
    this.connectionQuality = script.quality ?? { webSocket: UNMEASURED, p2p: UNMEASURED };
  }

  /** Somebody has written. */
  receive(...messages: readonly ChatMessage[]): void {
    this.messages = [...this.messages, ...messages];
    for (const received of messages) this.dispatchEvent(new FcMessageEvent(received, true));
  }

  /** A message already shown has changed. */
  change(id: string, change: (message: ChatMessage) => Partial<ChatMessage>): void {
    this.messages = this.messages.map((each) => (each.id === id ? { ...each, ...change(each) } : each));
    const changed = this.messages.find((each) => each.id === id);
    if (changed !== undefined) this.dispatchEvent(new FcMessageEvent(changed, false));
  }

  setStatus(change: Partial<ChatStatus>): void {
    this.status = { ...this.status, ...change };
    this.dispatchEvent(new FcStatusEvent(this.status));
  }

  /** These write now, and so many others. */
  setTyping(members: readonly ChatMember[], others = 0): void {
    this.typing = { members, count: members.length + others };
    this.dispatchEvent(new FcTypingEvent(this.typing));
  }

  setMembers(members: readonly ChatMember[]): void {
    this.members = members;
    this.dispatchEvent(new FcMembersEvent(members));
    this.setStatus({ members: members.length });
  }

  setDisplayName(name: string): void {
    this.displayName = name;
    this.calls.push(`name ${name}`);
  }

  setLocation(location: string | null): void {
    this.calls.push(`location ${location ?? 'none'}`);
  }

  setPreferredRoute(route: RoutePreference): void {
    this.preferredRoute = route;
    this.calls.push(`route ${route}`);
  }

  sendMessage(text: string, { replyTo }: SendOptions = {}): Promise<ChatMessage> {
    const sent = { ...own(text, this.#script.delivery), ...(replyTo === undefined ? {} : { replyTo }) };
    this.calls.push(`send ${text}`);
    this.receive(sent);
    this.dispatchEvent(new FcDeliveryEvent(sent));
    return Promise.resolve(sent);
  }

  photos(): Promise<PhotoRoom> {
    return Promise.resolve(this.#photos);
  }

  tellTyping(): void {
    this.calls.push('typing');
  }

  react(id: RecordId, emoji: string): Promise<void> {
    this.calls.push(`react ${id} ${emoji}`);
    this.change(id, ({ reactions }) => ({ reactions: toggled(reactions, emoji) }));
    return Promise.resolve();
  }

  editMessage(id: RecordId, text: string): Promise<void> {
    this.calls.push(`edit ${id} ${text}`);
    this.change(id, () => ({ text, edited: true }));
    return Promise.resolve();
  }

  retractMessage(id: RecordId): Promise<void> {
    this.calls.push(`retract ${id}`);
    this.change(id, () => ({ text: '', retracted: true }));
    return Promise.resolve();
  }

  retryMessage(id: RecordId): Promise<void> {
    this.calls.push(`retry ${id}`);
    return Promise.resolve();
  }

  discardMessage(id: RecordId): Promise<void> {
    this.calls.push(`discard ${id}`);
    this.messages = this.messages.filter((each) => each.id !== id);
    this.setStatus({});
    return Promise.resolve();
  }

  reportMessage(id: RecordId, reason = ''): Promise<void> {
    this.calls.push(`report ${id} ${reason}`);
    if (this.status.websocket === 'connected') return Promise.resolve();
    return Promise.reject(
      new ChatError('not-connected', 'The server did not confirm the report.', { isRetryable: true }),
    );
  }

  /** The organiser has ordered something. */
  order(change: Partial<ModerationView>, action: OrganiserBody = { kind: 'pin' }): void {
    this.moderation = { ...this.moderation, ...change };
    this.dispatchEvent(new FcModerationEvent(action));
  }

  loadEarlier(): void {
    this.calls.push('earlier');
    if (this.status.history !== 'more') return;
    this.setStatus({ history: 'loading' });
    queueMicrotask(() => this.#giveEarlier());
  }

  #giveEarlier(): void {
    const given = this.#earlier.slice(-EARLIER_AT_ONCE);
    this.#earlier = this.#earlier.slice(0, -EARLIER_AT_ONCE);
    this.messages = [...given, ...this.messages];
    this.setStatus({ history: this.#earlier.length > 0 ? 'more' : 'complete' });
  }

  attemptP2PUpgrade(): Promise<{ connected: number; attempted: number }> {
    this.calls.push('upgrade');
    return Promise.resolve({ connected: this.#script.links?.length ?? 0, attempted: 2 });
  }

  forceReconnect(): void {
    this.calls.push('reconnect');
  }

  wipe(): Promise<void> {
    this.calls.push('wipe');
    this.dispatchEvent(new Event('wipe'));
    return Promise.resolve();
  }

  pair(): Promise<Pairing> {
    this.calls.push('pair');
    return Promise.resolve(new ScriptedPairing(SHOWING));
  }

  crews(): Promise<ScriptedCrews> {
    this.#crews ??= new ScriptedCrews(this.#script.crew);
    return Promise.resolve(this.#crews);
  }

  get glance(): Glance {
    const { routes, findings, mesh } = this.getConnectionDiagnostics();
    return { route: routes.recent[0]?.route, findings, isSupernode: mesh.isSupernode };
  }

  getConnectionDiagnostics(): Diagnostics {
    return {
      detector: { networkType: 'cellular', networkSpeed: '4g', isOnline: true, saveData: false, serverAnswers: 'ours' },
      circuitBreaker: { network: { state: 'closed', outcomes: 0, failures: 0, retryInMs: 0 } },
      routes: { preferred: this.preferredRoute, quality: this.connectionQuality, recent: this.#script.decisions ?? [] },
      links: this.#script.links ?? [],
      mesh: { offBy: null, dials: NO_DIALS, isSupernode: false },
      power: null,
      findings: [],
      stats: {
        sent: 4,
        received: 9,
        viaWebSocket: 6,
        viaP2P: 3,
        duplicatesFiltered: 1,
        fallbacks: 0,
        relayed: 0,
        rejected: 0,
        silentParents: 0,
      },
      environment: {
        clientVersion: '0.1.0',
        protocolVersion: 1,
        isSecureContext: true,
        hasWebRtc: true,
        hasWebCrypto: true,
        storage: 'indexeddb',
        visibility: 'visible',
        clockOffsetMs: 3.5,
        transport: 'websocket',
      },
      ...this.#script.diagnostics,
    };
  }
}

/** This visitor's reaction added, or taken back. */
function toggled(reactions: readonly ChatReaction[], emoji: string): readonly ChatReaction[] {
  const before = reactions.find((reaction) => reaction.emoji === emoji) ?? { emoji, count: 0, mine: false };
  const after = { emoji, mine: !before.mine, count: before.count + (before.mine ? -1 : 1) };
  const known = reactions.some((reaction) => reaction.emoji === emoji);
  const all = known
    ? reactions.map((reaction) => (reaction.emoji === emoji ? after : reaction))
    : [...reactions, after];
  return all.filter(({ count }) => count > 0);
}
