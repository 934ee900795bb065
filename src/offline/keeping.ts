// What may be kept on a device, and what never is.

/** Files of its own that a page wants kept; the worker was not there when it fetched them. */
export interface KeepMessage {
  readonly urls: readonly string[];
}

/** Paths of the companion server that are the chat itself, or say how it is now. */
const CHAT_PATHS = ['/socket.io', '/rooms', '/photos', '/admin', '/metrics', '/healthz', '/readyz'];

export function isChatTraffic({ pathname }: URL): boolean {
  return CHAT_PATHS.some((path) => pathname === path || pathname.startsWith(`${path}/`));
}

/** Whole, good, and neither personal nor declared not to be stored. */
export function mayKeep(request: Request, response: Response): boolean {
  const isSecret = /no-store|private/i.test(response.headers.get('cache-control') ?? '');
  return response.status === 200 && response.type === 'basic' && !isSecret && !request.headers.has('authorization');
}
