// Status and delivery as sentences: what is the case, why, and what to do.

import type { ChatDelivery, ChatStatus } from '../../core/chat-view.js';
import type { Words } from './words.js';

export function statusWords(words: Words, status: ChatStatus): { readonly short: string; readonly long: string } {
  const { peers, queued } = status;
  const waiting = queued === 0 ? '' : ` ${words.say('waiting', { n: queued })}`;
  switch (status.connection) {
    case 'online':
      return {
        short: peers > 0 ? words.say('onlineLinked', { n: peers }) : words.say('online'),
        long: onlineWhy(words, status, waiting),
      };
    case 'mesh-only':
      return { short: words.say('meshOnly'), long: words.say('meshOnlyWhy', { n: peers }) + waiting };
    case 'connecting':
      return { short: words.say('connecting'), long: '' };
    case 'offline':
      return { short: words.say('offline'), long: words.say(`reason-${status.reason}`) + waiting };
  }
}

function onlineWhy(words: Words, { reason, queued }: ChatStatus, waiting: string): string {
  if (reason === 'not-stored') return words.say('reason-not-stored') + waiting;
  if (reason === 'slow-mode') return words.say('reason-slow-mode');
  return queued === 0 ? '' : words.say('sending', { n: queued });
}

export function deliveryWords(words: Words, { state, acknowledgedBy, reason, code, waitsFor }: ChatDelivery): string {
  const n = acknowledgedBy;
  if (waitsFor !== undefined) return words.say('reason-slow-mode');
  if (code === 'filtered' || code === 'muted' || code === 'photo-limit') return words.say(`refused-${code}`);
  switch (state) {
    case 'queued':
      return words.say('queued');
    case 'sent':
      return n > 0 ? words.say('reached', { n }) : words.say('onItsWay');
    case 'stored':
      return n > 0 ? words.say('storedReached', { n }) : words.say('stored');
    case 'failed':
      return words.say('notAccepted', { reason: reason ?? words.say('noReason') });
  }
}
