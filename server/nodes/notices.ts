// What nodes say to each other over Redis. A notice that does not fit is from another version, and is left out.

import * as v from 'valibot';
import { frameSchema } from '../../src/protocol/frames.js';
import type { PeerId, RoomKey } from '../../src/protocol/ids.js';
import { PATTERNS } from '../../src/protocol/ids.js';
import { LIMITS } from '../../src/protocol/limits.js';
import { nameSchema } from '../../src/protocol/record.js';

const peer = v.custom<PeerId>((value) => typeof value === 'string' && PATTERNS.peer.test(value), 'not a peer');
const room = v.custom<RoomKey>((value) => typeof value === 'string' && PATTERNS.room.test(value), 'not a room');
const node = v.pipe(v.string(), v.maxLength(32));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const noticeSchema = v.variant('type', [
  /** To a room: somebody joined at a node. The highest claim to a peer counts. */
  v.object({ type: v.literal('joined'), node, peer, name: nameSchema, claim: count }),
  v.object({ type: v.literal('left'), node, peer }),
  /** To a room: the store has records up to `head`, the last `count` of which their publisher gave to `covered`. */
  v.object({
    type: v.literal('reached'),
    node,
    head: count,
    count,
    covered: v.pipe(v.array(peer), v.maxLength(LIMITS.peersPerFrameMax)),
  }),
  v.object({ type: v.literal('report'), node, peer, frame: frameSchema }),
  v.object({ type: v.literal('typing'), node, peer }),
  /** To a node: a frame for members there. */
  v.object({ type: v.literal('signal'), room, to: peer, frame: frameSchema }),
  v.object({ type: v.literal('deliver'), room, frame: frameSchema }),
  /** To all nodes, every second, and once when a node ends. */
  v.object({ type: v.literal('alive'), node }),
  v.object({ type: v.literal('gone'), node }),
]);

export type Notice = v.InferOutput<typeof noticeSchema>;

export function decodeNotice(text: string): Notice | null {
  try {
    const result = v.safeParse(noticeSchema, JSON.parse(text));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}
