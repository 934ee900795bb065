// What the core notices, as the events a page listens for.

import type { RoomEvent } from '../core/room-io.js';
import type { Room } from '../core/room.js';
import {
  FcAnnouncementEvent,
  FcDeliveryEvent,
  FcMembersEvent,
  FcMessageEvent,
  FcModerationEvent,
  FcPeerEvent,
  FcRouteEvent,
  FcStatusEvent,
  FcTypingEvent,
} from './chat-events.js';

/** Null for what no page is told: a message that is gone again, and the end of an upgrade, which a call waits for. */
export function noticeOf(event: RoomEvent, room: Room): Event | null {
  switch (event.type) {
    case 'message-added':
    case 'message-changed': {
      const message = room.message(event.id);
      return message === undefined ? null : new FcMessageEvent(message, event.type === 'message-added');
    }
    case 'delivery': {
      const message = room.message(event.id);
      return message === undefined ? null : new FcDeliveryEvent(message);
    }
    case 'status':
      return new FcStatusEvent(room.status());
    case 'members':
      return new FcMembersEvent(room.members());
    case 'typing':
      return new FcTypingEvent(room.typing());
    case 'route':
      return new FcRouteEvent(event.decision);
    case 'peer':
      return new FcPeerEvent(event.change);
    case 'moderation': {
      const { action } = event;
      return action.kind === 'announce' ? new FcAnnouncementEvent(action.text) : new FcModerationEvent(action);
    }
    case 'upgrade-ended':
      return null;
  }
}
