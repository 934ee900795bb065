// What may be kept on a device, and what never is.

/** Files of its own that a page wants kept; the worker was not there when it fetched them. */
export interface KeepMessage {
  readonly urls: readonly string[];
}

/** Paths of the companion server that are the chat itself, or say how it is now. */
const CHAT_PATHS = ['/socket.io', '/rooms', '/photos', '/admin', '/metrics', '/healthz', '/readyz'];

/** @param chat origin of the server: a site of another may have pages of the same names */
export function isChatTraffic({ origin, pathname }: URL, chat: string): boolean {
  return origin === chat && CHAT_PATHS.some((path) => pathname === path || pathname.startsWith(`${path}/`));
}

/** Whole, good, and neither personal nor declared not to be stored. */
export function mayKeep(request: Request, { status, type, headers }: Response): boolean {
  const isSecret = /no-store|private/i.test(headers.get('cache-control') ?? '');
  // A stream of events has no end.
  const isEndless = headers.get('content-type')?.startsWith('text/event-stream') === true;
  return status === 200 && type === 'basic' && !isSecret && !isEndless && !request.headers.has('authorization');
}
