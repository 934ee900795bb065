// One class an event. The client dispatches them; the element dispatches them again on itself, bubbling and composed.

import type { ChatMember, ChatMessage, ChatStatus, ChatTyping, PeerChange, RouteDecision } from '../core/chat-view.js';
import type { FindingCode } from '../core/diagnosis.js';
import type { OrganiserBody } from '../protocol/record.js';
import type { ChatError } from './chat-error.js';

const BUBBLES: EventInit = { bubbles: true, composed: true };

/** The room was joined for the first time, or its kept history is there without a server. */
export class FcReadyEvent extends Event {
  static readonly type = 'fc-ready';
  constructor(readonly room: string) {
    super(FcReadyEvent.type, BUBBLES);
  }
}

/** A message was added, or changed by an edit, a retraction or a reaction. */
export class FcMessageEvent extends Event {
  static readonly type = 'fc-message';
  constructor(
    readonly message: ChatMessage,
    /** False when a message already shown has changed. */
    readonly isNew: boolean,
  ) {
    super(FcMessageEvent.type, BUBBLES);
  }
}

/** The visitor is about to send. `preventDefault()` stops it and keeps the text in the composer. */
export class FcSendEvent extends Event {
  static readonly type = 'fc-send';
  constructor(readonly text: string) {
    super(FcSendEvent.type, { ...BUBBLES, cancelable: true });
  }
}

/** An own message got further: sent, stored or failed. */
export class FcDeliveryEvent extends Event {
  static readonly type = 'fc-delivery';
  constructor(readonly message: ChatMessage) {
    super(FcDeliveryEvent.type, BUBBLES);
  }
}

/** The status changed in any field. */
export class FcStatusEvent extends Event {
  static readonly type = 'fc-status';
  constructor(readonly status: ChatStatus) {
    super(FcStatusEvent.type, BUBBLES);
  }
}

/** A route was chosen for an own message, with the reason. */
export class FcRouteEvent extends Event {
  static readonly type = 'fc-route';
  constructor(readonly decision: RouteDecision) {
    super(FcRouteEvent.type, BUBBLES);
  }
}

/** A peer link is being dialled, is up, was lost, or failed. */
export class FcPeerEvent extends Event {
  static readonly type = 'fc-peer';
  constructor(readonly change: PeerChange) {
    super(FcPeerEvent.type, BUBBLES);
  }
}

/** Somebody came, went or took another name. */
export class FcMembersEvent extends Event {
  static readonly type = 'fc-members';
  constructor(readonly members: readonly ChatMember[]) {
    super(FcMembersEvent.type, BUBBLES);
  }
}

/** What is wrong with device or network has changed. */
export class FcDiagnosisEvent extends Event {
  static readonly type = 'fc-diagnosis';
  constructor(
    /** The most important first, at most three; empty when nothing is wrong. */
    readonly findings: readonly FindingCode[],
  ) {
    super(FcDiagnosisEvent.type, BUBBLES);
  }
}

/** Somebody began to write, or nobody writes any more. */
export class FcTypingEvent extends Event {
  static readonly type = 'fc-typing';
  constructor(readonly typing: ChatTyping) {
    super(FcTypingEvent.type, BUBBLES);
  }
}

/** Something failed in the background that the page may want to tell. */
export class FcErrorEvent extends Event {
  static readonly type = 'fc-error';
  constructor(readonly error: ChatError) {
    super(FcErrorEvent.type, BUBBLES);
  }
}

/** The organiser has said something to everybody; it stands among the messages as well. */
export class FcAnnouncementEvent extends Event {
  static readonly type = 'fc-announcement';
  constructor(readonly text: string) {
    super(FcAnnouncementEvent.type, BUBBLES);
  }
}

/** The organiser has removed, cleared, pinned, restricted somebody, or changed how fast one may write. */
export class FcModerationEvent extends Event {
  static readonly type = 'fc-moderation';
  constructor(readonly action: OrganiserBody) {
    super(FcModerationEvent.type, BUBBLES);
  }
}

/** Events of a client, by name. */
export interface ChatEventMap {
  'fc-ready': FcReadyEvent;
  'fc-message': FcMessageEvent;
  'fc-delivery': FcDeliveryEvent;
  'fc-status': FcStatusEvent;
  'fc-route': FcRouteEvent;
  'fc-peer': FcPeerEvent;
  'fc-members': FcMembersEvent;
  'fc-diagnosis': FcDiagnosisEvent;
  'fc-typing': FcTypingEvent;
  'fc-announcement': FcAnnouncementEvent;
  'fc-moderation': FcModerationEvent;
  'fc-error': FcErrorEvent;
}

/** An EventTarget whose listeners are typed by the event's name. */
export interface ChatEvents {
  addEventListener<Name extends keyof ChatEventMap>(
    name: Name,
    listener: (event: ChatEventMap[Name]) => void,
    options?: AddEventListenerOptions,
  ): void;
  /** What the device keeps is erased, by this chat or by another of the page or of another tab. */
  addEventListener(name: 'wipe', listener: (event: Event) => void, options?: AddEventListenerOptions): void;
  removeEventListener<Name extends keyof ChatEventMap>(name: Name, listener: (event: ChatEventMap[Name]) => void): void;
  dispatchEvent(event: Event): boolean;
}

/** Base of everything that is a chat. At run time the platform's EventTarget, nothing more. */
export const ChatEventTarget = EventTarget as unknown as new () => ChatEvents;
