// What the devices of a simulated world write: mostly messages, and every other kind of record about them.

import type { RecordBody } from '../../src/protocol/record.js';
import { authorOf } from '../../src/protocol/ids.js';
import type { Random } from './random.js';
import { pick } from './random.js';
import type { SimClient } from './sim-client.js';

const EMOJI = ['👍', '🔥', '👩‍👩‍👧‍👦'];

export function somethingToSay(random: Random, client: SimClient, text: string): RecordBody {
  const about = pick(random, client.room.messages());
  const choice = random();
  if (about === undefined || choice < 0.75) return { kind: 'message', name: client.name, text };
  if (choice < 0.8) return { kind: 'message', name: client.name, text, replyTo: about.id };
  if (choice < 0.92) {
    return { kind: 'reaction', target: about.id, emoji: pick(random, EMOJI) ?? '👍', isOn: random() < 0.7 };
  }
  if (authorOf(about.id) !== client.author) return { kind: 'message', name: client.name, text };
  if (choice < 0.97) return { kind: 'edit', target: about.id, text: `${text}, rather` };
  return { kind: 'retract', target: about.id };
}
