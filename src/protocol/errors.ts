// The one table of error codes (PROTOCOL.md repeats it in words). A refusal is final unless it is retryable.

export const REFUSALS = {
  'bad-frame': { isRetryable: false, means: 'The frame has no form this protocol knows.' },
  'bad-record': { isRetryable: false, means: 'The record is not signed by its author for this room.' },
  'bad-proof': { isRetryable: true, means: 'The joining device did not prove that it holds its key.' },
  'bad-token': { isRetryable: false, means: 'The join token is missing, wrong, expired or for another room.' },
  'read-only': { isRetryable: false, means: 'The join token lets this device read only.' },
  conflict: { isRetryable: false, means: 'Another record already has this id.' },
  'not-joined': { isRetryable: true, means: 'The room was not joined on this socket.' },
  'no-such-peer': { isRetryable: true, means: 'Nobody of that id is in the room now.' },
  'rate-limited': { isRetryable: true, means: 'Too much at once; retryAfterMs says when to go on.' },
  'room-full': { isRetryable: true, means: 'The server holds as many rooms or members as it may.' },
  'not-stored': { isRetryable: true, means: 'The server could not write to its disk; send again later.' },
  version: { isRetryable: false, means: 'The two sides speak different versions of this protocol.' },
} as const satisfies Record<string, { readonly isRetryable: boolean; readonly means: string }>;

/** Why a server refused. */
export type RefusalCode = keyof typeof REFUSALS;

export const REFUSAL_CODES = Object.keys(REFUSALS) as [RefusalCode, ...RefusalCode[]];

export function isRetryable(code: RefusalCode): boolean {
  return REFUSALS[code].isRetryable;
}
