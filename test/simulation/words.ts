// What the devices of a simulated world write: mostly messages, and every other kind of record about them.

import type { RecordBody } from '../../src/protocol/record.js';
import { authorOf } from '../../src/protocol/ids.js';
import type { Random } from './random.js';
import { pick } from './random.js';
import type { SimClient } from './sim-client.js';

const EMOJI = ['👍', '🔥', '👩‍👩‍👧‍👦'];

/** How far back people go when they talk about what was said. */
const LATEST = 3;

/** `amending`: the share that is about one of the latest messages. */
export function somethingToSay(random: Random, client: SimClient, text: string, amending: number): RecordBody {
  const messages = client.room.messages();
  const isAmending = random() < amending;
  const about = pick(random, isAmending ? messages.slice(-LATEST) : messages);
  const choice = isAmending ? 0.8 + 0.19 * random() : random();
  if (about === undefined || choice < 0.75) return { kind: 'message', name: client.name, text };
  if (choice < 0.8) return { kind: 'message', name: client.name, text, replyTo: about.id };
  if (choice < 0.92) {
    return { kind: 'reaction', target: about.id, emoji: pick(random, EMOJI) ?? '👍', isOn: random() < 0.7 };
  }
  if (authorOf(about.id) !== client.author) return { kind: 'message', name: client.name, text };
  if (choice < 0.97) return { kind: 'edit', target: about.id, text: `${text}, rather` };
  return { kind: 'retract', target: about.id };
}
