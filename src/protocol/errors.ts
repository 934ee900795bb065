// Every error code, and whether the same may be tried again. What each means is said in PROTOCOL.md, so that pages do
// not carry the words.

export const REFUSALS = {
  'bad-frame': { isRetryable: false },
  'bad-record': { isRetryable: false },
  'bad-proof': { isRetryable: true },
  'bad-token': { isRetryable: false },
  'read-only': { isRetryable: false },
  conflict: { isRetryable: false },
  'not-joined': { isRetryable: true },
  'no-such-peer': { isRetryable: true },
  'rate-limited': { isRetryable: true },
  muted: { isRetryable: false },
  banned: { isRetryable: false },
  'slow-mode': { isRetryable: true },
  filtered: { isRetryable: false },
  'photos-off': { isRetryable: false },
  'photo-too-large': { isRetryable: false },
  'photo-limit': { isRetryable: false },
  'room-full': { isRetryable: true },
  'not-stored': { isRetryable: true },
  version: { isRetryable: false },
} as const satisfies Record<string, { readonly isRetryable: boolean }>;

/** Why a server refused. */
export type RefusalCode = keyof typeof REFUSALS;

export const REFUSAL_CODES = Object.keys(REFUSALS) as [RefusalCode, ...RefusalCode[]];

export function isRetryable(code: RefusalCode): boolean {
  return REFUSALS[code].isRetryable;
}
