// One class for failures of the world. Mistakes of the programmer throw TypeError or RangeError instead.

import type { RefusalCode } from '../protocol/errors.js';

/** A refusal of the server, or one of the device's own. */
export type ChatErrorCode =
  | RefusalCode
  | 'not-connected'
  | 'no-name'
  | 'not-yours'
  | 'no-such-message'
  | 'storage'
  | 'closed'
  | 'cancelled'
  | 'outbox-full'
  | 'no-crypto'
  | 'bad-invite'
  | 'crew-closed'
  | 'not-a-picture'
  | 'no-space';

/** What went wrong outside this program: awaited calls reject with it, `fc-error` carries it. */
export class ChatError extends Error {
  override readonly name = 'ChatError';
  readonly code: ChatErrorCode;
  /** The same call may succeed later. */
  readonly isRetryable: boolean;

  constructor(code: ChatErrorCode, message: string, options: { isRetryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.code = code;
    this.isRetryable = options.isRetryable;
  }
}

/** What was asked of a chat that does not run, or that was stopped before it was done. */
export function closedError(): ChatError {
  return new ChatError('closed', 'The chat is stopped.', { isRetryable: true });
}

/** What is kept on the device could not be read, or not be forgotten. */
export function storageError(cause: unknown): ChatError {
  return new ChatError('storage', String(cause), { isRetryable: true, cause });
}
