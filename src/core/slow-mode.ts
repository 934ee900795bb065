// When this visitor's next message may go in a slow room (rule O6).

import type { ChatMessage } from './chat-view.js';
import type { Replica } from './replica.js';

/**
 * Milliseconds; 0: now. A message that was held back counts as written when it went.
 * @param now by the device's clock, and by the server's
 */
export function slowWaitMs(
  { moderation, outbox, views }: Replica,
  now: { readonly deviceMs: number; readonly serverMs: number },
): number {
  const slowMs = moderation.slowSeconds * 1_000;
  if (slowMs === 0) return 0;
  const heldMs = outbox.heldUntilMs - now.deviceMs;
  if (outbox.isHolding) return Math.max(0, heldMs);
  let wrote: ChatMessage | undefined;
  for (const message of views.list()) if (message.mine && message.delivery.state !== 'failed') wrote = message;
  const agoMs = Math.min(now.serverMs - (wrote?.sentAtMs ?? -Infinity), -heldMs);
  return Math.max(0, Math.min(slowMs, slowMs - agoMs));
}
