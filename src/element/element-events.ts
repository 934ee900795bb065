// Events of the element itself, beside those of its client.

/** The chat was opened. */
export class FcOpenEvent extends Event {
  static readonly type = 'fc-open';
  constructor() {
    super(FcOpenEvent.type, { bubbles: true, composed: true });
  }
}

/** The chat was closed. */
export class FcCloseEvent extends Event {
  static readonly type = 'fc-close';
  constructor() {
    super(FcCloseEvent.type, { bubbles: true, composed: true });
  }
}

/** The number of messages that came while nobody looked has changed. */
export class FcUnreadEvent extends Event {
  static readonly type = 'fc-unread';
  constructor(readonly count: number) {
    super(FcUnreadEvent.type, { bubbles: true, composed: true });
  }
}
