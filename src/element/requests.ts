// What parts ask of the element around them. Requests go up as events, state comes down as properties.

import type { ChatMessage } from '../core/chat-view.js';

/** They cross the shadow roots between a part and the element. */
export const UP: EventInit = { bubbles: true, composed: true };

/** A text is to be sent, or takes the place of the message that is being changed. */
export class SendRequest extends Event {
  constructor(readonly text: string) {
    super('send-request', UP);
  }
}

export type MessageAction = 'menu' | 'details' | 'emoji' | 'reply' | 'edit' | 'retract' | 'retry' | 'report';

/** Something is to be done with a message. */
export class MessageRequest extends Event {
  constructor(
    readonly action: MessageAction,
    readonly message: ChatMessage,
  ) {
    super('message-request', UP);
  }
}

/** A sheet without a message is to be opened: who is here, emoji, what is wrong, linking to a device nearby, or private rooms. */
export class OpenRequest extends Event {
  constructor(readonly sheet: 'members' | 'emoji' | 'diagnosis' | 'pairing' | 'crew') {
    super('open-request', UP);
  }
}
