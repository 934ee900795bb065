// What the parts ask that are fetched later.

import type { ChatAuthor, ChatMessage } from '../../core/chat-view.js';
import { UP } from '../requests.js';
import type { MessageRequest, OpenRequest } from '../requests.js';

/** What is being written is no longer an answer or a change. */
export class CancelRequest extends Event {
  constructor() {
    super('cancel-request', UP);
  }
}

/** The visitor has chosen a name. */
export class NameRequest extends Event {
  constructor(readonly displayName: string) {
    super('name-request', UP);
  }
}

/** A reaction is to be added to a message, or taken back. */
export class ReactRequest extends Event {
  constructor(
    readonly message: ChatMessage,
    readonly emoji: string,
  ) {
    super('react-request', UP);
  }
}

/** Somebody is to be blocked on this device, or not any more. */
export class BlockRequest extends Event {
  constructor(
    readonly author: ChatAuthor,
    readonly isBlocked: boolean,
  ) {
    super('block-request', UP);
  }
}

/** The screen is to stay on while this device passes on what others write, or not any more. */
export class AwakeRequest extends Event {
  constructor(readonly isOn: boolean) {
    super('awake-request', UP);
  }
}

/** The visitor wants to hear of messages, or to be notified of them, or not any more. */
export class AlertRequest extends Event {
  constructor(
    readonly kind: 'sound' | 'notify',
    readonly isOn: boolean,
  ) {
    super('alert-request', UP);
  }
}

/** Everything on this device is to be forgotten. */
export class EraseRequest extends Event {
  constructor() {
    super('erase-request', UP);
  }
}

/** The list is to go to a message. */
export class JumpRequest extends Event {
  constructor(readonly id: string) {
    super('jump-request', UP);
  }
}

/** What is pinned is not to be shown on this device any more. */
export class ClosePinnedRequest extends Event {
  constructor() {
    super('close-pinned-request', UP);
  }
}

/** Messages from before the oldest one here are to be read. */
export class EarlierRequest extends Event {
  constructor() {
    super('earlier-request', UP);
  }
}

/** The visitor is writing: the others are to be told. */
export class TypingRequest extends Event {
  constructor() {
    super('typing-request', UP);
  }
}

/** Text is to be put into the composer where the caret is. */
export class InsertRequest extends Event {
  constructor(readonly text: string) {
    super('insert-request', UP);
  }
}

/** This room is to be shown; null: the page's own again. */
export class EnterRequest extends Event {
  constructor(readonly room: string | null) {
    super('enter-request', UP);
  }
}

/** A photo is to be shown large. */
export class PhotoRequest extends Event {
  constructor(readonly message: ChatMessage) {
    super('photo-request', UP);
  }
}

/** A picture is to be sent, once the visitor has seen it and agreed. */
export class AttachRequest extends Event {
  constructor(readonly file: Blob) {
    super('attach-request', UP);
  }
}

/** A photo takes more room than before, or less: whoever follows the end of the list goes on following it. */
export class PhotoSizedEvent extends Event {
  static readonly type = 'photo-sized';
  constructor() {
    super(PhotoSizedEvent.type, UP);
  }
}

/** The open sheet is to be closed. */
export class DismissRequest extends Event {
  constructor() {
    super('dismiss-request', UP);
  }
}

/** Requests by the name they are heard under, for listeners that are typed. */
export interface RequestMap {
  'cancel-request': CancelRequest;
  'name-request': NameRequest;
  'message-request': MessageRequest;
  'react-request': ReactRequest;
  'block-request': BlockRequest;
  'awake-request': AwakeRequest;
  'alert-request': AlertRequest;
  'erase-request': EraseRequest;
  'jump-request': JumpRequest;
  'close-pinned-request': ClosePinnedRequest;
  'typing-request': TypingRequest;
  'earlier-request': EarlierRequest;
  'photo-request': PhotoRequest;
  'attach-request': AttachRequest;
  'insert-request': InsertRequest;
  'open-request': OpenRequest;
  'dismiss-request': DismissRequest;
  'enter-request': EnterRequest;
}
