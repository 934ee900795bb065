import { ChatError } from '../../engine/chat-error.js';
import type { CrewPhraseKey } from '../words/crew/english.js';

/** What is said when a private room could not be made or opened. */
export function problemOf(error: unknown): CrewPhraseKey {
  const code = error instanceof ChatError ? error.code : '';
  return code === 'bad-invite' || code === 'no-crypto' ? `problem-${code}` : 'problem-other';
}
