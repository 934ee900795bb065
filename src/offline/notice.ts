// What a page and the chat's service worker agree on about notifications.

/** What notifications of the chat are tagged with, the room after it; those of the site itself are left to the site. */
export const NOTICE_PREFIX = 'festival-chat:';

/** Said to the page when its notification of this tag was tapped. */
export interface OpenMessage {
  readonly opens: string;
}

/** Asked by a page that has begun to listen: was it brought to the front, or opened, by a tap on this tag? */
export interface AskMessage {
  readonly asks: string;
}
