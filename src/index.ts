// Everything a page or a program may import. Importing it does nothing.

export type {
  BreakerState,
  BreakerView,
  ChatAuthor,
  ChatDelivery,
  ChatMember,
  ChatMessage,
  ChatReaction,
  ChatStats,
  ChatStatus,
  ChatTyping,
  ConnectionQuality,
  LinkTransport,
  LinkView,
  MessageRoute,
  ModerationView,
  PeerChange,
  RouteDecision,
  RoutePreference,
  RouteQuality,
  RouteReason,
  StatusReason,
} from './core/chat-view.js';
export { FcCloseEvent, FcOpenEvent, FcUnreadEvent } from './element/element-events.js';
export { FestivalChat } from './element/festival-chat.js';
export type { FestivalChatProps, FestivalChatVueProps } from './festival-chat-props.js';
export type { ChatClientOptions } from './engine/chat-client-options.js';
export { ChatClient } from './engine/chat-client.js';
export type { PowerPreference, PowerProfile, PowerReason, PowerRules, PowerView } from './core/device-governor.js';
export type { FindingCode } from './core/diagnosis.js';
export { ChatError } from './engine/chat-error.js';
export type { ChatErrorCode } from './engine/chat-error.js';
export {
  FcAnnouncementEvent,
  FcDeliveryEvent,
  FcDiagnosisEvent,
  FcErrorEvent,
  FcMembersEvent,
  FcMessageEvent,
  FcModerationEvent,
  FcPeerEvent,
  FcReadyEvent,
  FcRouteEvent,
  FcSendEvent,
  FcStatusEvent,
  FcTypingEvent,
} from './engine/chat-events.js';
export type { ChatEventMap, ChatEvents } from './engine/chat-events.js';
export type { Chat, Diagnostics, Glance, SendOptions } from './engine/chat.js';
export type { CrewDesk, CrewMember, CrewState } from './engine/crew/crew-desk.js';
export type { PhotoChangeEvent, PhotoRoom, PhotoView, PreparedPhoto } from './engine/photos/photo-room.js';
export type { Photo } from './protocol/record.js';
export type { Pairing, PairingFailure, PairingNote, PairingState } from './engine/pairing/pairing-state.js';
export type { AuthorId, DialId, PeerId, RecordId } from './protocol/ids.js';
